import { beforeAll, describe, expect, test } from "vitest";
import { madeHistory } from "../../testing/history/index.ts";
import { testPrimitives } from "../../testing/primitives.ts";
import { fold, searchTexts } from "../model/index.ts";
import { createVault, memoryStore, newestSnapshot } from "../vault/index.ts";
import { backup } from "./backup.ts";
import { OpenTexts, type TextQuery } from "./find/open-texts.ts";
import { RowReader } from "./rows/read.ts";
import { search, type SearchHit } from "./search.ts";
import { chatCollections } from "./state/chats.ts";
import { emptyContentRoot, emptyRoot, loadHistory, type History } from "./state/state.ts";
import { HistoryView, type MessageView } from "./view.ts";

const primitives = await testPrimitives();

interface Shown {
  readonly chat: string;
  readonly view: MessageView;
}

let history: History;
let shown: Shown[];

beforeAll(async () => {
  const store = memoryStore();
  const clock = { now: () => 1_790_000_000_000 };
  const options = { primitives, store, clock, language: "en", deviceName: "test" } as const;
  const root = { emptyRoot, emptyContentRoot: emptyContentRoot(primitives) };
  const { vault } = await createVault({ ...options, ...root });
  const made = { seed: 3, messages: 2500, chats: 5, attachmentBytes: 0 };
  // A first reading, a day more as a delta, and the same phone seen by another source.
  for (const [name, more] of [
    ["phone", {}],
    ["phone", { day2: { messages: 150 } }],
    ["tablet", { messages: 1500 }],
  ] as const)
    await backup(vault, { name, read: () => madeHistory({ ...made, ...more }) });
  history = await loadHistory(vault, await newestSnapshot(vault));
  const view = new HistoryView(new RowReader(history));
  shown = [];
  for (const collection of chatCollections(history)) {
    const chat = history.entries.get(collection)!.name;
    for await (const each of view.messages(collection)) shown.push({ chat, view: each });
  }
}, 60_000);

/** What is found by looking at every message. */
function expected(query: TextQuery): string[] {
  const needle = fold(query.text);
  const { from = -Infinity, until = Infinity } = query;
  const found = shown.filter(({ chat, view: { message } }) => {
    const { sent } = message.time;
    if (query.chats?.includes(chat) === false || sent < from || sent >= until) return false;
    if (query.authors?.includes(message.author ?? "") === false) return false;
    if (query.kinds?.includes(message.kind) === false) return false;
    return searchTexts(message).some(({ text }) => fold(text).includes(needle));
  });
  return found.map(({ chat, view }) => keyOf(chat, view)).sort();
}

function keyOf(chat: string, { message }: MessageView): string {
  return JSON.stringify([
    chat,
    message.time.sent,
    message.author,
    message.nativeIds,
    searchTexts(message)[0],
  ]);
}

/** Some texts that occur, of all lengths; some that do not. */
function wanted(): string[] {
  const texts = shown.flatMap(({ view }) => searchTexts(view.message).map(({ text }) => text));
  const pieces = Array.from({ length: 9 }, (_, i) => {
    const text = texts[(i * 7919) % texts.length]!;
    return text.slice(i % 5, (i % 5) + 1 + (i % 9)) || text;
  });
  return [...pieces, pieces[3]!.toUpperCase(), pieces[5]!.toUpperCase(), "zzzqqq", "不在這裡的字"];
}

function queries(): TextQuery[] {
  const { chat, view } = shown[shown.length >> 1]!;
  const { author, time } = view.message;
  return wanted().flatMap((text, i): TextQuery[] => [
    { text },
    [
      { text, chats: [chat] },
      { text, authors: [author!] },
      { text, from: time.sent },
    ][i % 3]!,
    [
      { text, until: time.sent },
      { text, kinds: ["text"] },
      { text, from: time.sent - 9e8, until: time.sent },
    ][i % 3]!,
  ]);
}

test("what is found is what every message would show", async () => {
  expect(history.deltas.length).toBeGreaterThan(0);
  for (const query of queries()) {
    const hits = await search(history, query);
    expect(hits.map((hit) => keyOf(hit.chat, hit.view)).sort()).toEqual(expected(query));
    for (const { where, start, length } of hits)
      expect(fold(where.text.slice(start, start + length))).toBe(fold(query.text));
  }
}, 60_000);

test("with a limit, the newest are found, newest first", async () => {
  const sentOf = ({ view }: SearchHit): number => view.message.time.sent;
  for (const text of wanted()) {
    const all = (await search(history, { text })).map(sentOf);
    expect(all).toEqual(all.toSorted((a, b) => b - a));
    for (const limit of [1, 7]) {
      expect((await search(history, { text, limit })).map(sentOf)).toEqual(all.slice(0, limit));
      const accepted = await search(history, { text, limit, accept: ({ time }) => time.sent % 2000 === 0 });
      expect(accepted.map(sentOf)).toEqual(all.filter((sent) => sent % 2000 === 0).slice(0, limit));
    }
  }
}, 60_000);

describe("the open text", { timeout: 60_000 }, () => {
  test("finds the same, and gives each message", async () => {
    const open = await OpenTexts.open(history);
    for (const [i, query] of queries().entries()) {
      const hits = open.find(query);
      expect(hits.length).toBe(expected(query).length);
      for (const { text, start, length } of hits)
        expect(fold(text.slice(start, start + length))).toBe(fold(query.text));
      const few = open.find({ ...query, limit: 5 });
      expect(few.map(({ sent }) => sent)).toEqual(hits.slice(0, 5).map(({ sent }) => sent));
      if (i % 7 !== 0) continue;
      const views = await Promise.all(few.map((hit) => open.viewOf(hit)));
      const keys = few.map(({ chat }, at) => keyOf(chat, views[at]!));
      for (const key of keys) expect(expected(query)).toContain(key);
      expect(new Set(keys).size).toBe(few.length);
    }
  });
});
