import { randomBytes } from "node:crypto";
import pg from "pg";

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
