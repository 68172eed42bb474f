import { afterEach, beforeEach, expect, test } from "vitest";
import { mapBounded } from "../../packages/core/src/base/index.ts";
import {
  bringBack,
  closeMembership,
  logIn,
  serverStore,
  trashLines,
  type TrashLine,
} from "../../packages/core/src/client/index.ts";
import { someBytes } from "../../packages/core/testing/stores/conformance.ts";
import { renewTokens } from "../../packages/server/src/vaults/key-tokens.ts";
import { reconcile } from "../../packages/server/src/vaults/reconcile.ts";
import { sweep } from "../../packages/server/src/vaults/sweep.ts";
import { password, startTestServer, type Member, type TestServer } from "./serving.ts";
import { add, made, reopened, textsOf, type Made } from "./vaults.ts";

/*
 * A23: a device is stolen while it is logged in. It deletes all that it can; the owner finds out days later.
 */

const DAY_MS = 24 * 60 * 60_000;
const life = { seed: "stolen", messages: 300, chats: 4 };

let nowMs = Date.now();
let server: TestServer;
let thief: Member;
let vault: string;
let mine: Made;
beforeEach(async () => {
  nowMs = Date.now();
  server = await startTestServer({}, { now: () => nowMs });
  thief = await server.newMember("robbed");
  vault = await thief.newVault();
  mine = await made(serverStore({ connection: thief.connection, vault }), { now: () => nowMs });
  await add(mine, life);
});
afterEach(() => server[Symbol.asyncDispose]());

async function namesOf(member: Pick<Member, "connection">): Promise<readonly string[]> {
  const names: string[] = [];
  const store = serverStore({ connection: member.connection, vault });
  for await (const { name } of store.list("")) names.push(name);
  return names;
}

async function trashOf(member: Pick<Member, "connection">): Promise<readonly TrashLine[]> {
  const lines: TrashLine[] = [];
  for await (const line of trashLines(member.connection, vault)) lines.push(line);
  return lines;
}

/** The server as it runs on: swept twice a day, tokens sealed anew. */
async function pass(days: number): Promise<void> {
  for (let half = 0; half < 2 * days; half++, nowMs += DAY_MS / 2) {
    await sweep(server.server);
    await renewTokens(server.server);
  }
}

async function many<T>(items: readonly T[], act: (item: T) => Promise<unknown>): Promise<void> {
  for await (const _ of mapBounded(items, 16, act)) continue;
}

test("A23: all that a stolen device deletes comes back, from every page of the trash", async () => {
  const store = serverStore({ connection: thief.connection, vault });
  // More than a page of the trash holds.
  await many(
    Array.from({ length: 1010 }, (_, i) => i),
    (i) => store.put(`journals/j${i}`, someBytes(20, i)),
  );
  await sweep(server.server);
  const before = await namesOf(thief);
  const words = { kind: "words", words: mine.words } as const;
  const texts = await textsOf(await reopened(store, words));
  expect(texts.length).toBeGreaterThanOrEqual(300);

  nowMs += 1000;
  const sinceMs = nowMs;
  await many(before, (name) => store.remove(name));
  // And worthless things in their places, put and removed again so that they hide what lies below.
  for (const name of before.slice(0, 5).concat(before.filter((each) => !each.startsWith("journals/")))) {
    await store.put(name, someBytes(400));
    nowMs += 1;
    await store.remove(name);
    await store.put(name, someBytes(500));
  }
  // It logs everybody else out, and names a pack of its own as the only one that holds keys.
  await store.put("packs/own", someBytes(70_000), { holdsKeys: true });
  await store.put("heads/9999999999", someBytes(500), { keyPacks: ["own"] });
  await pass(6);

  const owner = await logIn(server.connection, { name: "robbed", password, platform: "phone" });
  const there = server.connection.with(owner);
  await there.call("DELETE /v1/devices/{id}", { params: { id: thief.membership.session } });
  await expect(store.get("packs/own")).rejects.toMatchObject({ code: "member.no-session" });
  const back = await bringBack(there, { vault, sinceMs });
  expect(back.toSorted()).toEqual([...before].toSorted());
  // Done once more, as after a cut, it changes nothing.
  expect(await bringBack(there, { vault, sinceMs })).toEqual([]);
  const opened = await reopened(serverStore({ connection: there, vault }), words);
  expect(await textsOf(opened)).toEqual(texts);

  // The next version names the keys again: they outlast what the thief said of them.
  const device = await reopened(serverStore({ connection: there, vault }), mine.secret);
  await add({ vault: device.vault }, { ...life, day2: { messages: 20 } });
  await pass(40);
  const later = await textsOf(await reopened(serverStore({ connection: there, vault }), words));
  expect(later.length).toBe(texts.length + 20);
  expect(await reconcile(server.server)).toEqual({ orphans: 0, missing: 0 });
}, 120_000);

