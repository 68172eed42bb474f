import { expect, test } from "vitest";
import { randomOf } from "../../testing/history/random.ts";
import { eventsFrom, vaultOf } from "../../testing/history/vault.ts";
import { testPrimitives } from "../../testing/primitives.ts";
import { runs } from "../../testing/runs.ts";
import { someBytes } from "../../testing/stores/conformance.ts";
import { bytesToHex, concatBytes, type Bytes } from "../base/index.ts";
import type { ByteRange, ReadEvent, SourceFile } from "../model/index.ts";
import { memoryStore, PackReader, type Store } from "../vault/index.ts";
import { chatFiles, type RestoredFile } from "./out/chat-files.ts";
import { PART_BYTES, readAttachmentRange } from "./rows/attachments.ts";
import { chatCollections } from "./state/chats.ts";
import { loadHistory, type History } from "./state/state.ts";

/* Bytes of a file out of the vault, without all of the file. */

const primitives = await testPrimitives();
const chat = "line:group:1";
const sent = Date.UTC(2024, 3, 5, 8);
const longBytes = 3 * PART_BYTES + 4321;
const contents = [0, 1, 70_000, PART_BYTES, PART_BYTES + 1, longBytes].map((length) => someBytes(length));

function withFile(bytes: Bytes, i: number): ReadEvent {
  const file: SourceFile = {
    path: `${i}.webm`,
    sizeBytes: bytes.length,
    modifiedMs: sent,
    // oxlint-disable-next-line typescript/require-await -- the port is asynchronous
    async *open() {
      for (let at = 0; at < bytes.length; at += 1_000_000) yield bytes.slice(at, at + 1_000_000);
    },
  };
  const attachments = [{ kind: "video", state: "present", sizeBytes: bytes.length }] as const;
  const time = { sent: sent + i, precision: "ms", zone: "utc" } as const;
  return { type: "message", message: { chat, kind: "video", time, attachments }, files: [file] };
}

const { vault, snapshot } = await vaultOf(primitives, [
  [
    "phone",
    () =>
      eventsFrom([
        { type: "source", source: { format: "made", formatVersion: "1", platform: "line" } },
        { type: "chat", chat: { id: chat, platform: "line", kind: "group", title: "Family" } },
        ...contents.map(withFile),
      ]),
  ],
]);

const history: History = await loadHistory(vault, snapshot);
const [collection] = chatCollections(history);

/** A file of the vault as a store that may be another has it. */
async function fileOf(bytes: Bytes, store?: Store): Promise<RestoredFile> {
  const files = await chatFiles(history, collection!, { store });
  return files(bytesToHex(primitives.sha256(bytes)))!;
}

const digestOf = (bytes: Bytes): string => bytesToHex(primitives.sha256(bytes));

function read(file: RestoredFile, range?: ByteRange): Promise<Bytes> {
  return joined(file.open(range));
}

async function joined(pieces: AsyncIterable<Bytes>): Promise<Bytes> {
  const all: Bytes[] = [];
  for await (const piece of pieces) all.push(piece);
  return concatBytes(...all);
}

/** The same objects, and how many bytes of them were fetched. */
function counted(): { readonly store: Store; fetched: number[] } {
  const told = {
    fetched: [] as number[],
    store: {
      ...vault.store,
      get: async (...asked: Parameters<Store["get"]>) => {
        const bytes = await vault.store.get(...asked);
        told.fetched.push(bytes?.length ?? 0);
        return bytes;
      },
    },
  };
  return told;
}

test("any range of a file is what the whole has there", async () => {
  const random = randomOf("ranges");
  for (const bytes of contents) {
    const file = await fileOf(bytes);
    // By digest: what is long is slow to compare byte by byte.
    expect(digestOf(await read(file))).toBe(digestOf(bytes));
    const edges = [0, 1, PART_BYTES - 1, PART_BYTES, PART_BYTES + 1, 2 * PART_BYTES, bytes.length];
    for (let i = 0; i < runs(24); i++) {
      const start = random.chance(0.5) ? random.pick(edges) : random.below(bytes.length + 2);
      const length = random.pick([0, 1, 1000, PART_BYTES, 2 * PART_BYTES + 5]);
      const range = random.chance(0.2) ? { start } : { start, end: start + length };
      const expected = bytes.slice(range.start, range.end);
      expect([range, digestOf(await read(file, range))]).toEqual([range, digestOf(expected)]);
    }
  }
});

test("only the parts in which a range lies are fetched", async () => {
  const long = contents.at(-1)!;
  const told = counted();
  const file = await fileOf(long, told.store);
  expect(told.fetched).toEqual([]);
  await read(file, { start: 2 * PART_BYTES + 10, end: 2 * PART_BYTES + 20 });
  expect(told.fetched).toHaveLength(1);
  expect(told.fetched[0]).toBeLessThan(PART_BYTES + 200_000);
  told.fetched = [];
  await read(file, { start: PART_BYTES - 1, end: PART_BYTES + 1 });
  expect(told.fetched).toHaveLength(2);
  told.fetched = [];
  expect(await read(file, { start: longBytes + 5 })).toHaveLength(0);
  expect(await read(file, { start: 7, end: 7 })).toHaveLength(0);
  expect(told.fetched).toEqual([]);
});

test("a part that is damaged, or is another one of the same file, is an error and no bytes", async () => {
  const corrupt = { code: "vault.corrupt" };
  const long = contents.at(-1)!;
  const { stored } = await fileOf(long);
  const damaged = memoryStore();
  for await (const { name } of vault.store.list("")) {
    const bytes = (await vault.store.get(name))!.slice();
    for (const [pack, offset, length] of stored.parts.slice(1, 2))
      if (name === `packs/${pack}`) bytes[offset + length - 9]! ^= 1;
    await damaged.put(name, bytes);
  }
  const file = await fileOf(long, damaged);
  const inFirst = { start: 100, end: 200 };
  expect(await read(file, inFirst)).toEqual(long.slice(100, 200));
  await expect(read(file, { start: PART_BYTES, end: PART_BYTES + 1 })).rejects.toMatchObject(corrupt);
  await expect(read(file)).rejects.toMatchObject(corrupt);

  const reader = new PackReader(vault.store);
  const { parts } = stored;
  const { id } = vault;
  for (const wrong of [[parts[3]!, ...parts.slice(1)], parts.slice(1), [...parts, parts[0]!]]) {
    const range = { stored: { ...stored, parts: wrong }, start: 100, end: 200 };
    const pieces = readAttachmentRange(primitives, reader, id, range);
    await expect(joined(pieces)).rejects.toMatchObject(corrupt);
  }
});
