import { concatBytes, textToBytes, u32ToBytes, type Bytes } from "../../src/base/index.ts";
import { isBinaryPlist, readBinaryPlist } from "../../src/apple/binary-plist.ts";
import { readKeybag } from "../../src/apple/keybag.ts";
import { readKeyedArchive } from "../../src/apple/keyed-archive.ts";
import { readMbdb } from "../../src/apple/mbdb.ts";
import type { Plist } from "../../src/apple/plist.ts";
import { readXmlPlist } from "../../src/apple/xml-plist.ts";
import { writeMbdb } from "../apple/mbdb.ts";
import { writeBinaryPlist, writeKeyedArchive, writeXmlPlist } from "../apple/plist.ts";
import type { Subject } from "./subjects.ts";

/** The files of an Apple backup that are read before anything of an app. */
export function appleSubjects(): Subject[] {
  const list: Plist = new Map<string, Plist>([
    ["IsEncrypted", true],
    ["Date", { dateMs: 1_700_000_000_000 }],
    ["Applications", new Map([["com.tencent.xin", new Map<string, Plist>([["Path", "微信"]])]])],
    ["ManifestKey", new Uint8Array(44)],
    ["Lists", [1, -2, 2n ** 60n, 0.5, [], ["a", "a"]]],
  ]);
  const file = new Map<string, Plist>([
    ["Size", 5],
    ["EncryptionKey", new Uint8Array(44)],
  ]);
  return [
    subject("apple-binary-plist", writeBinaryPlist(list), readBinaryPlist),
    subject("apple-xml-plist", writeXmlPlist(withoutReals(list)), readXmlPlist),
    subject("apple-keyed-archive", writeKeyedArchive(file, "MBFile"), (input) =>
      readKeyedArchive(isBinaryPlist(input) ? input : writeKeyedArchive(new Map([["a", input]]), "b")),
    ),
    subject("apple-mbdb", manifest(), (input) => [...readMbdb(input)].length),
    subject("apple-keybag", keybag(), readKeybag),
  ];
}

function subject(id: string, seed: Bytes, read: (input: Bytes) => unknown): Subject {
  return { id, seeds: [seed], take: (input) => void read(input) };
}

function withoutReals(list: ReadonlyMap<string, Plist>): Plist {
  return new Map([...list, ["Lists", [1, [], ["a"]]]]);
}

function manifest(): Bytes {
  const record = {
    domain: "AppDomain-com.tencent.xin",
    mode: 0o100644,
    modifiedMs: 0,
    sizeBytes: 5,
    protectionClass: 3,
  };
  return writeMbdb(["Documents/a", "Documents/b"].map((path) => ({ ...record, path })));
}

function keybag(): Bytes {
  const field = (tag: string, value: Uint8Array): Bytes =>
    concatBytes(textToBytes(tag), u32ToBytes(value.length), value);
  return concatBytes(
    field("UUID", new Uint8Array(16)),
    field("SALT", new Uint8Array(20)),
    field("ITER", u32ToBytes(10)),
    field("DPIC", u32ToBytes(10)),
    field("DPSL", new Uint8Array(20)),
    field("UUID", new Uint8Array(16)),
    field("CLAS", u32ToBytes(3)),
    field("WRAP", u32ToBytes(2)),
    field("WPKY", new Uint8Array(40)),
  );
}
