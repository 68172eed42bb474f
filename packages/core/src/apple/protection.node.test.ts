import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { makeKeybag, protectedBytes } from "../../testing/apple/keybag.ts";
import { writeMbdb } from "../../testing/apple/mbdb.ts";
import { concatBytes, KeepsakeError, textToBytes, type Bytes } from "../base/index.ts";
import { nodeCiphers } from "../platform/node/index.ts";
import { memoryFile } from "../formats/memory.ts";
import { readKeybag, unlockKeybag, unwrapFileKey } from "./keybag.ts";
import { readMbdb, type MbdbRecord } from "./mbdb.ts";
import { openedFile } from "./opened-file.ts";

const ciphers = nodeCiphers;
const protection = { password: "一个密码 pass", rounds: 100, firstRounds: 50 };

describe("a keybag", () => {
  test("opens with its password, and files open with the class that they name", async () => {
    const { firstRounds: _, ...old } = protection;
    for (const each of [old, protection]) {
      const made = makeKeybag(each);
      const keys = await unlockKeybag(readKeybag(made.bytes), protection.password, ciphers);
      const fileKey = bytesOf(32);
      expect(await unwrapFileKey(made.wrap(3, fileKey), keys, ciphers)).toEqual(fileKey);
      expect(await unwrapFileKey(made.wrap(4, fileKey).with(0, 3), keys, ciphers)).toBeUndefined();
      expect(await unwrapFileKey(made.wrap(4, fileKey).with(0, 5), keys, ciphers)).toBeUndefined();
      expect(await unwrapFileKey(made.wrap(4, fileKey).slice(0, 43), keys, ciphers)).toBeUndefined();
    }
  });

  test("says when the password is another one", async () => {
    const keybag = readKeybag(makeKeybag(protection).bytes);
    for (const password of ["", "pass", `${protection.password} `])
      await expect(unlockKeybag(keybag, password, ciphers)).rejects.toMatchObject({
        code: "format.wrong-password",
      });
  });

  test("that is cut short, or asks for years of work, is refused", () => {
    const { bytes } = makeKeybag(protection);
    for (let length = 0; length < 120; length++)
      expect(() => readKeybag(bytes.slice(0, length))).toThrow(KeepsakeError);
    const years = makeKeybag({ ...protection, rounds: 1 }).bytes;
    const at = textIn(years, "DPIC") + 8;
    expect(() => readKeybag(years.with(at, 0xff))).toThrow(KeepsakeError);
  });
});

describe("a protected file", () => {
  test("reads as it was on the phone, from and to wherever it is asked", async () => {
    const anywhere = fc.record({
      length: fc.nat(400),
      start: fc.nat(420),
      size: fc.nat(420),
      piece: fc.integer({ min: 1, max: 70 }),
    });
    await fc.assert(
      fc.asyncProperty(anywhere, async ({ length, start, size, piece }) => {
        const [key, plain] = [bytesOf(32), bytesOf(length)];
        const whole = memoryFile("sealed", protectedBytes(key, plain));
        const sealed = {
          ...whole,
          open: (range?: { start: number; end?: number }) => inPieces(whole.open(range), piece),
        };
        const file = openedFile(sealed, { sizeBytes: length, key, ciphers });
        expect(file.sizeBytes).toBe(length);
        expect(await all(file.open())).toEqual(plain);
        expect(await all(file.open({ start, end: start + size }))).toEqual(plain.slice(start, start + size));
      }),
      { numRuns: 300 },
    );
  });

  test("whose end is missing gives what there is", async () => {
    const [key, plain] = [bytesOf(32), bytesOf(100)];
    const sealed = memoryFile("sealed", protectedBytes(key, plain).slice(0, 70));
    const file = openedFile(sealed, { sizeBytes: 100, key, ciphers });
    expect(await all(file.open())).toEqual(plain.slice(0, 64));
  });
});

describe("the old manifest", () => {
  const record: MbdbRecord = {
    domain: "AppDomain-com.tencent.xin",
    path: "Documents/图片/a.pic",
    linkTarget: undefined,
    mode: 0o100644,
    modifiedMs: 1_400_000_000_000,
    sizeBytes: 2 ** 40,
    protectionClass: 3,
    encryptionKey: new Uint8Array([3, 0, 0, 0, 1]),
  };

  test("gives back its records", () => {
    const records = [record, { ...record, path: "", linkTarget: "elsewhere", encryptionKey: undefined }];
    expect([...readMbdb(writeMbdb(records))]).toEqual(records);
  });

  test("gives what stands before the place where it ends too early, and says so", () => {
    const bytes = writeMbdb([record, record]);
    const one = writeMbdb([record]).length;
    for (let length = one + 1; length < bytes.length; length++) {
      const seen: MbdbRecord[] = [];
      expect(() => {
        for (const each of readMbdb(bytes.slice(0, length))) seen.push(each);
      }).toThrow(KeepsakeError);
      expect(seen).toEqual([record]);
    }
  });
});

function bytesOf(length: number): Bytes {
  return new Uint8Array(randomBytes(length));
}

function textIn(bytes: Bytes, text: string): number {
  const wanted = textToBytes(text);
  return bytes.findIndex((_, at) => wanted.every((byte, i) => bytes[at + i] === byte));
}

async function* inPieces(file: AsyncIterable<Bytes>, length: number): AsyncGenerator<Bytes> {
  for await (const piece of file)
    for (let at = 0; at < piece.length; at += length) yield piece.slice(at, at + length);
}

async function all(file: AsyncIterable<Bytes>): Promise<Bytes> {
  const pieces: Bytes[] = [];
  for await (const piece of file) pieces.push(piece);
  return concatBytes(...pieces);
}
