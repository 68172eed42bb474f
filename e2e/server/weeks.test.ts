import { afterEach, beforeEach, expect, test } from "vitest";
import { bytesToHex } from "../../packages/core/src/base/index.ts";
import { serverStore } from "../../packages/core/src/client/index.ts";
import { removedPacks, yearsAhead } from "../../packages/core/src/client/plans/index.ts";
import { check } from "../../packages/core/src/history/care/check.ts";
import { backup, loadHistory, restoredEvents } from "../../packages/core/src/history/index.ts";
import { emptyContentRoot, emptyRoot } from "../../packages/core/src/history/state/state.ts";
import { canonicalText } from "../../packages/core/src/model/index.ts";
import { dayOf, weekOf } from "../../packages/core/src/protocol/index.ts";
import { createVault, newestSnapshot, type Vault } from "../../packages/core/src/vault/index.ts";
import { madeHistory } from "../../packages/core/testing/history/index.ts";
import { someBytes } from "../../packages/core/testing/stores/conformance.ts";
import { stepLapses } from "../../packages/server/src/levels/lapse/step.ts";
import { turn, turnAll } from "../../packages/server/src/levels/turn.ts";
import { markHeard } from "../../packages/server/src/members/events.ts";
import { startTestServer, type Member, type TestServer } from "./serving.ts";

const DAY_MS = 24 * 60 * 60_000;
const OWN_BYTES = 1_500_000;

let nowMs = 0;
let server: TestServer;
let member: Member;
beforeEach(async () => {
  // The first day of a week.
  nowMs = weekOf(dayOf(Date.parse("2026-08-20"))) * 7 * DAY_MS + DAY_MS / 2;
  server = await startTestServer({ KEEPSAKE_QUOTA_BYTES: String(OWN_BYTES) }, { now: () => nowMs });
  member = await server.newMember();
});
afterEach(() => server[Symbol.asyncDispose]());

async function weeks(): Promise<Record<string, number>> {
  const rows = await server.server.db.query.selectFrom("object").select(["name", "week"]).execute();
  return Object.fromEntries(rows.map(({ name, week }) => [name, week]));
}

test("a server hears of a quarter, and only where the client says so", async () => {
  const vault = await member.newVault();
  const { connection } = member;
  const silent = serverStore({ connection, vault });
  const unwilling = serverStore({ connection, vault, givesWeeks: async () => false });
  const willing = serverStore({ connection, vault, givesWeeks: async () => true });
  await silent.put("packs/a", someBytes(500), { week: 2900 });
  await unwilling.put("packs/b", someBytes(500), { week: 2900 });
  await willing.put("packs/c", someBytes(500), { week: 2900 });
  await willing.put("packs/d", someBytes(500), { week: 2911 });
  await willing.put("packs/e", someBytes(500), { week: 2912 });
  await willing.put("packs/f", someBytes(500));
  // 2899 to 2911 are one quarter of 13 weeks.
  expect(await weeks()).toEqual({
    "packs/a": 0,
    "packs/b": 0,
    "packs/c": 2911,
    "packs/d": 2911,
    "packs/e": 2924,
    "packs/f": 0,
  });
});

/** Pays for so many weeks from this one on, as tickets would. */
async function pay(count: number): Promise<void> {
  const { member: id } = member.membership;
  await server.server.db.transaction(async (query) => {
    const first = weekOf(dayOf(nowMs));
    for (let week = first; week < first + count; week++)
      await query.insertInto("paidWeek").values({ member: id, week, levelBytes: 50_000_000 }).execute();
    await turn(query, { member: id, today: dayOf(nowMs) });
  });
}

/** Days pass on which the server runs and tells: mails are taken, a device listens. */
async function live(days: number): Promise<void> {
  const { query } = server.server.db;
  for (let day = 0; day < days; day++) {
    nowMs += DAY_MS;
    await turnAll(server.server);
    await stepLapses(server.server, { day: dayOf(nowMs), isSure: true });
    await query.updateTable("notice").set({ state: "sent", doneMs: nowMs }).execute();
    const { id } = await query.selectFrom("session").select("id").executeTakeFirstOrThrow();
    await markHeard(server.server, id, 1_000_000);
  }
}

async function restored(vault: Vault) {
  const { primitives } = member.connection;
  const [texts, files, findings] = [[] as string[], new Set<string>(), [] as string[]];
  for await (const event of restoredEvents(await loadHistory(vault, await newestSnapshot(vault)))) {
    if (event.type === "finding") findings.push(event.finding.code);
    if (event.type !== "message") continue;
    texts.push(canonicalText(event.message));
    for (const file of event.files ?? []) {
      if (file === undefined) continue;
      const hash = primitives.sha256Stream();
      try {
        for await (const piece of file.open()) hash.update(piece);
        files.add(bytesToHex(hash.digest()));
      } catch {
        findings.push(file.path);
      }
    }
  }
  return { texts: texts.sort(), files, findings };
}

