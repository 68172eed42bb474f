import type { Schema } from "../schema.ts";
import type { Migration } from "./migration.ts";

/** Weeks that members showed tickets for, what happens when these end, and the weeks of objects. */
export const levels: Migration = {
  name: "0020-levels",
  loses: {
    en: "which weeks are paid for, which weeks objects are from (all are kept for ever), what was told to those whose paid time is over, and what waits in quarantine: it lies in the trash like anything else",
    zh: "哪些周已付费、对象所属的周（全部改为永久保留）、对付费到期成员的通知记录；隔离区中的内容将变成普通回收站内容",
  },
  async up(schema) {
    const { change, int64, query } = schema;
    await change
      .alterTable("member")
      .addColumn("ownBytes", int64, (column) => column.notNull().defaultTo(0))
      .execute();
    await query
      .updateTable("member")
      .set((row) => ({ ownBytes: row.ref("quotaBytes") }))
      .execute();
    for (const [table, name] of weekColumns)
      await change
        .alterTable(table)
        .addColumn(name, int64, (column) => column.notNull().defaultTo(0))
        .execute();
    await change
      .createIndex("object_week")
      .on("object")
      .columns(["vault", "week", "name"])
      .where("week", ">", 0)
      .execute();
    await change
      .createIndex("trash_keptUntil")
      .on("trash")
      .columns(["keptUntil", "id"])
      .where("keptUntil", ">", 0)
      .execute();
    await ticketTables(schema);
    await levelTables(schema);
    await lapseTables(schema);
    for (const [table, columns] of indices)
      await change.createIndex(`${table}_${columns[0]}`).on(table).columns(columns).execute();
  },
  async down({ change, query }) {
    for (const table of tables) await change.dropTable(table).execute();
    for (const name of ["object_week", "trash_keptUntil"]) await change.dropIndex(name).execute();
    for (const [table, name] of weekColumns) await change.alterTable(table).dropColumn(name).execute();
    await query
      .updateTable("member")
      .set((row) => ({ quotaBytes: row.ref("ownBytes") }))
      .execute();
    await change.alterTable("member").dropColumn("ownBytes").execute();
  },
};

const weekColumns = [
  ["object", "week"],
  ["upload", "week"],
  ["trash", "week"],
  ["trash", "keptUntil"],
] as const;

const tables = [
  "idleRule",
  "removal",
  "hold",
  "lapseNotice",
  "lapse",
  "paidWeek",
  "level",
  "spentLevel",
  "ticketIssue",
] as const;

const indices: readonly (readonly [string, string[]])[] = [
  ["ticketIssue", ["untilDay"]],
  ["spentLevel", ["untilDay"]],
  ["level", ["turnWeek"]],
  ["level", ["atWeek"]],
  ["paidWeek", ["week"]],
  ["lapse", ["aheadDay"]],
  ["lapse", ["dueDay"]],
  ["removal", ["member"]],
  ["idleRule", ["dueDay"]],
];

const keptByKey = { byKey: true } as const;

/** Rows of these lie by their keys, which are random: in what order they came is nowhere. */
async function ticketTables({ table, text, int64 }: Schema): Promise<void> {
  await table(
    "ticketIssue",
    (issue) =>
      issue
        .addColumn("account", text, (column) => column.notNull())
        .addColumn("kind", text, (column) => column.notNull())
        .addColumn("period", int64, (column) => column.notNull())
        .addColumn("levelBytes", int64, (column) => column.notNull())
        .addColumn("blindedHash", text, (column) => column.notNull())
        .addColumn("untilDay", int64, (column) => column.notNull())
        .addPrimaryKeyConstraint("ticketIssueKey", ["account", "kind", "period", "levelBytes"]),
    keptByKey,
  );
  await table(
    "spentLevel",
    (spent) =>
      spent
        .addColumn("ticketHash", text, (column) => column.primaryKey().notNull())
        .addColumn("by", text, (column) => column.notNull())
        .addColumn("untilDay", int64, (column) => column.notNull()),
    keptByKey,
  );
}

async function levelTables({ table, text, int64 }: Schema): Promise<void> {
  await table(
    "level",
    (level) =>
      level
        .addColumn("member", text, (column) =>
          column.primaryKey().notNull().references("member.id").onDelete("cascade"),
        )
        .addColumn("levelBytes", int64, (column) => column.notNull())
        .addColumn("untilWeek", int64, (column) => column.notNull())
        .addColumn("turnWeek", int64)
        .addColumn("atWeek", int64, (column) => column.notNull())
        .addColumn("keepQuarter", int64, (column) => column.notNull())
        .addColumn("keepBytes", int64, (column) => column.notNull()),
    keptByKey,
  );
  await table(
    "paidWeek",
    (week) =>
      week
        .addColumn("member", text, (column) => column.notNull().references("member.id").onDelete("cascade"))
        .addColumn("week", int64, (column) => column.notNull())
        .addColumn("levelBytes", int64, (column) => column.notNull())
        .addPrimaryKeyConstraint("paidWeekKey", ["member", "week"]),
    keptByKey,
  );
}

async function lapseTables({ table, text, int64 }: Schema): Promise<void> {
  const counts = ["told", "zeroDay", "readDay", "objects", "bytes"] as const;
  await table("lapse", (lapse) =>
    counts.reduce(
      (made, name) => made.addColumn(name, int64, (column) => column.notNull()),
      lapse
        .addColumn("member", text, (column) =>
          column.primaryKey().notNull().references("member.id").onDelete("cascade"),
        )
        .addColumn("state", text, (column) => column.notNull())
        .addColumn("endDay", int64, (column) => column.notNull())
        .addColumn("knownDay", int64, (column) => column.notNull())
        .addColumn("aheadDay", int64)
        .addColumn("dueDay", int64),
    ),
  );
  await table("lapseNotice", (notice) =>
    ["event", "email", "phone", "device"].reduce(
      (made, name) => made.addColumn(name, int64, (column) => column.notNull()),
      notice
        .addColumn("member", text, (column) => column.notNull().references("member.id").onDelete("cascade"))
        .addColumn("cause", text, (column) => column.notNull())
        .addColumn("day", int64, (column) => column.notNull())
        .addPrimaryKeyConstraint("lapseNoticeKey", ["member", "cause", "day"]),
    ),
  );
  await table("hold", (hold) =>
    hold
      .addColumn("member", text, (column) =>
        column.primaryKey().notNull().references("member.id").onDelete("cascade"),
      )
      .addColumn("sinceMs", int64, (column) => column.notNull()),
  );
  await table("removal", (removal) =>
    ["objects", "bytes", "endDay", "endedMs", "backupDays"].reduce(
      (made, name) => made.addColumn(name, int64, (column) => column.notNull()),
      removal
        .addColumn("receipt", text, (column) => column.primaryKey().notNull())
        .addColumn("member", text, (column) => column.notNull().references("member.id").onDelete("cascade"))
        .addColumn("signature", text, (column) => column.notNull()),
    ),
  );
  await table("idleRule", (rule) =>
    ["days", "seenMs", "idleFrom", "told", "dueDay"].reduce(
      (made, name) => made.addColumn(name, int64, (column) => column.notNull()),
      rule.addColumn("member", text, (column) =>
        column.primaryKey().notNull().references("member.id").onDelete("cascade"),
      ),
    ),
  );
}
