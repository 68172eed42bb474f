import fc from "fast-check";
import { expect, test } from "vitest";
import { testPrimitives } from "../../testing/primitives.ts";
import { runs } from "../../testing/runs.ts";
import { KeepsakeError } from "../base/index.ts";
import { chatId, type Message, type ReadEvent, type ReadMemory } from "../model/index.ts";
import { createVault, memoryStore, newestSnapshot } from "../vault/index.ts";
import { backup, type BackupResult } from "./backup.ts";
import { forgetChats } from "./care/forget.ts";
import type { Memo } from "./intake/memory.ts";
import { restoredEvents } from "./restore.ts";
import { RowReader } from "./rows/read.ts";
import { chatCollections } from "./state/chats.ts";
import type { BackupOptions } from "./write/work.ts";
import { emptyContentRoot, emptyRoot, loadHistory } from "./state/state.ts";

const primitives = await testPrimitives();
const chat = chatId({ platform: "test", class: "user", nativeId: "x" });

interface Said {
  readonly id: number;
  readonly sent: number;
  readonly text: string;
}

function messageOf({ id, sent, text }: Said): Message {
  return {
    chat,
    kind: "text",
    body: { text },
    nativeIds: [{ scheme: "test", value: String(id) }],
    order: String(id),
    time: { sent, precision: "s", zone: "utc" },
  };
}

/** So much time is one block for the reader below. */
const BLOCK = 50;

/** A reader that tells blocks of time that are as they were in one word, where it may. */
async function* reading(history: readonly Said[], memory?: ReadMemory): AsyncGenerator<ReadEvent> {
  const blocks = new Map<number, Said[]>();
  for (const said of [...history].sort((a, b) => a.sent - b.sent || a.id - b.id)) {
    const block = Math.floor(said.sent / BLOCK);
    blocks.set(block, [...(blocks.get(block) ?? []), said]);
  }
  const before = new Map(JSON.parse(memory?.before ?? "[]") as [number, string][]);
  const now = [...blocks].map(([block, list]) => [block, memory?.sha256Text(JSON.stringify(list))] as const);
  yield { type: "source", source: { format: "test", platform: "test" } };
  yield { type: "chat", chat: { id: chat, platform: "test", kind: "direct", own: [] } };
  for (const [block, digest] of now) {
    const list = blocks.get(block)!;
    if (digest !== undefined && before.get(block) === digest)
      yield { type: "same", from: list[0]!.sent, until: list.at(-1)!.sent, messages: list.length };
    else for (const said of list) yield { type: "message", message: messageOf(said) };
  }
  memory?.keep(JSON.stringify(now));
}

/** One message with a picture that cannot be read while `isBroken` holds; told only where it is not remembered. */
async function* pictured(isBroken: boolean, memory?: ReadMemory): AsyncGenerator<ReadEvent> {
  memory?.keep("all");
  yield { type: "source", source: { format: "test", platform: "test" } };
  yield { type: "chat", chat: { id: chat, platform: "test", kind: "direct", own: [] } };
  if (memory?.before !== undefined) return yield { type: "same", from: 1, until: 1, messages: 1 };
  const file = {
    path: "1.jpg",
    sizeBytes: 3,
    // oxlint-disable-next-line typescript/require-await -- the port is asynchronous
    async *open() {
      if (isBroken) throw new KeepsakeError("format.unreadable");
      yield new Uint8Array([1, 2, 3]);
    },
  };
  const message = messageOf({ id: 1, sent: 1, text: "look" });
  yield {
    type: "message",
    message: { ...message, attachments: [{ state: "present", kind: "image" }] },
    files: [file],
  };
}

async function newPhone(withMemory: boolean) {
  const store = memoryStore();
  const clock = { now: () => 1_790_000_000_000 };
  const options = { primitives, store, clock, language: "en", deviceName: "test" } as const;
  const root = { emptyRoot, emptyContentRoot: emptyContentRoot(primitives) };
  const { vault } = await createVault({ ...options, ...root });
  let memo: Memo | undefined;
  let told = 0;
  const memos = {
    load: () => Promise.resolve(memo),
    save: (next: Memo | undefined) => Promise.resolve(void (memo = next)),
  };
  async function* counted(events: AsyncIterable<ReadEvent>): AsyncGenerator<ReadEvent> {
    for await (const event of events) {
      if (event.type === "message") told++;
      yield event;
    }
  }
  return {
    vault,
    memos,
    get told() {
      return told;
    },
    async backup(history: readonly Said[], more: BackupOptions = {}, name = "phone"): Promise<BackupResult> {
      told = 0;
      const read = (memory?: ReadMemory): AsyncGenerator<ReadEvent> => counted(reading(history, memory));
      return backup(vault, { name, read }, { ...(withMemory && { memos }), ...more });
    },
    async shown(): Promise<unknown[]> {
      const events: unknown[] = [];
      const newest = await loadHistory(vault, await newestSnapshot(vault));
      for await (const event of restoredEvents(newest))
        if (event.type === "message") events.push(event.message);
      return events;
    },
  };
}

function outcome({ chats, shrink }: BackupResult): unknown {
  return {
    chats: chats.map(({ added, incoming, gone }) => ({
      added,
      incoming,
      gone: [...gone].sort((a, b) => a - b),
    })),
    shrink,
  };
}

