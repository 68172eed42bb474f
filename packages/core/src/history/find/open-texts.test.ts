import { beforeAll, expect, test } from "vitest";
import { madeHistory } from "../../../testing/history/index.ts";
import { randomOf } from "../../../testing/history/random.ts";
import { testPrimitives } from "../../../testing/primitives.ts";
import { KeepsakeError } from "../../base/index.ts";
import { createVault, memoryStore, newestSnapshot, type Store, type Vault } from "../../vault/index.ts";
import { backup } from "../backup.ts";
import { compact } from "../care/compact.ts";
import { emptyContentRoot, emptyRoot, loadHistory, manifestOf, type History } from "../state/state.ts";
import { chatCollections } from "../state/chats.ts";
import { search, type SearchHit } from "../search.ts";
import { OpenTexts, type TextHit } from "./open-texts.ts";

const primitives = await testPrimitives();

let vault: Vault;
let history: History;
let whole: OpenTexts;

/** Chats of several segments, and an open delta; messages that two sources show. */
beforeAll(async () => {
  const options = { primitives, store: memoryStore(), clock: { now: () => 1_790_000_000_000 } } as const;
  const root = { emptyRoot, emptyContentRoot: emptyContentRoot(primitives) };
  ({ vault } = await createVault({ ...options, ...root, language: "en", deviceName: "test" }));
  const made = { seed: 8, messages: 15_000, chats: 3, attachmentBytes: 0 };
  await backup(vault, { name: "phone", read: () => madeHistory(made) });
  await backup(vault, { name: "tablet", read: () => madeHistory({ ...made, messages: 11_000 }) });
  await compact(await loadHistory(vault, await newestSnapshot(vault)), "fold");
  await backup(vault, { name: "phone", read: () => madeHistory({ ...made, day2: { messages: 200 } }) });
  history = await loadHistory(vault, await newestSnapshot(vault));
  whole = await OpenTexts.open(history);
}, 120_000);

function keyOf(hit: TextHit): string {
  return JSON.stringify(hit);
}

const texts = ["的", "我们", "好", "a", "明天", "zzzqqq"];

test("the history has what makes it hard", async () => {
  const manifests = await Promise.all(chatCollections(history).map((each) => manifestOf(history, each)));
  expect(manifests.some((manifest) => (manifest?.messages.length ?? 0) > 2)).toBe(true);
  expect(history.deltas.length).toBeGreaterThan(0);
});

test("all of it finds what looking through the messages themselves finds", async () => {
  for (const text of texts) {
    const found = await search(history, { text });
    const keyOfHit = ({ chat, view, where, start }: SearchHit): string =>
      JSON.stringify([chat, view.message.time.sent, view.message.author, where.text, start]);
    const open = whole.find({ text });
    expect(
      open.map((hit) => JSON.stringify([hit.chat, hit.sent, hit.author, hit.text, hit.start])).sort(),
    ).toEqual(found.map(keyOfHit).sort());
  }
});

test("what is read on finds only what is there, each once, more and more of it, and in the end all", async () => {
  const all = new Map(texts.map((text) => [text, whole.find({ text }).map(keyOf)]));
  const open = OpenTexts.closed(history);
  expect(open.share).toBe(0);
  expect(open.find({ text: "的" })).toEqual([]);
  const shares: number[] = [];
  const counts: number[] = [];
  await open.readOn({
    onShare(share) {
      shares.push(share);
      let count = 0;
      for (const [text, expected] of all) {
        const found = open.find({ text }).map(keyOf);
        expect(new Set(found).size).toBe(found.length);
        const known = new Set(expected);
        expect(found.filter((key) => !known.has(key))).toEqual([]);
        count += found.length;
      }
      counts.push(count);
    },
  });
  expect(shares[0]).toBeLessThan(0.8);
  expect(shares).toEqual(shares.toSorted((a, b) => a - b));
  expect(shares.at(-1)).toBe(1);
  expect(counts).toEqual(counts.toSorted((a, b) => a - b));
  for (const [text, expected] of all) {
    expect(open.find({ text }).map(keyOf).sort()).toEqual(expected.toSorted());
    const sent = open.find({ text, limit: 9 }).map((hit) => hit.sent);
    expect(sent).toEqual(whole.find({ text, limit: 9 }).map((hit) => hit.sent));
  }
});

test("the newest is there first", async () => {
  const open = OpenTexts.closed(history);
  const stop = new AbortController();
  await expect(open.readOn({ signal: stop.signal, onShare: () => stop.abort() })).rejects.toMatchObject({
    code: "base.aborted",
  });
  expect(open.share).toBeLessThan(0.8);
  const newest = whole.find({ text: "的", limit: 3 });
  expect(open.find({ text: "的", limit: 3 })).toEqual(newest);
  const [hit] = newest;
  expect((await open.viewOf(hit!))!.message.time.sent).toBe(hit!.sent);
});

test("it goes on where it was stopped, or where the store failed, and in one line however often it is asked", async () => {
  const random = randomOf("failing");
  const { store } = vault;
  const failing: Store = {
    ...store,
    get(...call) {
      if (random.chance(0.2))
        return Promise.reject(new KeepsakeError("store.unavailable", { retry: "later" }));
      return store.get(...call);
    },
  };
  const open = OpenTexts.closed({ ...history, vault: { ...vault, store: failing } });
  let failures = 0;
  while (open.share < 1) {
    const asked = [open.readOn(), open.readOn()].map((reading) => reading.catch(() => failures++));
    await Promise.all(asked);
  }
  expect(failures).toBeGreaterThan(3);
  for (const text of texts)
    expect(open.find({ text }).map(keyOf).sort()).toEqual(whole.find({ text }).map(keyOf).sort());
});
