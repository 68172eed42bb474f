import { createHash } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { describe, expect, onTestFinished, test } from "vitest";
import { KeepsakeError } from "../../packages/core/src/base/index.ts";
import { randomOf, type Random } from "../../packages/core/testing/history/random.ts";
import { someBytes } from "../../packages/core/testing/stores/conformance.ts";
import type { Session } from "../../packages/server/src/members/sessions.ts";
import type { Server } from "../../packages/server/src/server.ts";
import { findObject, putObject, removeObject } from "../../packages/server/src/vaults/objects.ts";
import { listTrash, restoreObjects } from "../../packages/server/src/vaults/trash.ts";
import { isBlobKey } from "../../packages/server/src/vaults/ownership.ts";
import { reconcile } from "../../packages/server/src/vaults/reconcile.ts";
import { sweep } from "../../packages/server/src/vaults/sweep.ts";
import { abandon, commit, reserve } from "../../packages/server/src/vaults/uploads.ts";
import { hasScaledParts, startScaledParts } from "./scaled.ts";
import { startTestServer, type TestServer } from "./serving.ts";

/*
 * A44: writers, removals, restores from the trash, sweeps and reconciles all at once, on a clock that runs fast and on
 * which every blob is old enough to be taken for an orphan. Whatever a row names is there, and counts are what a recount gives.
 */

const HOUR_MS = 60 * 60_000;
const AHEAD_MS = 40 * 24 * HOUR_MS;
const isSoak = process.env["KEEPSAKE_SOAK"] === "1";
const STEPS = 40;
const LARGE_BYTES = 66_000;

/** One vault in which several write, each under names of its own. */
interface World {
  readonly servers: readonly Server[];
  readonly session: Session;
  readonly vault: string;
  readonly random: Random;
  /** Of what each name that is there has the bytes: sizes are told apart, so they say it. */
  readonly sizes: Map<string, number>;
  pass(ms: number): void;
  nextSize(): number;
}

const contentOf = (sizeBytes: number) => someBytes(sizeBytes, sizeBytes);
const serverOf = ({ servers, random }: World): Server => random.pick(servers);

function announced(name: string, sizeBytes: number) {
  const sha256 = createHash("sha256").update(contentOf(sizeBytes)).digest("hex");
  return { name, sizeBytes, sha256 };
}

/** An upload that took longer than it may, on this clock, was given up. */
function gaveUp(error: unknown): false {
  expect(KeepsakeError.is(error) && error.code).toBe("upload.unknown");
  return false;
}

async function put(world: World, name: string): Promise<void> {
  const sizeBytes = world.nextSize();
  const { vault, session } = world;
  const object = announced(name, sizeBytes);
  const whole = { vault, object, bytes: Readable.from([contentOf(sizeBytes)]) };
  const stored = await putObject(serverOf(world), session, whole).catch(gaveUp);
  if (stored !== false && stored.outcome === "stored") world.sizes.set(name, sizeBytes);
}

/** Reserved here, committed there; or given up, or left lying. */
async function putInSteps(world: World, name: string): Promise<void> {
  const sizeBytes = LARGE_BYTES + world.nextSize();
  const { vault, session, random } = world;
  const object = announced(name, sizeBytes);
  const { uploads } = await reserve(serverOf(world), session, { vault, objects: [object] });
  const id = uploads[0]?.id;
  if (id === undefined) return;
  await serverOf(world).blobs.receive(id, Readable.from([contentOf(sizeBytes)]), object);
  const end = random.below(4);
  if (end === 0) return;
  if (end === 1) return void (await abandon(serverOf(world), session, id).catch(gaveUp));
  const outcomes = await commit(serverOf(world), session, { ids: [id] }).catch(gaveUp);
  if (outcomes !== false && outcomes[0] === "stored") world.sizes.set(name, sizeBytes);
}

async function remove(world: World, name: string): Promise<void> {
  const { vault, session, sizes } = world;
  if (await removeObject(serverOf(world), session, { vault, name })) sizes.delete(name);
}

async function restore(world: World, prefix: string): Promise<void> {
  const { vault, session, random, sizes } = world;
  const lines = await listTrash(serverOf(world), { vault, limit: 1000 });
  const own = lines.filter(({ name }) => name.startsWith(prefix));
  if (own.length === 0) return;
  const line = random.pick(own);
  const back = await restoreObjects(serverOf(world), session, { vault, ids: [line.id] });
  if (back.length > 0) sizes.set(line.name, line.sizeBytes);
}

async function bytesUnder(world: World, name: string): Promise<Buffer | undefined> {
  const found = await findObject(serverOf(world), { vault: world.vault, name });
  return found && buffer(await found.read({ offset: 0, length: found.sizeBytes }));
}

async function write(world: World, prefix: string): Promise<void> {
  const { random } = world;
  for (let step = 0; step < STEPS; step++) {
    const name = `${prefix}${random.below(6)}`;
    const act = random.pick([put, put, put, putInSteps, putInSteps, remove, remove, restore, restore]);
    await act(world, act === restore ? prefix : name);
    if (random.chance(0.2)) world.pass(random.below(7 * HOUR_MS));
    const known = world.sizes.get(name);
    if (known !== undefined && prefix !== shared) expect((await bytesUnder(world, name))?.length).toBe(known);
  }
}

/** Two write here under the same names; nobody knows who is first. */
const shared = "packs/shared";