test(
  "who stopped paying loses the oldest files as announced, and no message",
  { timeout: 240_000 },
  async () => {
    const { connection, membership } = member;
    const { primitives } = connection;
    const { query } = server.server.db;
    const serverVault = await member.newVault();
    await query
      .insertInto("contact")
      .values({
        id: "0".repeat(26),
        member: membership.member,
        kind: "email",
        nameIndex: "0",
        sealed: new Uint8Array(1),
        language: "en",
        addedMs: nowMs,
      })
      .execute();
    await pay(4);
    const store = serverStore({ connection, vault: serverVault, givesWeeks: async () => true });
    const clock = { now: () => nowMs };
    const made = { emptyRoot, emptyContentRoot: emptyContentRoot(primitives) };
    const about = { primitives, store, clock, language: "en", deviceName: "test", ...made } as const;
    const { vault } = await createVault(about);
    const years = { startMs: Date.parse("2014-01-01"), endMs: Date.parse("2026-08-01") };
    const history = { seed: "weeks", messages: 1200, chats: 4, attachmentBytes: 3_000_000, ...years };
    await backup(vault, { name: "phone", read: () => madeHistory(history) });
    const before = await restored(vault);
    expect(before.texts).toHaveLength(1200);
    expect(before.findings).toEqual([]);

    const stored = await weeks();
    const dated = Object.entries(stored).filter(([, week]) => week > 0);
    expect(dated.length).toBeGreaterThan(4);
    expect(dated.every(([name, week]) => name.startsWith("packs/") && (week + 1) % 13 === 0)).toBe(true);
    const ahead = await connection.call("GET /v1/level/removals/ahead");
    const going = yearsAhead(ahead);
    expect(going[0]!.goingBytes).toBe(going[0]!.bytes);
    expect(going.at(-1)!.goingBytes).toBe(0);

    await live(28 + 179);
    expect(Object.keys(await weeks())).toEqual(Object.keys(stored));
    await live(1);
    const left = await weeks();
    const gone = dated.filter(([name]) => !(name in left));
    expect(gone.length).toBe(ahead.weeks.reduce((sum, { goingObjects }) => sum + goingObjects, 0));
    const leftWeeks = Object.values(left).filter((week) => week > 0);
    expect(Math.max(...gone.map(([, week]) => week))).toBeLessThanOrEqual(Math.min(...leftWeeks));
    const kept = Object.entries(stored).filter(([, week]) => week === 0);
    expect(kept.every(([name]) => name in left)).toBe(true);

    const receiptKey = (await connection.call("GET /v1/server")).receiptKey;
    const looked = async () => {
      const opened = await loadHistory(vault, await newestSnapshot(vault));
      const count = await removedPacks(connection, { receiptKey, member: membership.member });
      return { count, ...(await check(opened, { level: "full", removedPacks: count })) };
    };
    const first = await looked();
    expect(first).toMatchObject({ count: gone.length, damages: [] });
    expect(first.gone.length).toBeGreaterThan(0);
    // Who does not ask the server hears that packs are missing.
    const alone = await check(await loadHistory(vault, await newestSnapshot(vault)), { level: "structure" });
    expect(alone.gone).toEqual([]);
    expect(new Set(alone.damages.map(({ pack }) => `packs/${pack}`))).toEqual(
      new Set(gone.map(([name]) => name)),
    );

    const after = await restored(vault);
    expect(after.texts).toEqual(before.texts);
    expect(after.files.size).toBeGreaterThan(0);
    expect(after.files.size).toBeLessThan(before.files.size);
    expect([...after.files].every((file) => before.files.has(file))).toBe(true);
    const goneFiles = first.gone.reduce((sum, { files }) => sum + files, 0);
    expect(before.files.size - after.files.size).toBe(goneFiles);

    // Whoever looks is somebody who may be restoring: nothing ends for a month more.
    await live(70);
    const { removals } = await connection.call("GET /v1/level/removals");
    expect(removals).toEqual([expect.objectContaining({ objects: gone.length })]);
    expect(await looked()).toMatchObject({ count: gone.length, damages: [], gone: first.gone });
    // One pack more that is missing is no removal.
    await query
      .deleteFrom("object")
      .where(
        "name",
        "=",
        Object.keys(left).find((name) => left[name]! > 0)!,
      )
      .execute();
    const robbed = await looked();
    expect(robbed.gone).toEqual([]);
    expect(new Set(robbed.damages.map(({ pack }) => pack)).size).toBe(gone.length + 1);
  },
);
