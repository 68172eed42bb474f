import { createHash } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { dayOf } from "@keepsake/core/protocol";
import { parseConfig } from "../src/config.ts";
import { randomId } from "../src/keys/ids.ts";
import { stepLevels } from "../src/levels/step.ts";
import { turn } from "../src/levels/turn.ts";
import { markHeard } from "../src/members/events.ts";
import { openServer } from "../src/serve.ts";
import type { Server } from "../src/server.ts";
import { putObject } from "../src/vaults/objects.ts";

const DAY_MS = 24 * 60 * 60_000;

/** A server without its jobs, on a clock that the test turns, and what its members do. */
export interface Lapsing extends AsyncDisposable {
  readonly server: Server;
  nowMs: number;
  readonly today: () => number;
  /** A member with a vault; reached by these ways, and by a device that fetches what is told where it `listens`. */
  readonly newMember: (given?: Partial<Reached>) => Promise<LapsingMember>;
  /** Days pass on which the server runs and tells: the clock goes on, mails are taken, devices listen. */
  readonly live: (days: number, each?: () => Promise<void>) => Promise<void>;
  /** Pays for so many weeks from this one on, as tickets would. */
  readonly pay: (member: string, weeks: number, levelBytes?: number) => Promise<void>;
}

interface Reached {
  readonly ways: readonly ("email" | "phone")[];
  readonly listens: boolean;
}

export interface LapsingMember {
  readonly id: string;
  readonly vault: string;
  readonly session: string;
  /** Puts an object of so many bytes. */
  readonly put: (name: string, sizeBytes: number, week?: number) => Promise<void>;
  /** The names of its objects. */
  readonly names: () => Promise<readonly string[]>;
  /** The kinds of what it was told. */
  readonly told: () => Promise<readonly string[]>;
}

const OWN_BYTES = 1000;
export const LEVEL_BYTES = 100_000;

export async function startLapsing(startMs: number): Promise<Lapsing> {
  const folder = await mkdtemp(join(tmpdir(), "keepsake-lapse-"));
  const listening: { id: string; session: string }[] = [];
  const time = { nowMs: startMs };
  const server = await openServer(parseConfig({ KEEPSAKE_DATA: folder, KEEPSAKE_WEB: "" }), {
    log: () => undefined,
    clock: { now: () => time.nowMs },
  });
  const lapsing: Lapsing = {
    server,
    get nowMs() {
      return time.nowMs;
    },
    set nowMs(nowMs) {
      time.nowMs = nowMs;
    },
    today: () => dayOf(lapsing.nowMs),
    async newMember({ ways = ["email"], listens = true }: Partial<Reached> = {}) {
      const made = await newMember(lapsing, ways);
      if (listens) listening.push(made);
      return made;
    },
    async live(days, each) {
      for (let day = 0; day < days; day++) {
        lapsing.nowMs += DAY_MS;
        await countDay(lapsing);
        await stepLevels(lapsing.server);
        const { query } = lapsing.server.db;
        await query.updateTable("notice").set({ state: "sent", doneMs: lapsing.nowMs }).execute();
        for (const { session } of listening) await markHeard(lapsing.server, session, 1_000_000);
        await each?.();
      }
    },
    async pay(member, weeks, levelBytes = LEVEL_BYTES) {
      await lapsing.server.db.transaction(async (query) => {
        const first = Math.floor(lapsing.today() / 7);
        for (let week = first; week < first + weeks; week++)
          await query
            .insertInto("paidWeek")
            .values({ member, week, levelBytes })
            .onConflict((conflict) => conflict.doNothing())
            .execute();
        await turn(query, { member, today: lapsing.today() });
      });
    },
    async [Symbol.asyncDispose]() {
      await lapsing.server.db.close();
      await rm(folder, { recursive: true });
    },
  };
  await stepLevels(lapsing.server);
  return lapsing;
}

/** The server counts twenty minutes at a time: a day of them at once. */
async function countDay({ server: { db }, nowMs }: Lapsing): Promise<void> {
  const { value } = await db.query
    .selectFrom("fact")
    .select("value")
    .where("name", "=", "server-days")
    .executeTakeFirstOrThrow();
  const counted = JSON.parse(value) as { lastMs: number; ranMs: number; sureMs: number };
  const next = JSON.stringify({ ...counted, lastMs: nowMs, ranMs: counted.ranMs + DAY_MS });
  await db.query.updateTable("fact").set({ value: next }).where("name", "=", "server-days").execute();
}

async function newMember(
  { server, nowMs }: Lapsing,
  ways: readonly ("email" | "phone")[],
): Promise<LapsingMember> {
  const { query } = server.db;
  const [id, vault, session] = [randomId(), randomId(), randomId()];
  const none = { usedBytes: 0, reservedBytes: 0, trashedBytes: 0, events: 0, eventHash: "" };
  const steps = { deviceApproval: 0, roomStep: 0, roomRefused: 0, isOperator: 0 };
  await query
    .insertInto("member")
    .values({
      id,
      credential: id,
      record: "",
      state: "active" as const,
      createdMs: nowMs,
      quotaBytes: OWN_BYTES,
      ownBytes: OWN_BYTES,
      ...none,
      ...steps,
    })
    .execute();
  await query
    .insertInto("vault")
    .values({
      id: vault,
      member: id,
      createdMs: nowMs,
      usedBytes: 0,
      objects: 0,
      receipts: 0,
      receiptHash: "",
    })
    .execute();
  await query
    .insertInto("session")
    .values({
      id: session,
      member: id,
      tokenHash: session,
      deviceKey: "",
      platform: "cli",
      way: "sign-up",
      createdMs: nowMs,
      seenMs: nowMs,
      fullFromMs: 0,
      heardEvents: 0,
    })
    .execute();
  for (const kind of ways)
    await query
      .insertInto("contact")
      .values({
        id: randomId(),
        member: id,
        kind,
        nameIndex: randomId(),
        sealed: new Uint8Array(1),
        language: "en",
        addedMs: nowMs,
      })
      .execute();
  return waysOf(server, { id, vault, session });
}

function waysOf(
  server: Server,
  { id, vault, session }: Pick<LapsingMember, "id" | "vault" | "session">,
): LapsingMember {
  const { query } = server.db;
  const asked = { id: session, member: id, deviceKey: "", isOperator: false, fullFromMs: 0, seenMs: 0 };
  return {
    id,
    vault,
    session,
    async put(name, sizeBytes, week) {
      const bytes = new Uint8Array(sizeBytes);
      const sha256 = createHash("sha256").update(bytes).digest("hex");
      const object = { name, sizeBytes, sha256, week };
      await putObject(server, asked, { vault, object, bytes: Readable.from([bytes]) });
    },
    async names() {
      const rows = await query
        .selectFrom("object")
        .select("name")
        .where("vault", "=", vault)
        .orderBy("name")
        .execute();
      return rows.map(({ name }) => name);
    },
    async told() {
      const rows = await query
        .selectFrom("memberEvent")
        .select("kind")
        .where("member", "=", id)
        .orderBy("number")
        .execute();
      return rows.map(({ kind }) => kind);
    },
  };
}
