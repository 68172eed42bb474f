import type { Schema, TableBuilder } from "../../schema.ts";
import type { Migration } from "../migration.ts";

/** Addresses and numbers of members, sealed; codes that prove them; what was sent to them. */
export const contacts: Migration = {
  name: "0003-contacts",
  loses: {
    en: "members' contacts, and the record of what was sent to them",
    zh: "成员的联系方式及其发送记录",
  },
  async up(schema) {
    const columns = columnsOf(schema);
    await schema.table("contact", (contact) =>
      columns(contact, {
        id: "key",
        member: "of-member",
        kind: "text",
        nameIndex: "one",
        sealed: "bytes",
        language: "text",
        addedMs: "number",
      }),
    );
    await schema.table("code", (code) =>
      columns(code, {
        id: "key",
        purpose: "text",
        subject: "text",
        kind: "text",
        sealed: "bytes",
        language: "text",
        codeHash: "text",
        triesLeft: "number",
        untilMs: "number",
      }),
    );
    await schema.table("notice", (notice) =>
      columns(notice, {
        id: "key",
        member: "text",
        event: "number",
        message: "text",
        channel: "text",
        language: "text",
        state: "text",
        queuedMs: "number",
        doneMs: "number",
        lastError: "text",
      })
        .addColumn("sealed", schema.bytes)
        .addColumn("sealedCode", schema.bytes),
    );
    await schema.change
      .alterTable("session")
      .addColumn("heardEvents", schema.int64, (column) => column.notNull().defaultTo(0))
      .execute();
    const index = (table: string, column: string): Promise<void> =>
      schema.change.createIndex(`${table}_${column}`).on(table).column(column).execute();
    await index("contact", "member");
    await index("code", "untilMs");
    await index("notice", "member");
  },
  async down({ change, query }) {
    // Else nobody could ever have these contacts again.
    await query
      .deleteFrom("memberName")
      .where("nameIndex", "in", query.selectFrom("contact").select("nameIndex"))
      .execute();
    await change.alterTable("session").dropColumn("heardEvents").execute();
    for (const table of ["notice", "code", "contact"]) await change.dropTable(table).execute();
  },
};

type Kind = "key" | "one" | "text" | "number" | "bytes" | "of-member";

/** Columns by what they are for; none of them is ever without a value. */
function columnsOf({ text, int64, bytes }: Schema) {
  return (table: TableBuilder, kinds: Readonly<Record<string, Kind>>): TableBuilder => {
    let made = table;
    for (const [name, kind] of Object.entries(kinds)) {
      const type = kind === "number" ? int64 : kind === "bytes" ? bytes : text;
      made = made.addColumn(name, type, (column) => {
        if (kind === "key") return column.primaryKey().notNull();
        if (kind === "one") return column.unique().notNull();
        if (kind === "of-member") return column.notNull().references("member.id").onDelete("cascade");
        return column.notNull();
      });
    }
    return made;
  };
}
