import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { systemClock } from "../../packages/core/src/base/index.ts";
import {
  fetchTickets,
  pinnedTicketKey,
  showTickets,
  wantedTickets,
  type AskedTicket,
  type Ticket,
} from "../../packages/core/src/client/plans/index.ts";
import {
  bringBack as bringBackTrash,
  type Connection,
  logIn,
  memberEvents,
  serverStore,
  trashLines,
} from "../../packages/core/src/client/index.ts";
import { dayOf } from "../../packages/core/src/protocol/index.ts";
import { someBytes } from "../../packages/core/testing/stores/conformance.ts";
import { issueTickets } from "../../packages/server/src/billing/tickets/issue.ts";
import { destroySpent } from "../../packages/server/src/guards/index.ts";
import { stepIdle } from "../../packages/server/src/levels/idle.ts";
import { stepLapses } from "../../packages/server/src/levels/lapse/step.ts";
import { bringBack } from "../../packages/server/src/levels/lapse/trash.ts";
import { removalsOf } from "../../packages/server/src/levels/removals.ts";
import { stepLevels } from "../../packages/server/src/levels/step.ts";
import { stepClosings } from "../../packages/server/src/members/closing/closing.ts";
import { removeClosed } from "../../packages/server/src/members/closing/remove.ts";
import { sweepMembers } from "../../packages/server/src/members/sweep.ts";
import { DATABASE } from "../../packages/server/src/operator/backup.ts";
import { listMembers, sums } from "../../packages/server/src/operator/members.ts";
import { stepWaits } from "../../packages/server/src/recovery/family.ts";
import { renewTokens } from "../../packages/server/src/vaults/key-tokens.ts";
import { reconcile } from "../../packages/server/src/vaults/reconcile.ts";
import { sweep } from "../../packages/server/src/vaults/sweep.ts";
import {
  explainPostgres,
  explainSqlite,
  statementsOf,
  type Explainer,
} from "../../packages/server/testing/explain.ts";
import { useBilling } from "./pay/use.ts";
import { hasScaledParts, startScaledParts } from "./scaled.ts";
import { password, startTestServer, type TestServer } from "./serving.ts";
import { add, made } from "./vaults.ts";

/*
 * With a million members no statement may read a whole table. All that a server asks its database for while it is used
 * and swept is written down, and the engine is asked how it would find it.
 */

/** Tables that stay small however many members there are; `picked` and `claimable` are jobs. */
const small = new Set([
  "fact",
  "migration",
  "job",
  "picked",
  "claimable",
  "closing",
  "invitation",
  "reconciliation",
]);
/** An operator who asks for sums of all members waits for them; whether there is one is asked once, at start, as steps of the tables are done once. */
const rare =
  /group by "(?:state|level"\."levelBytes|day", "account|message", "state)"|^select count\(\*\) as "(?:members|vaults)"|"isOperator" = \S+ limit|^\s*update "(?:keyToken" set "trash" = coalesce|member" set "ownBytes" = "quotaBytes")/;

const LEVEL_BYTES = 100_000_000_000;

/** What a member, a stranger and the server's own jobs ask for. */
async function use({ server, newMember }: TestServer): Promise<void> {
  const { connection, membership, newVault } = await newMember("uses-all");
  const vault = await newVault();
  const store = serverStore({ connection, vault });
  const mine = await made(store, systemClock);
  await add(mine, { seed: "plans", messages: 40, chats: 2 });
  await store.put(`packs/${"0".repeat(26)}`, someBytes(1000));
  await store.get(`packs/${"0".repeat(26)}`);
  await store.remove(`packs/${"0".repeat(26)}`);
  for await (const _ of store.list("")) continue;
  for await (const _ of trashLines(connection, vault)) continue;
  await bringBackTrash(connection, { vault, sinceMs: 0 });
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
  await showTickets(connection, await paidTickets(server, connection), dayOf(server.clock.now()));
  for (const route of ["GET /v1/level", "GET /v1/level/removals", "GET /v1/level/idle"] as const)
    await connection.call(route);
  await connection.call("PUT /v1/level/idle", { body: { days: 0 } });
  await useBilling(server, connection);
  await lapse(server, membership.member);
  await jobs(server);
}

