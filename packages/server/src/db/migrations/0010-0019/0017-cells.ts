import type { Schema } from "../../schema.ts";
import type { Migration } from "../migration.ts";

/** Which cell has a name; what lies in two cells: mailboxes that moved, family slots whose helper is elsewhere. */
export const cells: Migration = {
  name: "0017-cells",
  loses: {
    en: "which cell has a name, and family slots whose helper is in another cell",
    zh: "名称所属的单元，以及协助人在其他单元的家人槽位",
  },
  async up(schema) {
    const { table, change, text, int64 } = schema;
    await table("directoryName", (name) =>
      name
        .addColumn("nameIndex", text, (column) => column.primaryKey().notNull())
        .addColumn("cell", int64, (column) => column.notNull())
        .addColumn("atMs", int64, (column) => column.notNull()),
    );
    await change
      .createIndex("directoryName_cell")
      .on("directoryName")
      .columns(["cell", "nameIndex"])
      .execute();
    await table("familyHelp", (help) =>
      help
        .addColumn("share", text, (column) => column.notNull())
        .addColumn("helper", text, (column) => column.notNull().references("member.id").onDelete("cascade"))
        .addColumn("cell", int64, (column) => column.notNull())
        .addColumn("atMs", int64, (column) => column.notNull())
        .addPrimaryKeyConstraint("familyHelpKey", ["helper", "share"]),
    );
    await change.alterTable("enrolment").addColumn("movedTo", int64).execute();
    await shareTable(schema, { isHelperHere: false });
  },
  async down(schema) {
    const { change, query } = schema;
    await query
      .deleteFrom("familyShare")
      .where("helper", "not in", query.selectFrom("member").select("id"))
      .execute();
    await shareTable(schema, { isHelperHere: true });
    await change.alterTable("enrolment").dropColumn("movedTo").execute();
    await change.dropTable("familyHelp").execute();
    await change.dropTable("directoryName").execute();
  },
};

/** Makes the table of shares anew: the helper need not be, or again has to be, a member of this database. */
async function shareTable(
  { table, change, query, text, int64, bytes }: Schema,
  { isHelperHere }: { readonly isHelperHere: boolean },
): Promise<void> {
  const next = "familyShareNext";
  const columns = ["box", "sealed", "waitDays", "state", "waitedMs", "tickedMs", "notices"] as const;
  const types: Readonly<Record<(typeof columns)[number], typeof text>> = {
    box: text,
    sealed: bytes,
    waitDays: int64,
    state: text,
    waitedMs: int64,
    tickedMs: int64,
    notices: int64,
  };
  await table(next, (share) =>
    columns.reduce(
      (made, name) => made.addColumn(name, types[name], (column) => column.notNull()),
      share
        .addColumn("id", text, (column) => column.primaryKey().notNull())
        .addColumn("member", text, (column) => column.notNull().references("member.id").onDelete("cascade"))
        .addColumn("helper", text, (column) =>
          isHelperHere ? column.notNull().references("member.id").onDelete("cascade") : column.notNull(),
        ),
    ),
  );
  const all = ["id", "member", "helper", ...columns];
  await query.insertInto(next).columns(all).expression(query.selectFrom("familyShare").select(all)).execute();
  await change.dropTable("familyShare").execute();
  await change.alterTable(next).renameTo("familyShare").execute();
  for (const name of ["member", "helper", "state"])
    await change.createIndex(`familyShare_${name}`).on("familyShare").column(name).execute();
}
