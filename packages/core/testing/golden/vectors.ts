import {
  bytesToHex,
  concatBytes,
  textToBytes,
  u32ToBytes,
  type Bytes,
  type Primitives,
} from "../../src/base/index.ts";
import { encodeHead, type HeadBody } from "../../src/vault/heads/head.ts";
import { encodeDocument, type SlotDocument } from "../../src/vault/keys/document.ts";
import { sealBox, slotKeys, vouch } from "../../src/vault/keys/hybrid.ts";
import { epochKeys, Keyring } from "../../src/vault/keys/keyring.ts";
import { passwordParameters, passwordToSeed } from "../../src/vault/keys/password.ts";
import { familySeed, guardedSeed, guardInput, openedToken, passkeySeed } from "../../src/vault/keys/seeds.ts";
import { deviceSigningSeed } from "../../src/vault/keys/device-seed.ts";
import { seedToWords } from "../../src/vault/keys/words.ts";
import {
  appendLeaves,
  contentRoot,
  emptyLog,
  leafHash,
  leafSalts,
  logRoot,
} from "../../src/vault/log/log.ts";
import { isLadderSize, ladderSize } from "../../src/vault/pack/ladder.ts";
import { packContent, storeContent } from "../../src/vault/seal/content.ts";
import { deriveKey } from "../../src/vault/seal/hkdf.ts";
import { sealObject, type ObjectType } from "../../src/vault/seal/object.ts";
import { encodeTable } from "../../src/vault/table/encode.ts";
import { encodeIntegers } from "../../src/vault/table/integers.ts";
import { encodeTexts } from "../../src/vault/table/strings.ts";
import { counterPrimitives } from "./counter-primitives.ts";

/* What docs/vectors/format/ holds, made by today's code: FORMAT.md, section 16. */

/** A vector's own random stream, from its beginning. */
function fresh(primitives: Primitives): Primitives {
  return counterPrimitives(primitives, "keepsake vector");
}

/** Bytes 0, 1, 2, ... modulo 251. */
export function countingBytes(length: number): Bytes {
  return Uint8Array.from({ length }, (_, i) => i % 251);
}

/** A known key for each letter. */
function fill(letter: string, length = 32): Bytes {
  return new Uint8Array(length).fill(letter.charCodeAt(0));
}

const vaultId = fill("v", 16);

export async function keyVectors(primitives: Primitives): Promise<object> {
  const seed = countingBytes(32);
  const keys = await slotKeys(primitives, seed, vaultId);
  const authority = await primitives.ed25519.publicKey(fill("a"));
  const signingSeed = deviceSigningSeed(primitives, seed, vaultId);
  const root = fill("r");
  const { head, state, pack } = epochKeys(primitives, root, 0, vaultId);
  const plain = JSON.stringify({ roots: [[0, bytesToHex(root)]] });
  const context = { type: "slot", vaultId, epoch: 0, id: fill("s", 8) } as const;
  const box = await sealBox(fresh(primitives), keys.publicKey, context, textToBytes(plain));
  const [password, salt] = ["Keepsake 念存 ①", fill("p", 16)];
  return hexed({
    vaultId,
    seed,
    words: { en: (await seedToWords(seed, "en")).join(" "), zh: (await seedToWords(seed, "zh")).join(" ") },
    slot: {
      kemSeed: deriveKey(primitives, seed, "slot/kem", vaultId),
      publicKey: keys.publicKey,
      vouchKey: keys.vouchKey,
      authority,
      vouch: vouch(primitives, keys, vaultId, authority),
      signingSeed,
      verify: await primitives.ed25519.publicKey(signingSeed),
    },
    box: { epoch: 0, id: context.id, plain, box },
    root: { root, head, state, pack },
    salt: { collectionKey: fill("c"), saltKey: deriveKey(primitives, fill("c"), "salt", vaultId) },
    password: {
      password,
      salt,
      ...passwordParameters,
      seed: await passwordToSeed(primitives, password, salt, passwordParameters),
    },
    ...(await sharedSeedVectors(primitives, password, salt)),
  });
}

