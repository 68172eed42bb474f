import { KeepsakeError, type Bytes, type Clock, type Primitives } from "../../src/base/index.ts";
import {
  backup,
  emptyContentRoot,
  emptyRoot,
  collectionNamed,
  loadHistory,
  type History,
} from "../../src/history/index.ts";
import { compact, forgetChats, rotate } from "../../src/history/care.ts";
import type { ReadEvent } from "../../src/model/index.ts";
import {
  createVault,
  newestSnapshot,
  setPassword,
  type Snapshot,
  type Store,
  type Vault,
} from "../../src/vault/index.ts";
import { historyEvents, type HistoryOptions } from "../history/index.ts";

export const GOLDEN_PASSWORD = "golden 念存 password";
const LARGE_BYTES = 5 * 1024 * 1024;
const phone: HistoryOptions = {
  seed: "golden",
  messages: 440,
  chats: 4,
  attachmentBytes: 3000,
  startMs: Date.UTC(2025, 0, 1),
  endMs: Date.UTC(2026, 0, 1),
};

/**
 * The life of a small vault, in which every structure of FORMAT.md occurs: two sources, segments, deltas, a fold, late
 * messages, what another source saw too, a rotation, a password, a forgotten chat, attachments of one part and of two, texts of every encoding.
 */
export async function liveGoldenStory(
  primitives: Primitives,
  store: Store,
): Promise<{ vault: Vault; words: readonly string[] }> {
  const clock = steadyClock();
  const created = await createVault({
    primitives,
    store,
    clock,
    language: "en",
    deviceName: "golden phone",
    emptyRoot,
    emptyContentRoot: emptyContentRoot(primitives),
  });
  let { vault } = created;
  const run = async (name: string, events: () => Iterable<ReadEvent>): Promise<void> => {
    await backup(vault, { name, read: () => asynchronous(events()) }, { acceptShrink: true });
  };
  await run("phone", () => historyEvents(phone));
  await run("phone", () => historyEvents({ ...phone, day2: { messages: 60 } }));
  await run("old phone", () => historyEvents({ ...phone, seed: "old", messages: 120 }));
  await run("oddities", oddities);
  done(await compact(await load(vault), "fold"));
  await run("tablet", earlierOddities);
  done(await compact(await load(vault), "fold"));
  const rotated = await rotate(await load(vault));
  done(rotated.snapshot);
  vault = await setPassword(rotated.vault, GOLDEN_PASSWORD);
  await run("phone", () => historyEvents({ ...phone, day2: { messages: 90 } }));
  const history = await load(vault);
  const forgotten = collectionNamed(history, "odd:user:to be forgotten");
  if (forgotten === undefined) throw new KeepsakeError("base.unexpected");
  done(await forgetChats(history, new Set([forgotten])));
  await run("desktop", () => historyEvents({ ...phone, seed: "desktop", messages: 80 }));
  return { vault, words: created.words };
}

async function load(vault: Vault): Promise<History> {
  return loadHistory(vault, await newestSnapshot(vault));
}

function done(snapshot: Snapshot | "raced"): void {
  if (snapshot === "raced") throw new KeepsakeError("vault.raced");
}

function steadyClock(): Clock {
  let now = Date.UTC(2026, 10, 21);
  return { now: () => (now += 1000) };
}

// oxlint-disable-next-line typescript/require-await -- readers are asynchronous
async function* asynchronous(events: Iterable<ReadEvent>): AsyncGenerator<ReadEvent> {
  yield* events;
}

/** The same chat as another device saw it: its first messages, an earlier one, a file that belongs to no message. */
function* earlierOddities(): Generator<ReadEvent> {
  let shown = 0;
  for (const event of oddities()) {
    if (event.type !== "message" || shown++ < 9) yield event;
    if (event.type !== "message" || shown !== 1) continue;
    const sent = event.message.time.sent - 60_000;
    const { order: _, nativeIds: __, ...message } = event.message;
    yield { type: "message", message: { ...message, time: { ...message.time, sent } } };
  }
  const path = "loose.txt";
  const file = { path, sizeBytes: 3, open: () => asynchronousBytes(pattern(3)) };
  yield { type: "file", attachment: { state: "present", fileName: path }, file };
}

/** What generated histories do not have: a large file, an empty one, lone surrogates, numbers of every sort, odd names. */
function* oddities(): Generator<ReadEvent> {
  yield { type: "source", source: { format: "made", platform: "odd" } };
  yield { type: "chat", chat: { id: "odd:user:1", platform: "odd", kind: "direct", title: "\ud83d" } };
  const time = { precision: "ms", zone: "utc" } as const;
  for (let i = 0; i < 40; i++) {
    yield {
      type: "message",
      message: {
        chat: "odd:user:1",
        time: { ...time, sent: Date.UTC(2025, 5, 1) + i * 1234 },
        kind: "text",
        order: String(i),
        body: {
          text: `/data/0${i % 10}/${i}/img_${i * 977}_${"0123456789abcdef".repeat(2)}_\u0001\u0004.jpg`,
        },
        nativeIds: [{ scheme: "odd", value: `${i}`.padStart(20, "0") }],
        residue: {
          half: i / 2,
          large: 1e21 * (i + 1),
          ["__proto__"]: i % 3 === 0 ? null : [i, [], {}],
          "": "\ude00",
        },
      },
    };
  }
  const file = (path: string, sizeBytes: number): Extract<ReadEvent, { type: "message" }> => ({
    type: "message",
    message: {
      chat: "odd:user:1",
      time: { ...time, sent: Date.UTC(2025, 6, 1) + sizeBytes },
      kind: "file",
      attachments: [{ state: "present", fileName: path }],
    },
    files: [{ path, sizeBytes, open: () => asynchronousBytes(pattern(sizeBytes)) }],
  });
  yield file("empty.txt", 0);
  yield file("large.bin", LARGE_BYTES);
  yield { type: "chat", chat: { id: "odd:user:to be forgotten", platform: "odd", kind: "direct" } };
  yield {
    type: "message",
    message: {
      chat: "odd:user:to be forgotten",
      time: { ...time, sent: 0 },
      kind: "text",
      body: { text: "forget me" },
    },
  };
}

function pattern(length: number): Bytes {
  return Uint8Array.from({ length }, (_, i) => (i >> 12) & 0xff);
}

// oxlint-disable-next-line typescript/require-await -- files are read asynchronously
async function* asynchronousBytes(bytes: Bytes): AsyncGenerator<Bytes> {
  if (bytes.length > 0) yield bytes;
}
