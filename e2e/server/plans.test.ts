import { DatabaseSync } from "node:sqlite";
import pg from "pg";
import { sql } from "kysely";
import { describe, expect, onTestFinished, test } from "vitest";
import {
  bringBack,
  logIn,
  memberEvents,
  serverStore,
  trashLines,
} from "../../packages/core/src/client/index.ts";
import { someBytes } from "../../packages/core/testing/stores/conformance.ts";
import type { Db } from "../../packages/server/src/db/index.ts";
import { destroySpent } from "../../packages/server/src/guards/index.ts";
import { stepClosings } from "../../packages/server/src/members/closing/closing.ts";
import { removeClosed } from "../../packages/server/src/members/closing/remove.ts";
import { sweepMembers } from "../../packages/server/src/members/sweep.ts";
import { listMembers, sums } from "../../packages/server/src/operator/members.ts";
import { stepWaits } from "../../packages/server/src/recovery/family.ts";
import { renewTokens } from "../../packages/server/src/vaults/key-tokens.ts";
import { reconcile } from "../../packages/server/src/vaults/reconcile.ts";
import { sweep } from "../../packages/server/src/vaults/sweep.ts";
import { hasScaledParts, startScaledParts } from "./scaled.ts";
import { password, startTestServer, type TestServer } from "./serving.ts";
import { add, made } from "./vaults.ts";
import { systemClock } from "../../packages/core/src/base/index.ts";

/*
 * With a million members no statement may read a whole table. All that a server asks its database for while it is used
 * and swept is written down, and the engine is asked how it would find it.
 */

/** Tables that stay small however many members there are; `picked` and `claimable` are jobs. */
const small = new Set(["fact", "migration", "job", "picked", "claimable", "closing", "invitation"]);
/** An operator who asks for sums of all members waits for them; whether there is one is asked once, at start, as steps of the tables are done once. */
const rare =
  /^select count\(\*\) as "(?:members|vaults)"|"isOperator" = \S+ limit|^\s*update "keyToken" set "trash" = coalesce/;

/** All statements that an engine is given while `work` runs. */
async function statementsOf(work: () => Promise<void>): Promise<readonly string[]> {
  const said = new Set<string>();
  const [sqlite, postgres] = [DatabaseSync.prototype, pg.Client.prototype];
  const [prepare, query] = [sqlite.prepare, postgres.query] as [
    typeof sqlite.prepare,
    (...given: unknown[]) => unknown,
  ];
  sqlite.prepare = function (text, ...more) {
    said.add(text);
    return prepare.call(this, text, ...more);
  };
  postgres.query = function (this: unknown, ...given: unknown[]) {
    const [asked] = given as [{ readonly text?: string } | string];
    said.add(typeof asked === "string" ? asked : (asked.text ?? ""));
    return query.apply(this, given);
  } as typeof postgres.query;
  try {
    await work();
  } finally {
    [sqlite.prepare, postgres.query] = [prepare, query as typeof postgres.query];
  }
  return [...said].filter(
    (text) => /^\s*(?:update|delete|with|select .* from "\w+")/i.test(text) && !rare.test(text),
  );
}

/** What a member, a stranger and the server's own jobs ask for. */
async function use({ server, newMember }: TestServer): Promise<void> {
  const { connection, membership, newVault } = await newMember();
  const vault = await newVault();
  const store = serverStore({ connection, vault });
  const mine = await made(store, systemClock);
  await add(mine, { seed: "plans", messages: 40, chats: 2 });
  await store.put(`packs/${"0".repeat(26)}`, someBytes(1000));
  await store.get(`packs/${"0".repeat(26)}`);
  await store.remove(`packs/${"0".repeat(26)}`);
  for await (const _ of store.list("")) continue;
  for await (const _ of trashLines(connection, vault)) continue;
  await bringBack(connection, { vault, sinceMs: 0 });
  const object = { name: `packs/${"1".repeat(26)}`, sizeBytes: 10, sha256: "0".repeat(64) };
  await connection.call("POST /v1/vaults/{vault}/uploads", {
    params: { vault },
    body: { objects: [object] },
  });
  for await (const _ of memberEvents(connection)) continue;
  for (const route of ["GET /v1/member", "GET /v1/devices", "GET /v1/family", "GET /v1/vaults"] as const)
    await connection.call(route);
  const again = await logIn(connection, { name: membership.name, password, platform: "cli" });
  await connection.call("DELETE /v1/devices/{id}", { params: { id: again.session } });
  await jobs(server);
}