/** Seeds of slots that hang on more than one thing. */
async function sharedSeedVectors(primitives: Primitives, password: string, salt: Bytes): Promise<object> {
  const outputs = [fill("1", 64), fill("2", 64)] as const;
  const seed = await guardedSeed(primitives, { outputs, password, vaultId }, { ...passwordParameters, salt });
  const record = bytesToHex(fill("g", 16));
  const [held, delayed, output] = [fill("h"), fill("d"), fill("o")];
  return {
    guarded: {
      password,
      input: guardInput(password, vaultId),
      outputs,
      salt,
      ...passwordParameters,
      seed,
      record,
      opened: openedToken(primitives, seed, record, vaultId),
    },
    family: { held, delayed, seed: familySeed(primitives, held, delayed, vaultId) },
    passkey: { output, seed: passkeySeed(primitives, output, vaultId) },
  };
}

export async function objectVectors(primitives: Primitives): Promise<object> {
  const kinds: readonly (readonly [ObjectType, number, Bytes | undefined, number])[] = [
    ["root", 0, undefined, 0],
    ["lane", 1, fill("c", 16), 3],
    ["manifest", 100, fill("c", 16), 0],
    ["delta", 100, fill("c", 16), 0],
    ["attachments", 100, fill("c", 16), 3],
    ["attachment", 65_536, undefined, 0],
    ["attachment", 65_537, undefined, 0],
    ["attachment", 200_000, undefined, 0],
  ];
  const objects: object[] = [];
  for (const [type, length, collection, epoch] of kinds) {
    const plain = countingBytes(length);
    const id = primitives.sha256(plain);
    const context = { type, vaultId, epoch, id, ...(collection === undefined ? {} : { collection }) };
    const sealed = await sealObject(fresh(primitives), fill("k"), { context, plain: [plain] });
    const digest = { sealedBytes: sealed.length, sealedSha256: primitives.sha256(sealed) };
    const whole = sealed.length < 1000 ? { sealed } : {};
    objects.push({
      type,
      epoch,
      collection: collection ?? null,
      id,
      plainBytes: length,
      ...digest,
      ...whole,
    });
  }
  return hexed({ vaultId, key: fill("k"), objects, stored: concatBytes(...storeContent(countingBytes(40))) });
}

/** Other encoders of zstd give other bytes: these are only ever unpacked. */
export function compressedVectors(primitives: Primitives): object {
  const plain = textToBytes("保 keep ".repeat(60) + "sake ".repeat(80));
  return hexed([
    { plain, packed: packContent(primitives, plain) },
    { plain, packed: packContent(primitives, plain, { splits: [100, 600], level: 15 }) },
    { plain: countingBytes(5), packed: packContent(primitives, countingBytes(5)) },
    { plain: countingBytes(0), packed: packContent(primitives, countingBytes(0)) },
  ]);
}

export function ladderVectors(): object {
  const KiB = 1024;
  const held = [0, 1, 4096, 4097, 8192, 8193, 100_000, 1024 * KiB, 8192 * KiB, 8192 * KiB + 1, 16_000_000];
  const all: number[] = [];
  for (let size = 512; size <= 16_640 * KiB; size += 512) if (isLadderSize(size)) all.push(size);
  return { held: held.map((bytes) => [bytes, ladderSize(bytes)]), all };
}

const integerColumns: readonly (readonly number[])[] = [
  [],
  [0],
  [1, -1, 63, -64, 64, 1000],
  [1_700_000_000_000, 1_700_000_060_000, 1_700_000_061_000],
  [Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER],
  [5, 5, 5, 5],
];

const textColumns: readonly (readonly string[])[] = [
  ["", "Keepsake", "念存", "👍🏽"],
  ["\ud83d", "\ude00", "lone \udead"],
  ["\ud83d", "lone", "\ude00"],
  ["yes", "no", "yes", "yes", "no", "yes"],
  ["7130000000000000001", "71300000000000001", "71300000000000009", "-3", "0"],
  ["999999999999999999", "-999999999999999999", "12"],
  ["0123456789abcdef", "00ff00ff", "deadbeefdeadbeef"],
  [
    "img/2024/07/0a1b2c3d4e5f60718293a4b5c6d7e8f9/0007.jpg",
    "img/2024/11/ffffffffffffffffaaaaaaaaaaaaaaaa/12345678901234567890.jpg",
    "mark \u0001 \u0004 05 5 005",
  ],
];

/** Texts as hex of their UTF-16BE: not every reader of JSON takes lone surrogates. */
export function utf16Of(text: string): string {
  return Array.from({ length: text.length }, (_, i) => text.charCodeAt(i).toString(16).padStart(4, "0")).join(
    "",
  );
}

