import { createHash, randomBytes } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ristretto255_oprf as oprf } from "@noble/curves/ed25519.js";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bytesToHex, KeepsakeError, textToBytes } from "@keepsake/core/base";
import { hasNpmPostgres } from "../../../../tools/parts/postgres-programs.ts";
import { postgresForTests } from "../../../../tools/parts/postgres.ts";
import { freshDatabase } from "../../testing/db/fresh.ts";
import { migrate, openDb, type Db } from "../db/index.ts";
import { loadSecrets, type Secrets } from "../keys/secrets.ts";
import { receiptKey } from "../vaults/receipts.ts";
import {
  destroySpent,
  evaluate,
  makeRecord,
  openGuard,
  proveOpened,
  removeRecord,
  signTicket,
  type Guard,
} from "./index.ts";

let folder: string;
let secrets: Secrets;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "keepsake-guards-"));
  secrets = await loadSecrets(join(folder, "secrets.json"));
});
afterAll(() => rm(folder, { recursive: true }));

const DAY_MS = 24 * 60 * 60_000;
const token = "7e".repeat(32);
const openedHash = createHash("sha256").update(Buffer.from(token, "hex")).digest("hex");
const blinded = bytesToHex(new Uint8Array(oprf.voprf.blind(textToBytes("a guess")).blinded));

/** A guard on a database, with a clock that stands unless it is set or runs a day with each look. */
async function guardOn(db: Db, fence: string, clock = steppingClock(0)) {
  await migrate(db);
  const log = (): void => undefined;
  const guard = await openGuard({ db, clock, secrets, log, issuers: [receiptKey(secrets)] }, fence);
  return { guard, clock };
}

function steppingClock(stepMs: number) {
  const clock = { atMs: 1_800_000_000_000, now: () => (clock.atMs += stepMs) };
  return clock;
}

function ticketFor(record: string, purpose: "make" | "use" | "remove", owner = "me"): string {
  return signTicket(secrets, { owner, purpose, record, untilMs: Number.MAX_SAFE_INTEGER });
}

async function newRecord(guard: Guard, owner = "me"): Promise<string> {
  const record = randomBytes(16).toString("hex");
  const { secretKey, publicKey } = oprf.voprf.generateKeyPair();
  const pair = { share: bytesToHex(new Uint8Array(secretKey)), key: bytesToHex(new Uint8Array(publicKey)) };
  await makeRecord(guard, { ticket: ticketFor(record, "make", owner), ...pair, openedHash });
  return record;
}

const guess = (guard: Guard, record: string) =>
  evaluate(guard, { ticket: ticketFor(record, "use"), blinded });

async function codeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return "done";
  } catch (error) {
    return KeepsakeError.is(error) ? error.code : "unexpected";
  }
}

async function tally(works: readonly Promise<unknown>[]): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const code of await Promise.all(works.map(codeOf))) counts[code] = (counts[code] ?? 0) + 1;
  return counts;
}

const sqlite = (name: string): Promise<Db> => openDb({ sqlite: join(folder, `${name}.db`) });

