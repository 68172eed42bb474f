import { describe, expect, test } from "vitest";
import { madeHistory, historyEvents } from "../../testing/history/index.ts";
import { testPrimitives } from "../../testing/primitives.ts";
import { canonicalText, compareMessages, type Message, type ReadEvent } from "../model/index.ts";
import { createVault, memoryStore, newestSnapshot, openVault, type Vault } from "../vault/index.ts";
import { backup, type BackupOptions, type BackupResult } from "./backup.ts";
import { restoredEvents } from "./restore.ts";
import { emptyContentRoot, emptyRoot, loadHistory } from "./state/state.ts";

const primitives = await testPrimitives();
const clock = { now: () => 1_790_000_000_000 };

async function makeVault() {
  const store = memoryStore();
  const options = { primitives, store, clock, language: "en", deviceName: "test" } as const;
  return {
    store,
    ...(await createVault({ ...options, emptyRoot, emptyContentRoot: emptyContentRoot(primitives) })),
  };
}

function sourceFrom(events: () => Iterable<ReadEvent> | AsyncIterable<ReadEvent>, name = "phone") {
  return {
    name,
    async *read() {
      yield* events();
    },
  };
}

async function restored(vault: Vault): Promise<Map<string, Message[]>> {
  const history = await loadHistory(vault, await newestSnapshot(vault));
  const chats = new Map<string, Message[]>();
  for await (const event of restoredEvents(history)) {
    if (event.type === "finding") throw new TypeError(event.finding.code);
    if (event.type === "message")
      chats.set(event.message.chat, [...(chats.get(event.message.chat) ?? []), event.message]);
  }
  return chats;
}

async function expected(events: Iterable<ReadEvent>): Promise<Map<string, Message[]>> {
  const chats = new Map<string, Message[]>();
  for (const event of events) {
    if (event.type === "message")
      chats.set(event.message.chat, [...(chats.get(event.message.chat) ?? []), event.message]);
  }
  for (const messages of chats.values()) messages.sort(compareMessages);
  return chats;
}

const texts = (chats: Map<string, Message[]>): Record<string, string[]> =>
  Object.fromEntries(
    [...chats].sort(([a], [b]) => (a < b ? -1 : 1)).map(([chat, list]) => [chat, list.map(canonicalText)]),
  );

function added(result: BackupResult): number {
  return result.chats.reduce((sum, chat) => sum + chat.added, 0);
}

describe("a backup", () => {
  test("gives every message back, to the letter", async () => {
    const { vault } = await makeVault();
    const options = { seed: 1, messages: 3000, chats: 12 };
    const result = await backup(
      vault,
      sourceFrom(() => madeHistory(options)),
    );
    expect(added(result)).toBe(3000);
    expect(texts(await restored(vault))).toEqual(texts(await expected(historyEvents(options))));
  });

  test("of the same source again adds nothing", async () => {
    const { vault } = await makeVault();
    const source = sourceFrom(() => madeHistory({ seed: 2, messages: 2500, chats: 6 }));
    const first = await backup(vault, source);
    const again = await backup(vault, source);
    expect(added(again)).toBe(0);
    expect(again.chats.every((chat) => chat.gone.length === 0 && chat.seen === 0)).toBe(true);
    expect(again.snapshot.head.counts).toEqual(first.snapshot.head.counts);
  });
});
