import type { Schema, TableBuilder } from "../../schema.ts";
import type { Migration } from "../migration.ts";

/** What guards hold; mailboxes of devices that are being enrolled; shares of family slots. */
export const guardsAndRecovery: Migration = {
  name: "0004-guards-and-recovery",
  loses: {
    en: "guarded passwords, family slots, and devices that are being let in",
    zh: "受守护的密码、家人槽位和正在加入的设备",
  },
  async up(schema) {
    const columns = columnsOf(schema);
    await schema.table("guardState", (state) =>
      columns(state, { id: "count-key", generation: "number", count: "number" }),
    );
    await schema.table("guardRecord", (record) =>
      columns(record, {
        id: "key",
        issuer: "text",
        owner: "text",
        share: "bytes",
        key: "text",
        openedHash: "text",
        attempts: "number",
        nextMs: "number",
        generation: "number",
        madeMs: "number",
        keptMs: "number",
      }),
    );
    await schema.table("enrolment", (enrolment) =>
      columns(enrolment, {
        id: "key",
        untilMs: "number",
        deviceKey: "text",
        platform: "text",
        member: "text",
        session: "text",
        hello: "text",
        reveal: "text",
        package: "text",
      }),
    );
    await schema.table("familyKey", (key) =>
      columns(key, { member: "of-member", publicKey: "text", epoch: "number", setMs: "number" }),
    );
    await schema.table("familyShare", (share) =>
      columns(share, {
        id: "key",
        member: "of-member",
        helper: "of-member",
        box: "text",
        sealed: "bytes",
        waitDays: "number",
        state: "text",
        waitedMs: "number",
        tickedMs: "number",
        notices: "number",
      }),
    );
    const index = (table: string, names: string[]): Promise<void> =>
      schema.change
        .createIndex(`${table}_${names.join("_")}`)
        .on(table)
        .columns(names)
        .execute();
    await index("guardRecord", ["issuer", "owner"]);
    await index("guardRecord", ["attempts"]);
    await index("enrolment", ["untilMs"]);
    await schema.change.createIndex("familyKey_member").on("familyKey").column("member").unique().execute();
    await index("familyShare", ["member"]);
    await index("familyShare", ["helper"]);
    await index("familyShare", ["state"]);
  },
  async down({ change }) {
    for (const table of ["familyShare", "familyKey", "enrolment", "guardRecord", "guardState"])
      await change.dropTable(table).execute();
  },
};

type Kind = "key" | "count-key" | "text" | "number" | "bytes" | "of-member";

/** Columns by what they are for; none of them is ever without a value. */
function columnsOf({ text, int64, bytes }: Schema) {
  return (table: TableBuilder, kinds: Readonly<Record<string, Kind>>): TableBuilder => {
    let made = table;
    for (const [name, kind] of Object.entries(kinds)) {
      const isNumber = kind === "number" || kind === "count-key";
      const type = isNumber ? int64 : kind === "bytes" ? bytes : text;
      made = made.addColumn(name, type, (column) => {
        if (kind === "key" || kind === "count-key") return column.primaryKey().notNull();
        if (kind === "of-member") return column.notNull().references("member.id").onDelete("cascade");
        return column.notNull();
      });
    }
    return made;
  };
}
