import type { Migration } from "../migration.ts";
import { dropRefusal, makeRefusal, refuseChanges } from "../stays.ts";

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
    await makeRefusal(schema);
    await refuseChanges(schema, "operatorEvent");
  },
  async down(schema) {
    const { change } = schema;
    await change.dropTable("operatorEvent").execute();
    await change.dropTable("operatorEnd").execute();
    await dropRefusal(schema);
  },
};
