import { sql, type RawBuilder } from "kysely";
import { tableShapes, type Query, type TableShape } from "../../db/index.ts";
import { indexOf } from "../../keys/sealed.ts";
import { unsealContact } from "../../members/contacts/contact.ts";
import type { ContactKind } from "../../notices/channel.ts";
import type { Server } from "../../server.ts";
import { batches, type Row } from "../move/rows.ts";

const BATCH = 200;

/** What lets somebody in, or opens something: keys of the service, nothing about the member. */
const secretColumns = new Set([
  "member.credential",
  "member.record",
  "reset.credential",
  "reset.record",
  "session.tokenHash",
  "code.codeHash",
  "guardRecord.openedHash",
]);

/** A table of which some rows are a member's. */
export interface OwnTable {
  readonly name: string;
  /** The columns that are left out. */
  readonly withheld: readonly string[];
  rows(): AsyncGenerator<readonly Row[]>;
}

/** All tables that can hold rows of a member, whichever migration made them. */
export async function tablesOf(server: Server, member: string): Promise<readonly OwnTable[]> {
  const { query } = server.db;
  const vaults = await query.selectFrom("vault").select("id").where("member", "=", member).execute();
  const owner = { member, vaults: vaults.map(({ id }) => id), guarded: guardedBy(server, member) };
  return (await tableShapes(server.db)).flatMap((shape) => {
    const where = ownedBy(shape, owner);
    return where === undefined ? [] : [{ ...tableOf(query, shape, where) }];
  });
}

interface Owner {
  readonly member: string;
  readonly vaults: readonly string[];
  /** What guards call the member. */
  readonly guarded: string;
}

function guardedBy({ secrets }: Server, member: string): string {
  return indexOf(secrets, "guard-owner", member);
}

function tableOf(query: Query, shape: TableShape, where: RawBuilder<unknown>): OwnTable {
  const withheld = shape.columns
    .filter(({ name, type }) => type === "bytes" || secretColumns.has(`${shape.name}.${name}`))
    .map(({ name }) => name);
  return { name: shape.name, withheld, rows: () => batches(query, shape, { limit: BATCH, where }) };
}

/** Which rows of a table are a member's: by the columns that say so in every table of ours. */
function ownedBy({ name, columns }: TableShape, owner: Owner): RawBuilder<unknown> | undefined {
  const { member, vaults, guarded } = owner;
  const has = (column: string): boolean => columns.some((each) => each.name === column);
  const rules: RawBuilder<unknown>[] = [];
  if (name === "member") rules.push(sql`"id" = ${member}`);
  for (const column of ["member", "helper", "subject"])
    if (has(column)) rules.push(sql`${sql.ref(column)} = ${member}`);
  if (has("vault") && vaults.length > 0) rules.push(sql`"vault" in (${sql.join(vaults)})`);
  // What operators did names members in its details, and those who did it by their sessions.
  if (name === "operatorEvent")
    rules.push(
      sql`"details" like ${`%"${member}"%`} or "who" in (select "id" from "session" where "member" = ${member})`,
    );
  if (has("owner")) rules.push(sql`"owner" = ${guarded}`);
  return rules.length === 0 ? undefined : sql`(${sql.join(rules, sql` or `)})`;
}

/** A row as it is given away: without what is withheld, a contact as it is known. */
export function shown({ secrets }: Server, table: OwnTable, row: Row): Readonly<Record<string, unknown>> {
  const kept = Object.entries(row).filter(([name]) => !table.withheld.includes(name));
  const contact =
    table.name === "contact" && row["sealed"] instanceof Uint8Array
      ? { contact: unsealContact(secrets, row["kind"] as ContactKind, row["sealed"]).to }
      : {};
  return { ...Object.fromEntries(kept), ...contact };
}
