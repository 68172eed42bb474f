import { sql, type RawBuilder } from "kysely";
import type { Schema, TableBuilder } from "../../schema.ts";
import type { Migration } from "../migration.ts";

/** What lies in the trash keeps its own token, whatever is put under its name meanwhile. */
export const tokensOfTheTrash: Migration = {
  name: "0015-tokens-of-the-trash",
  loses: {
    en: "key tokens of what lies in the trash under names that were taken again",
    zh: "回收站中名称已被重新占用的对象的密钥令牌",
  },
  async up(schema) {
    const { query, text } = schema;
    await remade(schema, {
      key: (token) =>
        token
          .addColumn("trash", text, (column) => column.notNull())
          .addPrimaryKeyConstraint("keyTokenTrashKey", ["vault", "name", "trash"]),
      rows: sql`select "vault", "name", "day", "sealed", "untilMs", '' from "keyToken"`,
    });
    const named = sql`("vault", "name") = ("keyToken"."vault", "keyToken"."name")`;
    await sql`
      update "keyToken" set "trash" = coalesce(
        (select "id" from "trash" where ${named} order by "removedMs" desc, "id" limit 1), '')
      where not exists (select 1 from "object" where ${named})
    `.execute(query);
  },
  async down(schema) {
    await remade(schema, {
      key: (token) => token.addPrimaryKeyConstraint("keyTokenKey", ["vault", "name"]),
      // The token of what is there comes before those of the trash.
      rows: sql`select "vault", "name", "day", "sealed", "untilMs" from "keyToken" where "trash" =
        (select min("trash") from "keyToken" o where (o."vault", o."name") = ("keyToken"."vault", "keyToken"."name"))`,
    });
  },
};

interface Remade {
  readonly key: (table: TableBuilder) => TableBuilder;
  /** What goes over, in the order of the columns. */
  readonly rows: RawBuilder<unknown>;
}

/** Another key makes another table. */
async function remade(
  { table, change, query, text, int64, bytes }: Schema,
  { key, rows }: Remade,
): Promise<void> {
  await table("keyTokenMade", (token) =>
    key(
      token
        .addColumn("vault", text, (column) => column.notNull().references("vault.id").onDelete("cascade"))
        .addColumn("name", text, (column) => column.notNull())
        .addColumn("day", text, (column) => column.notNull())
        .addColumn("sealed", bytes, (column) => column.notNull())
        .addColumn("untilMs", int64),
    ),
  );
  await sql`insert into "keyTokenMade" ${rows}`.execute(query);
  await change.dropTable("keyToken").execute();
  await change.alterTable("keyTokenMade").renameTo("keyToken").execute();
  await change.createIndex("keyToken_until").on("keyToken").column("untilMs").execute();
  await change.createIndex("keyToken_day").on("keyToken").column("day").execute();
}