const tableRows: readonly (readonly object[])[] = [
  [],
  [{}],
  [
    { a: 1, b: { text: "one", list: [1, 2, 3] }, c: [[], [null, true, "x"]] },
    { a: "two", b: { list: [] }, c: [] },
    { b: { text: "three", more: { deep: 1.5 } }, a: -1e21, "": false },
    { a: 1, b: { text: "one", list: [1] }, c: [{ k: 1 }, { k: 2 }] },
  ],
  [
    { id: "17", order: "17", b: { id: "17", of: "17" } },
    { id: "18", order: "18", b: { id: "18", of: "19" } },
  ],
];

export function tableVectors(): object {
  return hexed({
    integers: integerColumns.map((values) => ({ values, column: encodeIntegers(values) })),
    texts: textColumns.map((texts) => ({ utf16: texts.map(utf16Of), column: encodeTexts(texts) })),
    tables: tableRows.map((rows) => ({
      rows,
      lanes: encodeTable(rows, ([top]) => (top === "b" ? 1 : 0), 2).map(({ bytes }) => bytes),
    })),
  });
}

export async function logVectors(primitives: Primitives): Promise<object> {
  const saltKey = fill("l");
  const salts = await leafSalts(primitives, saltKey, 0, 8);
  const rows = Array.from({ length: 8 }, (_, i) => `{"run":"r","text":"第${i}"}`);
  const leaves = rows.map((row, i) => leafHash(primitives, salts.slice(16 * i, 16 * i + 16), row));
  const rootOf = (count: number): Bytes =>
    logRoot(primitives, appendLeaves(primitives, emptyLog, leaves.slice(0, count)));
  const collections = { [bytesToHex(fill("2", 16))]: rootOf(3), [bytesToHex(fill("1", 16))]: rootOf(8) };
  return hexed({
    saltKey,
    salts,
    saltsFrom5: await leafSalts(primitives, saltKey, 5, 2),
    saltAt2To32: await leafSalts(primitives, saltKey, 2 ** 32, 1),
    rows,
    leaves,
    roots: Array.from({ length: 9 }, (_, count) => rootOf(count)),
    content: { collections, root: contentRoot(primitives, new Map(Object.entries(collections))) },
  });
}

export async function fileVectors(primitives: Primitives): Promise<object> {
  const [authoritySeed, deviceSeed, root] = [fill("a"), fill("d"), fill("r")];
  const verify = bytesToHex(await primitives.ed25519.publicKey(deviceSeed));
  const document: SlotDocument = {
    format: 1,
    leastFormat: 1,
    vault: bytesToHex(vaultId),
    version: 1,
    previous: "",
    authority: bytesToHex(await primitives.ed25519.publicKey(authoritySeed)),
    epoch: 0,
    slots: [{ id: bytesToHex(fill("s", 8)), kind: "words", publicKey: "00", vouch: "01", box: "02" }],
    devices: [{ writer: 0, verify, slot: bytesToHex(fill("s", 8)) }],
  };
  const ref = (digit: number) => ["0".repeat(26), digit, 200, String(digit).repeat(64)] as const;
  const body: HeadBody = {
    root: ref(1),
    directory: ref(2),
    epoch: 0,
    slots: 1,
    contentRoot: bytesToHex(primitives.sha256(u32ToBytes(0))),
    time: 1_790_000_000_000,
    verb: "backup",
    counts: { chats: 1, messages: 2, attachments: 3 },
    needs: { read: [], write: [] },
  };
  const keyring = new Keyring([epochKeys(primitives, root, 0, vaultId)]);
  const head = { number: 7, writer: 0, parents: [bytesToHex(fill("h"))] };
  const options = { vaultId, keyring, signingSeed: deviceSeed };
  return hexed({
    authoritySeed,
    deviceSeed,
    root,
    document,
    documentFile: withoutFill(await encodeDocument(primitives, document, authoritySeed)),
    head: { ...head, body },
    headFile: await encodeHead(fresh(primitives), options, { ...head, body }),
  });
}

/** A slot document's file in three parts: what comes before the spaces that fill it up, how many these are, the rest. */
function withoutFill(file: Bytes): { before: Bytes; spaces: number; after: Bytes } {
  const end = file.length - 64;
  let start = end;
  while (file[start - 1] === 0x20) start--;
  return { before: file.slice(0, start), spaces: end - start, after: file.slice(end) };
}

/** The value as its JSON will be read: bytes in hex. */
function hexed(value: object): object {
  const toHex = (_: string, each: unknown): unknown => (each instanceof Uint8Array ? bytesToHex(each) : each);
  return JSON.parse(JSON.stringify(value, toHex)) as object;
}