/** Tickets of an account that has paid for long. */
async function paidTickets(server: TestServer["server"], connection: Connection): Promise<readonly Ticket[]> {
  const levelOn = (): number => LEVEL_BYTES;
  const key = await pinnedTicketKey(connection, undefined);
  const ask = (tickets: readonly AskedTicket[]) =>
    issueTickets(server, "account", {
      tickets,
      rightsOf: async (_query, _account, days) => days.map(levelOn),
    });
  const { primitives } = connection;
  const wanted = wantedTickets({ today: dayOf(server.clock.now()), cell: 0, levelOn, have: [] });
  return fetchTickets({ primitives, seed: primitives.random(32), key, ask }, wanted.slice(0, 2));
}

/** The whole course of a lapse, on days of the server that pass at once. */
async function lapse(server: TestServer["server"], member: string): Promise<void> {
  const rule = { member, days: 180, seenMs: 0, idleFrom: 1, told: 0, dueDay: 1 };
  await server.db.query.insertInto("idleRule").values(rule).execute();
  const vaults = server.db.query.selectFrom("vault").select("id").where("member", "=", member);
  await server.db.query.updateTable("object").set({ week: 1 }).where("vault", "in", vaults).execute();
  const past = { endDay: 1, aheadDay: 1, knownDay: 0 };
  await server.db.query.updateTable("lapse").set(past).where("member", "=", member).execute();
  await server.db.query
    .updateTable("member")
    .set({ quotaBytes: 0, ownBytes: 0 })
    .where("id", "=", member)
    .execute();
  const step = (day: number): Promise<void> => stepLapses(server, { day, isSure: true });
  for (const day of [1, 31, 91, 151, 174]) {
    await step(day);
    const delivered = { email: 1, phone: 1 };
    await server.db.query.updateTable("lapseNotice").set(delivered).where("member", "=", member).execute();
  }
  await step(181);
  await step(211);
  expect(await removalsOf(server, member)).toHaveLength(1);
  await bringBack(server, member);
  await stepIdle(server, { day: 400, isSure: true });
}

async function jobs(server: TestServer["server"]): Promise<void> {
  await sweep(server);
  await reconcile(server);
  await renewTokens(server);
  await stepWaits(server);
  await stepClosings(server);
  await removeClosed(server);
  await sweepMembers(server);
  await stepLevels(server);
  if (server.guard !== undefined) await destroySpent(server.guard);
  await listMembers(server, { after: "", limit: 100 });
  await sums(server);
}

async function expectFound(
  settings: Readonly<Record<string, string>>,
  explainer: (server: TestServer) => Explainer | Promise<Explainer>,
): Promise<void> {
  const starting = Promise.withResolvers<TestServer>();
  const asked = statementsOf(async () => {
    starting.resolve(startTestServer(settings));
    await use(await starting.promise);
  });
  await using server = await starting.promise;
  const statements = (await asked).filter((text) => !rare.test(text));
  await using engine = await explainer(server);
  expect(statements.length).toBeGreaterThan(60);
  const bad: string[] = [];
  for (const statement of statements) {
    const tables = (await engine.scans(statement)).filter((table) => !small.has(table));
    if (tables.length > 0) bad.push(`${tables.join(", ")}: ${statement}`);
  }
  expect(bad).toEqual([]);
  expect(await engine.scans(`select id from trash where name = 'packs/a'`)).toEqual(["trash"]);
}

describe("what is asked at requests and by sweeps is found by an index", () => {
  test("on SQLite", () => expectFound({}, ({ folder }) => explainSqlite(join(folder, DATABASE))));

  test.skipIf(!hasScaledParts())("on PostgreSQL", { timeout: 120_000 }, async () => {
    const parts = await startScaledParts();
    onTestFinished(() => parts[Symbol.asyncDispose]());
    const settings = await parts.fresh();
    await expectFound(settings, () => explainPostgres(settings["KEEPSAKE_POSTGRES"]!));
  });
});