async function jobs(server: TestServer["server"]): Promise<void> {
  await sweep(server);
  await reconcile(server);
  await renewTokens(server);
  await stepWaits(server);
  await stepClosings(server);
  await removeClosed(server);
  await sweepMembers(server);
  if (server.guard !== undefined) await destroySpent(server.guard);
  await listMembers(server, { after: "", limit: 100 });
  await sums(server);
}

/** The tables that SQLite would read whole. */
async function sqliteScans(db: Db, statement: string): Promise<readonly string[]> {
  const { rows } = await sql
    .raw<{ readonly detail: string }>(`explain query plan ${statement}`)
    .execute(db.query);
  return rows.flatMap(({ detail }) => /^SCAN (\w+)/.exec(detail)?.slice(1) ?? []);
}

interface Node {
  readonly "Node Type": string;
  readonly "Relation Name"?: string;
  readonly "Index Cond"?: string;
  readonly Plans?: readonly Node[];
}

/** The tables that PostgreSQL would read whole, even if it had to be made to use an index. */
async function postgresScans(client: pg.Client, statement: string): Promise<readonly string[]> {
  const { rows } = await client.query<{ readonly "QUERY PLAN": readonly [{ readonly Plan: Node }] }>(
    `explain (generic_plan, format json) ${statement}`,
  );
  return whole(rows[0]!["QUERY PLAN"][0].Plan);
}

function whole(node: Node): readonly string[] {
  const table = node["Relation Name"];
  const isWhole =
    table !== undefined &&
    node["Index Cond"] === undefined &&
    /^(?:Seq|Index|Index Only) Scan$/.test(node["Node Type"]);
  return [...(isWhole ? [table] : []), ...(node.Plans ?? []).flatMap(whole)];
}

async function expectFound(
  settings: Readonly<Record<string, string>>,
  scans: (db: Db, statement: string) => Promise<readonly string[]>,
): Promise<void> {
  const starting = Promise.withResolvers<TestServer>();
  const asked = statementsOf(async () => {
    starting.resolve(startTestServer(settings));
    await use(await starting.promise);
  });
  await using server = await starting.promise;
  const statements = await asked;
  expect(statements.length).toBeGreaterThan(60);
  const bad: string[] = [];
  for (const statement of statements) {
    const tables = (await scans(server.server.db, statement)).filter((table) => !small.has(table));
    if (tables.length > 0) bad.push(`${tables.join(", ")}: ${statement}`);
  }
  expect(bad).toEqual([]);
  const whole = await scans(server.server.db, `select id from trash where name = 'packs/a'`);
  expect(whole).toEqual(["trash"]);
}

describe("what is asked at requests and by sweeps is found by an index", () => {
  test("on SQLite", async () => {
    await expectFound({}, sqliteScans);
  });

  test.skipIf(!hasScaledParts())("on PostgreSQL", { timeout: 120_000 }, async () => {
    const parts = await startScaledParts();
    onTestFinished(() => parts[Symbol.asyncDispose]());
    const settings = await parts.fresh();
    const client = new pg.Client({ connectionString: settings["KEEPSAKE_POSTGRES"] });
    onTestFinished(() => client.end());
    await client.connect();
    await client.query("set enable_seqscan = off");
    await expectFound(settings, (_db, statement) => postgresScans(client, statement));
  });
});
