import { sql } from "kysely";
import type { Schema } from "../schema.ts";
import type { Migration } from "./migration.ts";

/** What the operator did: entries that are added, and never changed or removed. */
export const operatorLog: Migration = {
  name: "0011-operator-log",
  loses: { en: "the log of what the operator did", zh: "管理员操作日志" },
  async up(schema) {
    const { table, text, int64 } = schema;
    await table("operatorEvent", (event) =>
      ["kind", "who", "details", "before", "signature"].reduce(
        (made, name) => made.addColumn(name, text, (column) => column.notNull()),
        event
          .addColumn("number", int64, (column) => column.primaryKey().notNull())
          .addColumn("atMs", int64, (column) => column.notNull()),
      ),
    );
    await table("operatorEnd", (end) =>
      end
        .addColumn("id", int64, (column) => column.primaryKey().notNull())
        .addColumn("entries", int64, (column) => column.notNull())
        .addColumn("hash", text, (column) => column.notNull()),
    );
    await refuseChanges(schema);
  },
  async down({ engine, change, query }) {
    await change.dropTable("operatorEvent").execute();
    await change.dropTable("operatorEnd").execute();
    if (engine === "postgres") await sql`drop function "refuseChange"()`.execute(query);
  },
};

async function refuseChanges({ engine, query }: Schema): Promise<void> {
  if (engine === "sqlite") {
    for (const verb of ["update", "delete"])
      await sql`create trigger ${sql.ref(`operatorEvent-${verb}`)} before ${sql.raw(verb)} on "operatorEvent"
        begin select raise(abort, 'append-only'); end`.execute(query);
    return;
  }
  await sql`create function "refuseChange"() returns trigger language plpgsql as
    'begin raise exception ''append-only''; end'`.execute(query);
  await sql`create trigger "operatorEventStays" before update or delete or truncate on "operatorEvent"
    for each statement execute function "refuseChange"()`.execute(query);
}