const step = fc.oneof(
  fc.record({
    kind: fc.constant("add" as const),
    sent: fc.nat(2000),
    count: fc.integer({ min: 1, max: 30 }),
  }),
  fc.record({ kind: fc.constant("more" as const), count: fc.integer({ min: 1, max: 300 }) }),
  fc.record({ kind: fc.constant("edit" as const), place: fc.nat() }),
  fc.record({
    kind: fc.constant("remove" as const),
    place: fc.nat(),
    count: fc.integer({ min: 1, max: 40 }),
  }),
  fc.record({ kind: fc.constant("backup" as const), acceptShrink: fc.boolean() }),
);

type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

function changed(history: readonly Said[], next: Step, seed: number): readonly Said[] {
  const last = history.at(-1)?.sent ?? 0;
  const made = (count: number, from: number): Said[] =>
    Array.from({ length: count }, (_, i) => ({ id: seed * 1000 + i, sent: from + i, text: `m${seed}.${i}` }));
  const place = "place" in next ? next.place % Math.max(1, history.length) : 0;
  if (next.kind === "add") return [...history, ...made(next.count, next.sent)];
  if (next.kind === "more") return [...history, ...made(next.count, last)];
  if (next.kind === "remove") return history.toSpliced(place, next.count);
  if (next.kind === "edit")
    return history.map((said, i) => (i === place ? { ...said, text: `${said.text} edited ${seed}` } : said));
  return history;
}

test("what a reader passes over is as if it had told it: the same versions, the same alarm", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 2, maxLength: 14 }), async (steps) => {
      const [quick, plain] = [await newPhone(true), await newPhone(false)];
      let history = changed([], { kind: "more", count: 600 }, 0);
      const all = [...steps, { kind: "backup", acceptShrink: false } as const];
      for (const [i, next] of [{ kind: "backup", acceptShrink: false } as const, ...all].entries()) {
        history = changed(history, next, i + 1);
        if (next.kind !== "backup") continue;
        const options = { acceptShrink: next.acceptShrink, reread: next.acceptShrink };
        const results = [await quick.backup(history, options), await plain.backup(history, options)] as const;
        expect(outcome(results[0])).toEqual(outcome(results[1]));
        expect(await quick.shown()).toEqual(await plain.shown());
      }
    }),
    { numRuns: runs(40) },
  );
}, 120_000);

test("what is as it was is not told, and what was revoked and removed amid it is found", async () => {
  const phone = await newPhone(true);
  const history = changed([], { kind: "more", count: 2000 }, 0);
  await phone.backup(history);
  expect(phone.told).toBe(2000);
  const later = history.flatMap((said) =>
    said.id === 777 ? [] : [said.id === 1234 ? { ...said, text: "recalled" } : said],
  );
  const result = await phone.backup([...later, { id: 5000, sent: 2500, text: "new" }]);
  expect(phone.told).toBeLessThan(2.5 * BLOCK);
  expect(result.chats).toMatchObject([{ incoming: 2000, added: 2, gone: [expect.any(Number)] }]);
});

test("a memo of another run, of another name, or of an alarm that nobody answered is not used", async () => {
  const phone = await newPhone(true);
  const history = changed([], { kind: "more", count: 600 }, 0);
  await phone.backup(history);
  await phone.backup(history, {}, "another name");
  expect(phone.told).toBe(600);
  await phone.backup(history, {}, "phone");
  expect(phone.told).toBe(600);
  const few = history.filter((_, i) => i % 2 === 0 || i > 500);
  expect((await phone.backup(few)).shrink).toBeDefined();
  expect((await phone.backup(few)).shrink).toBeDefined();
  expect(phone.told).toBe(few.length);
});

test("a chat that was forgotten meanwhile is read whole again", async () => {
  const phone = await newPhone(true);
  const history = changed([], { kind: "more", count: 600 }, 0);
  await phone.backup(history);
  const loaded = await loadHistory(phone.vault, await newestSnapshot(phone.vault));
  await forgetChats(loaded, new Set(chatCollections(loaded)));
  await phone.backup(history);
  expect(await phone.shown()).toHaveLength(600);
  expect(
    chatCollections(new RowReader(await loadHistory(phone.vault, await newestSnapshot(phone.vault))).history),
  ).toHaveLength(1);
});

test("a chat that was forgotten and came again from elsewhere is read whole again", async () => {
  const phone = await newPhone(true);
  const history = changed([], { kind: "more", count: 600 }, 0);
  await phone.backup(history);
  const loaded = await loadHistory(phone.vault, await newestSnapshot(phone.vault));
  await forgetChats(loaded, new Set(chatCollections(loaded)));
  const few = history.slice(0, 10);
  await backup(phone.vault, { name: "old computer", read: () => reading(few) });
  await phone.backup(history);
  expect(await phone.shown()).toHaveLength(600);
});

test("a file that could not be read is asked for again, although the source is what it was", async () => {
  const phone = await newPhone(true);
  const { vault, memos } = phone;
  const about = { name: "phone", fingerprint: "0".repeat(64) };
  const broken = await backup(vault, { ...about, read: (memory) => pictured(true, memory) }, { memos });
  expect(broken.findings).toMatchObject([{ code: "history.unreadable-file" }]);
  const again = await backup(vault, { ...about, read: (memory) => pictured(false, memory) }, { memos });
  expect(again.isUnchanged).toBe(false);
  expect(await phone.shown()).toMatchObject([{ attachments: [{ state: "present", sizeBytes: 3 }] }]);
});
