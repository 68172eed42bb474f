import { expect, test } from "vitest";
import compressed from "../../../../docs/vectors/format/compressed.json" with { type: "json" };
import files from "../../../../docs/vectors/format/files.json" with { type: "json" };
import keys from "../../../../docs/vectors/format/keys.json" with { type: "json" };
import ladder from "../../../../docs/vectors/format/ladder.json" with { type: "json" };
import log from "../../../../docs/vectors/format/log.json" with { type: "json" };
import objects from "../../../../docs/vectors/format/objects.json" with { type: "json" };
import tables from "../../../../docs/vectors/format/tables.json" with { type: "json" };
import {
  countingBytes,
  fileVectors,
  keyVectors,
  ladderVectors,
  logVectors,
  objectVectors,
  tableVectors,
  utf16Of,
} from "../../testing/golden/vectors.ts";
import { testPrimitives } from "../../testing/primitives.ts";
import { bytesToHex, bytesToText, concatBytes, hexToBytes, type Bytes } from "../base/index.ts";
import { decodeHead } from "./heads/head.ts";
import { decodeDocument } from "./keys/document.ts";
import { openBox, slotKeys } from "./keys/hybrid.ts";
import { epochKeys, Keyring } from "./keys/keyring.ts";
import { wordsToSeed } from "./keys/words.ts";
import { unpackContent } from "./seal/content.ts";
import { openObject, type ObjectType } from "./seal/object.ts";
import { decodeTable } from "./table/decode.ts";
import { decodeIntegers } from "./table/integers.ts";
import { decodeTexts } from "./table/strings.ts";

const primitives = await testPrimitives();
const bytes = (hex: string): Bytes => hexToBytes(hex)!;
const limitBytes = 1_000_000;

test("keys are derived as the vectors say, and a box opens", async () => {
  expect(await keyVectors(primitives)).toEqual(keys);
  for (const words of Object.values(keys.words)) expect(bytesToHex(await wordsToSeed(words))).toBe(keys.seed);
  const vaultId = bytes(keys.vaultId);
  const { secretKey } = await slotKeys(primitives, bytes(keys.seed), vaultId);
  const context = { type: "slot", vaultId, epoch: keys.box.epoch, id: bytes(keys.box.id) } as const;
  expect(bytesToText(await openBox(primitives, secretKey, context, bytes(keys.box.box)))).toBe(
    keys.box.plain,
  );
});

test("objects are sealed and opened as the vectors say", async () => {
  expect(await objectVectors(primitives)).toEqual(objects);
  for (const { type, epoch, collection, id, plainBytes, sealed } of objects.objects) {
    if (sealed === undefined) continue;
    const common = { type: type as ObjectType, vaultId: bytes(objects.vaultId), epoch, id: bytes(id) };
    const context = collection === null ? common : { ...common, collection: bytes(collection) };
    const plain = await openObject(primitives, bytes(objects.key), context, bytes(sealed));
    expect(plain).toEqual(countingBytes(plainBytes));
  }
});

test("contents are unpacked as the vectors say", () => {
  expect(unpackContent(primitives, bytes(objects.stored), limitBytes)).toEqual(countingBytes(40));
  for (const { plain, packed } of compressed)
    expect(bytesToHex(unpackContent(primitives, bytes(packed), limitBytes))).toBe(plain);
});

test("packs have the sizes that the vectors say", () => {
  expect(ladderVectors()).toEqual(ladder);
});

test("tables and their columns are written and read as the vectors say", () => {
  expect(tableVectors()).toEqual(tables);
  for (const { values, column } of tables.integers)
    expect([...decodeIntegers(bytes(column))]).toEqual(values);
  for (const { utf16, column } of tables.texts)
    expect(decodeTexts(bytes(column), utf16.length).map(utf16Of)).toEqual(utf16);
  for (const { rows, lanes } of tables.tables) expect(decodeTable(lanes.map(bytes))).toEqual(rows);
});

test("every way of writing a column is among the vectors", () => {
  expect(new Set(tables.integers.map(({ column }) => column.slice(0, 2)))).toEqual(new Set(["00", "01"]));
  const methods = new Set(tables.texts.map(({ column }) => column.slice(0, 2)));
  expect(methods).toEqual(new Set(["00", "01", "02", "03", "04"]));
});

test("rows are committed to as the vectors say", async () => {
  expect(await logVectors(primitives)).toEqual(log);
});

test("a slot document and a head are the files that the vectors say, and are read", async () => {
  expect(await fileVectors(primitives)).toEqual(files);
  const { before, spaces, after } = files.documentFile;
  const filled = new Uint8Array(spaces).fill(0x20);
  const document = await decodeDocument(primitives, concatBytes(bytes(before), filled, bytes(after)));
  expect(document).toEqual(files.document);
  const vaultId = bytes(document.vault);
  const keyring = new Keyring([epochKeys(primitives, bytes(files.root), 0, vaultId)]);
  const options = { vaultId, keyring, document };
  const { number, writer, parents, body } = files.head;
  const head = await decodeHead(primitives, options, number, bytes(files.headFile));
  expect(head).toMatchObject({ ...body, number, writer, parents });
});