async function keep(world: World, isEnd: () => boolean): Promise<void> {
  while (!isEnd()) {
    if (world.random.chance(0.7)) await sweep(serverOf(world));
    else expect(await reconcile(serverOf(world))).toMatchObject({ missing: 0 });
  }
}

async function race(world: World): Promise<void> {
  const prefixes = ["packs/a", "packs/b", "journals/c", shared, shared];
  let isEnd = false;
  const keepers = [keep(world, () => isEnd), keep(world, () => isEnd)];
  const writers = Promise.all(prefixes.map((prefix) => write(world, prefix)));
  await writers.finally(() => (isEnd = true));
  await Promise.all(keepers);
  for (const [name, sizeBytes] of world.sizes)
    if (!name.startsWith(shared))
      expect([name, (await bytesUnder(world, name))?.equals(contentOf(sizeBytes))]).toEqual([name, true]);
  await countsHold(world);
}

/** What the server counts beside what a count of its rows gives. */
async function countsHold({ servers, session, vault, sizes }: World): Promise<void> {
  const { query } = servers[0]!.db;
  const sum = (rows: readonly { readonly sizeBytes: number }[]): number =>
    rows.reduce((all, { sizeBytes }) => all + sizeBytes, 0);
  const objects = await query
    .selectFrom("object")
    .select(["name", "sizeBytes"])
    .where("vault", "=", vault)
    .execute();
  const trash = await query.selectFrom("trash").select("sizeBytes").where("vault", "=", vault).execute();
  const uploads = await query.selectFrom("upload").select("sizeBytes").where("vault", "=", vault).execute();
  const own = ({ name }: { readonly name: string }): boolean => !name.startsWith(shared);
  expect(
    objects
      .filter(own)
      .map(({ name }) => name)
      .toSorted(),
  ).toEqual([...sizes.keys()].filter((name) => own({ name })).toSorted());
  const member = await query
    .selectFrom("member")
    .select(["usedBytes", "reservedBytes", "trashedBytes"])
    .where("id", "=", session.member)
    .executeTakeFirstOrThrow();
  expect(member).toEqual({ usedBytes: sum(objects), reservedBytes: sum(uploads), trashedBytes: sum(trash) });
  const counted = query.selectFrom("vault").select(["usedBytes", "objects"]).where("id", "=", vault);
  expect(await counted.executeTakeFirst()).toEqual({ usedBytes: sum(objects), objects: objects.length });
}

/** Once all days are over: blobs are those that rows name, no more and no less. */
async function nothingIsLeftOver(server: Server, pass: (ms: number) => void): Promise<void> {
  for (let half = 0; half < 20; half++, pass(12 * HOUR_MS)) await sweep(server);
  expect(await reconcile(server)).toMatchObject({ missing: 0 });
  pass(2 * HOUR_MS);
  await sweep(server);
  const named = await server.db.query.selectFrom("object").select("blob").where("blob", "!=", "").execute();
  const there: string[] = [];
  for await (const { key } of server.blobs.list()) if (isBlobKey(key)) there.push(key);
  expect(there.toSorted()).toEqual(named.map(({ blob }) => blob).toSorted());
  for (const table of ["trash", "upload", "deadBlob"] as const)
    expect(await server.db.query.selectFrom(table).selectAll().execute()).toEqual([]);
}

async function racesOn(
  seeds: number,
  start: (clock: { now: () => number }) => Promise<readonly TestServer[]>,
): Promise<void> {
  let nowMs = Date.now() + AHEAD_MS;
  const pass = (ms: number): void => void (nowMs += ms);
  const testServers = await start({ now: () => nowMs });
  const servers = testServers.map(({ server }) => server);
  for (let seed = 0; seed < seeds; seed++) {
    const { membership, newVault } = await testServers[0]!.newMember();
    const { member, session: id } = membership;
    const session = { id, member, deviceKey: "", isOperator: false, fullFromMs: 0, seenMs: nowMs };
    let size = 100;
    const random = randomOf("sweep-races", seed);
    const nextSize = (): number => ++size + (random.chance(0.5) ? LARGE_BYTES : 0);
    const vault = await newVault();
    await race({ servers, session, vault, random, sizes: new Map(), pass, nextSize });
  }
  await nothingIsLeftOver(servers[0]!, pass);
}

describe("A44: sweeps, reconciles, writers and the trash at once", () => {
  test("lose nothing on embedded parts, and all counts hold", { timeout: isSoak ? 3_600_000 : 120_000 }, () =>
    racesOn(isSoak ? 400 : 4, async (clock) => {
      const server = await startTestServer({}, clock);
      onTestFinished(() => server[Symbol.asyncDispose]());
      return [server];
    }),
  );

  test.skipIf(!hasScaledParts())(
    "lose nothing by two servers on PostgreSQL and S3, and all counts hold",
    { timeout: isSoak ? 7_200_000 : 240_000 },
    () =>
      racesOn(isSoak ? 200 : 2, async (clock) => {
        const parts = await startScaledParts();
        const folder = await mkdtemp(join(tmpdir(), "keepsake-races-"));
        const settings = { ...(await parts.fresh()), KEEPSAKE_SECRETS_FILE: join(folder, "secrets.json") };
        const servers = [await startTestServer(settings, clock), await startTestServer(settings, clock)];
        onTestFinished(async () => {
          for (const server of servers) await server[Symbol.asyncDispose]();
          await parts[Symbol.asyncDispose]();
          await rm(folder, { recursive: true });
        });
        return servers;
      }),
  );
});