test("A23: packs that a stolen device puts in the place of keys, with tokens of its own, take none of theirs", async () => {
  const store = serverStore({ connection: thief.connection, vault });
  const journal = new Uint8Array([...Buffer.from("KPSK"), 1, 1, 1, 0, ...someBytes(20)]);
  await store.put("journals/mine", journal, { holdsKeys: true });
  await sweep(server.server);
  const words = { kind: "words", words: mine.words } as const;
  const texts = await textsOf(await reopened(store, words));
  const { query } = server.server.db;
  const kept = await query.selectFrom("keyToken").select("name").where("untilMs", "is", null).execute();
  const holders = kept.map(({ name }) => name);
  expect(holders.length).toBeGreaterThanOrEqual(2);
  const keyPacks = holders.filter((name) => name.startsWith("packs/")).map((name) => name.slice(6));

  nowMs += 1000;
  const sinceMs = nowMs;
  for (const name of [...holders, ...holders]) {
    await store.remove(name);
    nowMs += 1;
    await store.put(name, someBytes(4096), { holdsKeys: true });
  }
  await store.put("heads/9999999999", someBytes(500), { keyPacks });
  await pass(6);

  const owner = await logIn(server.connection, { name: "robbed", password, platform: "phone" });
  const there = server.connection.with(owner);
  const back = await bringBack(there, { vault, sinceMs });
  expect(back.toSorted()).toEqual(holders.toSorted());
  await serverStore({ connection: there, vault }).remove("heads/9999999999");
  const again = serverStore({ connection: there, vault });
  expect(await textsOf(await reopened(again, words))).toEqual(texts);
  expect(await again.get("journals/mine", undefined, { holdsKeys: true })).toEqual(journal);
  // They live on as those of any vault; what took their place goes for good.
  await pass(40);
  expect(await textsOf(await reopened(again, words))).toEqual(texts);
  const rows = await query.selectFrom("keyToken").select("trash").execute();
  expect(rows.filter(({ trash }) => trash !== "")).toEqual([]);
}, 60_000);

test("A23: it cannot empty the trash, shorten its days, or end the membership without the password", async () => {
  const store = serverStore({ connection: thief.connection, vault });
  await sweep(server.server);
  for (const name of await namesOf(thief)) await store.remove(name);
  const lines = await trashOf(thief);
  for (const path of [`trash`, `trash/${lines[0]!.id}`, ""])
    await expect(
      thief.connection.send({ method: "DELETE", path: `/v1/vaults/${vault}/${path}` }),
    ).rejects.toMatchObject({ code: "request.not-found" });
  await expect(
    closeMembership(thief.connection, { password: "a guess of the thief's" }),
  ).rejects.toMatchObject({ code: "member.wrong-login" });
  await pass(6.5);
  expect(await trashOf(thief)).toEqual(lines);
  const { events } = await thief.connection.call("GET /v1/events");
  expect(events.filter(({ kind }) => kind === "object-removed")).toHaveLength(lines.length);
});
