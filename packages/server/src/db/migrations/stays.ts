import { sql } from "kysely";
import type { Schema } from "../schema.ts";

/** From now on the engine refuses to change or take away rows of a table. */
export async function refuseChanges({ engine, query }: Schema, table: string): Promise<void> {
  const on = sql.table(table);
  if (engine === "sqlite") {
    for (const verb of ["update", "delete"])
      await sql`create trigger ${sql.ref(`${table}-${verb}`)} before ${sql.raw(verb)} on ${on}
        begin select raise(abort, 'append-only'); end`.execute(query);
    return;
  }
  await sql`create trigger ${sql.ref(`${table}Stays`)} before update or delete or truncate on ${on}
    for each statement execute function "refuseChange"()`.execute(query);
}

/** What PostgreSQL calls to refuse: made before the first table that stays. */
export async function makeRefusal({ engine, query }: Schema): Promise<void> {
  if (engine === "sqlite") return;
  await sql`create function "refuseChange"() returns trigger language plpgsql as
    'begin raise exception ''append-only''; end'`.execute(query);
}

export async function dropRefusal({ engine, query }: Schema): Promise<void> {
  if (engine === "postgres") await sql`drop function "refuseChange"()`.execute(query);
}