describe("a guard", () => {
  test("answers with its own key, waits longer from the fourth guess on, and destroys the key after the tenth", async () => {
    const db = await sqlite("delays");
    const { guard, clock } = await guardOn(db, join(folder, "delays"));
    const record = await newRecord(guard);
    const waits: number[] = [];
    for (let n = 1; n <= 10; n++) {
      const { left, nextMs } = await guess(guard, record);
      expect(left).toBe(10 - n);
      waits.push((nextMs - clock.atMs > 0 ? nextMs - clock.atMs : 0) / 60_000);
      if (n < 10 && nextMs > clock.atMs) {
        clock.atMs = nextMs - 1;
        expect(await codeOf(guess(guard, record))).toBe("guard.wait");
        clock.atMs = nextMs;
      }
    }
    expect(waits).toEqual([0, 0, 1, 5, 15, 60, 360, 1440, 1440, 10]);
    expect(await codeOf(guess(guard, record))).toBe("guard.spent");
    const { share } = await db.query.selectFrom("guardRecord").selectAll().executeTakeFirstOrThrow();
    expect(share).toHaveLength(0);
    expect(await codeOf(proveOpened(guard, { record, token }))).toBe("guard.spent");
    await db.close();
  });

  test("counts from nothing once the seed was found, and destroys by itself what was not", async () => {
    const db = await sqlite("opened");
    const { guard, clock } = await guardOn(db, join(folder, "opened"), steppingClock(DAY_MS));
    const [right, wrong] = [await newRecord(guard), await newRecord(guard)];
    for (let n = 0; n < 10; n++) await Promise.all([guess(guard, right), guess(guard, wrong)]);
    expect(await codeOf(proveOpened(guard, { record: wrong, token: "00".repeat(32) }))).toBe(
      "guard.unknown-record",
    );
    await proveOpened(guard, { record: right, token });
    clock.atMs += DAY_MS;
    expect(await destroySpent(guard)).toBe(1);
    expect((await guess(guard, right)).left).toBe(9);
    expect(await codeOf(guess(guard, wrong))).toBe("guard.spent");
    await db.close();
  });

  test("takes a ticket once, for what it says, of a server that it answers to", async () => {
    const db = await sqlite("tickets");
    const { guard } = await guardOn(db, join(folder, "tickets"));
    const record = await newRecord(guard);
    const stranger = await loadSecrets(join(folder, "stranger.json"));
    const said = { owner: "me", record, untilMs: Number.MAX_SAFE_INTEGER } as const;
    const used = ticketFor(record, "use");
    await evaluate(guard, { ticket: used, blinded });
    const bad = [
      used,
      ticketFor(record, "make"),
      signTicket(stranger, { ...said, purpose: "use" }),
      signTicket(secrets, { ...said, purpose: "use", untilMs: 5 }),
      `${ticketFor(record, "use").split(".")[0]}.${used.split(".")[1]}`,
      "e30.AAAA",
      "....",
    ];
    for (const ticket of bad)
      expect(await codeOf(evaluate(guard, { ticket, blinded }))).toBe("guard.bad-ticket");
    // Another member of the same server.
    const theirs = ticketFor(record, "use", "somebody else");
    expect(await codeOf(evaluate(guard, { ticket: theirs, blinded }))).toBe("guard.unknown-record");
    await removeRecord(guard, { ticket: ticketFor(record, "remove", "somebody else") });
    expect((await guess(guard, record)).left).toBe(8);
    await removeRecord(guard, { ticket: ticketFor(record, "remove") });
    expect(await codeOf(guess(guard, record))).toBe("guard.unknown-record");
    await db.close();
  });

  test("keeps no more records of a member than are needed, and no record twice", async () => {
    const db = await sqlite("room");
    const { guard, clock } = await guardOn(db, join(folder, "room"));
    const records = [];
    for (let n = 0; n < 20; n++) records.push(await newRecord(guard));
    expect(await codeOf(newRecord(guard))).toBe("guard.full");
    await newRecord(guard, "somebody else");
    await proveOpened(guard, { record: records[0]!, token });
    clock.atMs += 2 * DAY_MS;
    const again = await newRecord(guard);
    const other = oprf.voprf.generateKeyPair();
    const given = { share: bytesToHex(new Uint8Array(other.secretKey)), openedHash };
    const key = bytesToHex(new Uint8Array(other.publicKey));
    const ticket = ticketFor(again, "make");
    expect(await codeOf(makeRecord(guard, { ...given, key, ticket }))).toBe("guard.bad-ticket");
    const halves = { ...given, key: blinded, ticket: ticketFor("ab".repeat(16), "make") };
    expect(await codeOf(makeRecord(guard, halves))).toBe("request.invalid");
    expect(await codeOf(guess(guard, records[0]!))).toBe("done");
    expect(await codeOf(guess(guard, records[1]!))).toBe("guard.unknown-record");
    await db.close();
  });

  test("that was brought back from an older copy answers nothing that was made before", async () => {
    const name = "restored";
    const fence = join(folder, name);
    let db = await sqlite(name);
    let { guard } = await guardOn(db, fence, steppingClock(DAY_MS));
    const record = await newRecord(guard);
    await guess(guard, record);
    await db.close();
    const copy = await readFile(join(folder, `${name}.db`));
    db = await sqlite(name);
    ({ guard } = await guardOn(db, fence, steppingClock(DAY_MS)));
    for (let n = 0; n < 4; n++) await guess(guard, record);
    await db.close();
    // Twice, for the second time it is older than the first refusal.
    for (const _ of [1, 2]) {
      await writeFile(join(folder, `${name}.db`), copy);
      db = await sqlite(name);
      ({ guard } = await guardOn(db, fence, steppingClock(DAY_MS)));
      expect(await codeOf(guess(guard, record))).toBe("guard.restored");
      expect(await codeOf(proveOpened(guard, { record, token }))).toBe("guard.restored");
      const fresh = await newRecord(guard);
      expect((await guess(guard, fresh)).left).toBe(9);
      await db.close();
    }
    // Nor where the fence is gone, or where the older database came while the guard ran.
    await rm(fence, { recursive: true });
    db = await sqlite(name);
    ({ guard } = await guardOn(db, fence, steppingClock(DAY_MS)));
    expect(await codeOf(guess(guard, record))).toBe("guard.restored");
    const fresh = await newRecord(guard);
    await guess(guard, fresh);
    await db.query.updateTable("guardState").set({ count: 1 }).execute();
    expect(await codeOf(guess(guard, fresh))).toBe("guard.restored");
    expect(await codeOf(guess(guard, fresh))).toBe("guard.restored");
    await db.close();
  });

  test("A5 gives 1,000 guesses at once three answers, and ten in all", async () => {
    const db = await sqlite("parallel");
    const { guard, clock } = await guardOn(db, join(folder, "parallel"));
    const record = await newRecord(guard);
    const all = (count: number) => tally(Array.from({ length: count }, () => guess(guard, record)));
    expect(await all(1000)).toEqual({ done: 3, "guard.wait": 997 });
    clock.atMs += 2 * DAY_MS;
    expect(await all(50)).toEqual({ done: 1, "guard.wait": 49 });
    await db.close();
    const again = await sqlite("parallel");
    const hasty = await guardOn(again, join(folder, "parallel"), { ...steppingClock(0), ...hurrying() });
    const counts = await tally(Array.from({ length: 100 }, () => guess(hasty.guard, record)));
    // Whoever looked at the clock before another, and comes after it, would have to wait.
    const { done, "guard.spent": spent = 0, "guard.wait": wait = 0, ...others } = counts;
    expect([done, spent + wait, others]).toEqual([6, 94, {}]);
    await again.close();
  }, 60_000);
});

