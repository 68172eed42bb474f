import type { Schema, TableBuilder } from "../../schema.ts";
import type { Migration } from "../migration.ts";

/** Members, their sessions and events; vaults, their objects, what is on its way in and out. */
export const membersAndVaults: Migration = {
  name: "0001-members-and-vaults",
  loses: { en: "every member, vault and object", zh: "所有成员、保险库和对象" },
  async up(schema) {
    await members(schema);
    await vaults(schema);
    const index = (table: string, columns: string[]): Promise<void> =>
      schema.change
        .createIndex(`${table}By${columns.map((name) => name[0]!.toUpperCase() + name.slice(1)).join("")}`)
        .on(table)
        .columns(columns)
        .execute();
    await index("memberName", ["member"]);
    await index("session", ["member"]);
    await index("spentTicket", ["untilMs"]);
    await index("vault", ["member"]);
    await index("trash", ["vault", "removedMs"]);
    await index("trash", ["removedMs"]);
    await index("upload", ["untilMs"]);
    await index("upload", ["member"]);
    await index("deadBlob", ["sinceMs"]);
    await index("object", ["blob"]);
  },
  async down({ change }) {
    const tables =
      "receipt deadBlob upload trash object vault spentTicket invitation session memberEvent memberName member";
    for (const table of tables.split(" ")) await change.dropTable(table).execute();
  },
};

async function members(schema: Schema): Promise<void> {
  const column = columnsOf(schema);
  await schema.table("member", (member) =>
    column(member, {
      id: "key",
      credential: "text",
      record: "text",
      isOperator: "number",
      state: "text",
      createdMs: "number",
      quotaBytes: "number",
      usedBytes: "number",
      reservedBytes: "number",
      trashedBytes: "number",
      events: "number",
      eventHash: "text",
    }),
  );
  await schema.table("memberName", (name) => column(name, { nameIndex: "key", member: "of-member" }));
  await schema.table("memberEvent", (event) =>
    column(event, {
      member: "of-member",
      number: "number",
      atMs: "number",
      kind: "text",
      session: "text",
      details: "text",
      hash: "text",
    }).addPrimaryKeyConstraint("memberEventKey", ["member", "number"]),
  );
  await schema.table("session", (session) =>
    column(session, {
      id: "key",
      member: "of-member",
      tokenHash: "one",
      deviceKey: "text",
      platform: "text",
      way: "text",
      createdMs: "number",
      seenMs: "number",
      fullFromMs: "number",
    }),
  );
  await schema.table("invitation", (invitation) =>
    column(invitation, {
      id: "key",
      codeHash: "one",
      isOperator: "number",
      quotaBytes: "number",
      untilMs: "number",
    }),
  );
  await schema.table("spentTicket", (ticket) => column(ticket, { id: "key", untilMs: "number" }));
}

async function vaults(schema: Schema): Promise<void> {
  const { bytes } = schema;
  const column = columnsOf(schema);
  const object = {
    name: "text",
    sizeBytes: "number",
    sha256: "text",
    blob: "text",
    storedMs: "number",
  } as const;
  await schema.table("vault", (vault) =>
    column(vault, {
      id: "key",
      member: "of-member",
      createdMs: "number",
      usedBytes: "number",
      objects: "number",
      receipts: "number",
      receiptHash: "text",
    }),
  );
  await schema.table("object", (row) =>
    column(row, { vault: "of-vault", ...object })
      .addColumn("bytes", bytes)
      .addPrimaryKeyConstraint("objectKey", ["vault", "name"]),
  );
  await schema.table("trash", (row) =>
    column(row, { id: "key", vault: "of-vault", ...object, removedMs: "number", session: "text" }).addColumn(
      "bytes",
      bytes,
    ),
  );
  await schema.table("upload", (upload) =>
    column(upload, {
      id: "key",
      member: "of-member",
      vault: "of-vault",
      name: "text",
      sizeBytes: "number",
      sha256: "text",
      untilMs: "number",
    }),
  );
  await schema.table("deadBlob", (dead) => column(dead, { blob: "key", sinceMs: "number" }));
  await schema.table("receipt", (receipt) =>
    column(receipt, {
      vault: "of-vault",
      number: "number",
      head: "number",
      headHash: "text",
      atMs: "number",
      before: "text",
      signature: "text",
    }).addPrimaryKeyConstraint("receiptKey", ["vault", "number"]),
  );
}

type Kind = "key" | "one" | "text" | "number" | "of-member" | "of-vault";

/** Columns by what they are for; none of them is ever without a value. */
function columnsOf({ text, int64 }: Schema) {
  return (table: TableBuilder, kinds: Readonly<Record<string, Kind>>): TableBuilder => {
    let made = table;
    for (const [name, kind] of Object.entries(kinds)) {
      made = made.addColumn(name, kind === "number" ? int64 : text, (column) => {
        if (kind === "key") return column.primaryKey().notNull();
        if (kind === "one") return column.unique().notNull();
        if (kind === "of-member") return column.notNull().references("member.id").onDelete("cascade");
        if (kind === "of-vault") return column.notNull().references("vault.id").onDelete("cascade");
        return column.notNull();
      });
    }
    return made;
  };
}
