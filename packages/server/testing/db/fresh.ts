import { randomBytes } from "node:crypto";
import { sql } from "kysely";
import pg from "pg";
import type { Db } from "../../src/db/index.ts";

/** Makes an empty database in a PostgreSQL; gives its address. */
export async function freshDatabase(url: string): Promise<string> {
  const name = `test_${randomBytes(8).toString("hex")}`;
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(`create database ${name}`);
  } finally {
    await client.end();
  }
  const address = new URL(url);
  address.pathname = `/${name}`;
  return address.href;
}

/** Lets a database know how much there is of what, as it does by itself after a while. */
export async function analyze({ query }: Db): Promise<void> {
  await sql`analyze`.execute(query);
}
