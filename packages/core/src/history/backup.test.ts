import { describe, expect, test } from "vitest";
import { madeHistory, historyEvents } from "../../testing/history/index.ts";
import { testPrimitives } from "../../testing/primitives.ts";
import {
  bytesToHex,
  bytesToText,
  concatBytes,
  KeepsakeError,
  textToBytes,
  type Bytes,
} from "../base/index.ts";
import { memoryFile } from "../formats/index.ts";
import {
  canonicalText,
  compareMessages,
  type Account,
  type Message,
  type ReadEvent,
  type SourceFile,
} from "../model/index.ts";
import { createVault, memoryStore, newestSnapshot, type Vault } from "../vault/index.ts";
import { backup, type BackupResult } from "./backup.ts";
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

  test("says of each chat what was read back, be it large or small", async () => {
    const { vault } = await makeVault();
    const verified = async (messages: number): Promise<Set<string>> => {
      const result = await backup(
        vault,
        sourceFrom(() => madeHistory({ seed: 12, messages: 900, chats: 9, day2: { messages } })),
      );
      return new Set(result.proof.chats.map((chat) => chat.verified.now));
    };
    expect(await verified(1)).toEqual(new Set(["whole"]));
    expect(await verified(1)).toEqual(new Set(["nothing"]));
    expect(await verified(400)).toEqual(new Set(["newPart"]));
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

  test("of a day later adds that day, marks what went, and keeps it", async () => {
    const { vault, store } = await makeVault();
    const options = { seed: 3, messages: 6000, chats: 9 };
    await backup(
      vault,
      sourceFrom(() => madeHistory(options)),
    );
    const before = storedBytes(store);
    const later = { ...options, day2: { messages: 200 } };
    const result = await backup(
      vault,
      sourceFrom(() => madeHistory(later)),
    );
    // Two hundred new ones, and a new version of each of the thirty that were revoked.
    expect(added(result)).toBe(230);
    expect(storedBytes(store) - before).toBeLessThan(80_000);
    const shown = await restored(vault);
    const there = await expected(historyEvents(later));
    const gone = [...shown.values()].flat().filter((message) => message.deletion?.state === "deletedLocally");
    expect(gone.length).toBeGreaterThan(10);
    const left = new Map(
      [...shown].map(([chat, list]) => [chat, list.filter((message) => !gone.includes(message))]),
    );
    expect(texts(left)).toEqual(texts(there));
  });

  test("of a source where many messages were edited rings no alarm and shows what it shows now", async () => {
    const { vault } = await makeVault();
    const all = [...historyEvents({ seed: 13, messages: 900, chats: 2 })];
    const source = sourceFrom(() => all);
    await backup(vault, source);
    const edited = all.map((event): ReadEvent => {
      if (event.type !== "message" || event.message.kind !== "text") return event;
      return { ...event, message: { ...event.message, body: { text: "!" } } };
    });
    const result = await backup(
      vault,
      sourceFrom(() => edited),
    );
    expect(result.shrink).toBeUndefined();
    expect(texts(await restored(vault))).toEqual(texts(await expected(edited)));
  });

  test("of a source that holds every record twice stores each once", async () => {
    const { vault } = await makeVault();
    const all = [...historyEvents({ seed: 14, messages: 1200, chats: 2 })];
    const twice = all.flatMap((event): ReadEvent[] => (event.type === "message" ? [event, event] : [event]));
    const result = await backup(
      vault,
      sourceFrom(() => twice),
    );
    expect(added(result)).toBe(1200);
    expect(result.proof.chats.reduce((sum, chat) => sum + chat.messages, 0)).toBe(1200);
  });

  test("of a source whose files did not change writes a head and nothing else", async () => {
    const { vault, store } = await makeVault();
    const source = { ...sourceFrom(() => madeHistory({ seed: 4, messages: 500 })), fingerprint: "f1" };
    await backup(vault, source);
    const before = new Set(store.objects.keys());
    const again = await backup(vault, source);
    expect(again.isUnchanged).toBe(true);
    expect([...store.objects.keys()].filter((name) => !before.has(name))).toEqual([
      `heads/${String(again.snapshot.head.number).padStart(10, "0")}`,
    ]);
  });

  test("of two phones with the same chats is one history, whichever came first", async () => {
    const options = { seed: 5, messages: 1500, chats: 5 };
    const all = [...historyEvents(options)];
    const part = (keep: (i: number) => boolean): ReadEvent[] => {
      let i = 0;
      return all.filter((event) => event.type !== "message" || keep(i++));
    };
    const [ours, theirs] = [part((i) => i % 10 < 7), part((i) => i % 10 > 4)];
    const whole = texts(await expected(all));
    for (const order of [
      [ours, theirs],
      [theirs, ours],
    ]) {
      const { vault } = await makeVault();
      for (const events of order)
        await backup(
          vault,
          sourceFrom(() => events, events === ours ? "a" : "b"),
        );
      expect(texts(await restored(vault))).toEqual(whole);
    }
  });

  test("keeps all that a shrunk source does not show any more, and says so", async () => {
    const { vault } = await makeVault();
    const options = { seed: 6, messages: 2000, chats: 4 };
    const all = [...historyEvents(options)];
    await backup(
      vault,
      sourceFrom(() => all),
    );
    const whole = texts(await restored(vault));
    const [first] = await expected(all).then((chats) => [...chats.keys()]);
    let i = 0;
    const shrunk = all.filter(
      (event) => event.type !== "message" || event.message.chat === first || i++ % 3 > 0,
    );
    const result = await backup(
      vault,
      sourceFrom(() => shrunk),
    );
    expect(result.shrink?.shrunkChats.length).toBeGreaterThan(0);
    expect(texts(await restored(vault))).toEqual(whole);
    const empty = await backup(
      vault,
      sourceFrom(() => all.filter((event) => event.type === "source")),
    );
    expect(empty.shrink?.missingChats.length).toBe(whole === undefined ? 0 : Object.keys(whole).length);
    expect(texts(await restored(vault))).toEqual(whole);
  });

  test("of a source in any order is the same history", async () => {
    const all = [...historyEvents({ seed: 11, messages: 9000, chats: 1 })];
    const messages = all.filter((event) => event.type === "message");
    const others = all.filter((event) => event.type !== "message");
    const [, ...later] = messages;
    const orders = [messages.toReversed(), [...later.slice(4000), ...messages.slice(0, 4001)]];
    for (const order of orders) {
      const { vault } = await makeVault();
      const result = await backup(
        vault,
        sourceFrom(() => [...others, ...order]),
      );
      expect(added(result)).toBe(messages.length);
      expect(texts(await restored(vault))).toEqual(texts(await expected(messages)));
      for (const events of [all, [...others, ...order]]) {
        const source = sourceFrom(() => events);
        const again = await backup(vault, source);
        expect(added(again)).toBe(0);
        expect(again.chats.map((chat) => chat.gone)).toEqual([[]]);
      }
    }
  });

  test("gives attachments back, each stored once", async () => {
    const { vault, store } = await makeVault();
    const options = { seed: 7, messages: 800, attachmentBytes: 3_000_000 };
    const result = await backup(
      vault,
      sourceFrom(() => madeHistory(options)),
    );
    expect(result.newFiles.count).toBeGreaterThan(10);
    expect(storedBytes(store)).toBeLessThan(result.newFiles.bytes * 1.1 + 400_000);
    const history = await loadHistory(vault, await newestSnapshot(vault));
    const originals = new Map<string, Uint8Array>();
    for (const event of historyEvents(options)) {
      if (event.type !== "message") continue;
      for (const file of event.files ?? [])
        if (file !== undefined) originals.set(await digest(file), await content(file));
    }
    const digests = new Set<string>();
    for await (const event of restoredEvents(history)) {
      if (event.type !== "message") continue;
      for (const file of event.files ?? []) {
        if (file === undefined) continue;
        const sha256 = await digest(file);
        expect(await content(file)).toEqual(originals.get(sha256));
        digests.add(sha256);
      }
    }
    expect(digests).toEqual(new Set(originals.keys()));
    const again = await backup(
      vault,
      sourceFrom(() => madeHistory(options)),
    );
    expect(again.newFiles).toEqual({ count: 0, bytes: 0 });
  });

  test("keeps the pictures of people and chats, and files of no message", async () => {
    const { vault } = await makeVault();
    const pictures = ["own", "friend", "group", "loose"].map((name) =>
      memoryFile(`pictures/${name}.jpg`, textToBytes(`a picture of ${name} `.repeat(100))),
    );
    const [own, friend, group, loose] = pictures;
    const avatar = { state: "present", kind: "avatar" } as const;
    const person = (id: string): Account => ({ id, platform: "test", kind: "userId", value: id, avatar });
    const message: Message = {
      chat: "test:group:1",
      author: "friend",
      kind: "text",
      time: { sent: 1_700_000_000_000, precision: "s", zone: "utc" },
    };
    const events: ReadEvent[] = [
      { type: "source", source: { format: "test", platform: "test" } },
      { type: "account", account: person("own"), avatarFile: own },
      { type: "file", attachment: { state: "present", kind: "image" }, file: loose! },
      {
        type: "chat",
        chat: { id: message.chat, platform: "test", kind: "group", avatar },
        avatarFile: group,
      },
      { type: "account", account: person("friend"), avatarFile: friend },
      { type: "message", message },
    ];
    const source = sourceFrom(() => events);
    await backup(vault, source);
    await backup(vault, source);
    const history = await loadHistory(vault, await newestSnapshot(vault));
    const found: string[] = [];
    for await (const event of restoredEvents(history)) {
      if (event.type === "file") found.push(`file ${bytesToText(await content(event.file))}`);
      if ((event.type === "chat" || event.type === "account") && event.avatarFile !== undefined)
        found.push(`${event.type} ${bytesToText(await content(event.avatarFile))}`);
    }
    const wanted = ["account own", "file loose", "chat group", "account friend"].map((each) => {
      const [type, name] = each.split(" ");
      return `${type} ${`a picture of ${name} `.repeat(100)}`;
    });
    expect(found).toEqual(wanted);
  });

  test("that is cut off goes on where it stopped and uploads nothing twice", async () => {
    const { vault, store } = await makeVault();
    const options = { seed: 12, messages: 4000, chats: 2, attachmentBytes: 60_000_000 };
    const isPack = (name: string): boolean => name.startsWith("packs/");
    let puts = 0;
    const dying = {
      ...store,
      put: async (...[name, bytes]: Parameters<typeof store.put>) => {
        if (isPack(name) && ++puts > 4) throw new KeepsakeError("store.unavailable");
        return store.put(name, bytes);
      },
    };
    const source = sourceFrom(() => madeHistory(options));
    await expect(backup({ ...vault, store: dying }, source)).rejects.toMatchObject({
      code: "store.unavailable",
    });
    const before = new Set([...store.objects.keys()].filter(isPack));
    // Two of the vault's first version, four of this run.
    expect(before.size).toBe(6);
    const result = await backup(vault, source);
    expect(result.newFiles.bytes).toBeLessThan(30_000_000);
    expect([...store.objects.keys()].filter((name) => name.startsWith("journals/"))).toEqual([]);
    expect([...before].every((name) => store.objects.has(name))).toBe(true);
    expect(storedBytes(store)).toBeLessThan(66_000_000);
    expect(added(result)).toBe(4000);
  });

  test("that loses every race but one still loses no message", async () => {
    const { vault } = await makeVault();
    const options = [8, 9, 10].map((seed) => ({ seed, messages: 300, chats: 3 }));
    await Promise.all(
      options.map((each, i) =>
        backup(
          vault,
          sourceFrom(() => madeHistory(each), `phone ${i}`),
        ),
      ),
    );
    const all = [...(await restored(vault)).values()].flat();
    expect(all.length).toBe(900);
  });
});

function storedBytes({ objects }: { objects: ReadonlyMap<string, Uint8Array> }): number {
  return [...objects.values()].reduce((sum, bytes) => sum + bytes.length, 0);
}

async function content(file: SourceFile): Promise<Uint8Array> {
  const pieces: Bytes[] = [];
  for await (const piece of file.open()) pieces.push(piece);
  return concatBytes(...pieces);
}

async function digest(file: SourceFile): Promise<string> {
  return bytesToHex(primitives.sha256(await content(file)));
}