/** A clock that no delay holds up. */
function hurrying() {
  let atMs = 1_900_000_000_000;
  return { now: () => (atMs += 2 * DAY_MS) };
}

describe.skipIf(!hasNpmPostgres())(
  "several guards on one PostgreSQL, each with its own connections and clock",
  () => {
    test("A5 give 1,000 guesses at once ten answers in all", async () => {
      await using postgres = await postgresForTests();
      const address = await freshDatabase(postgres.url);
      const fence = join(folder, "shared");
      const dbs = [1, 2, 3, 4].map(() => openDb({ postgres: address, connections: 5 }));
      const guards: Guard[] = [];
      for (const db of dbs)
        guards.push((await guardOn(await db, fence, { ...steppingClock(0), ...hurrying() })).guard);
      const record = await newRecord(guards[0]!);
      const counts = await tally(Array.from({ length: 1000 }, (_, n) => guess(guards[n % 4]!, record)));
      // On a machine that is busy some wait too long for a connection: they are refused, and nothing is answered.
      const busy = "server.database-unavailable";
      const { done, "guard.spent": spent = 0, "guard.wait": wait = 0, [busy]: late = 0, ...others } = counts;
      expect(done).toBeGreaterThan(2);
      expect(done).toBeLessThanOrEqual(10);
      expect([(done ?? 0) + spent + wait + late, others]).toEqual([1000, {}]);
      for (const db of dbs) await (await db).close();
    }, 120_000);
  },
);
