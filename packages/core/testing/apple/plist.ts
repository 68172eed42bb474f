import { concatBytes, textToBytes, u64ToBytes, type Bytes } from "../../src/base/index.ts";
import {
  EPOCH_2001_MS,
  isBytes,
  isDate,
  isDictionary,
  isList,
  isUid,
  type Plist,
  type PlistDictionary,
  type PlistUid,
} from "../../src/apple/plist.ts";

/** A binary property list; equal texts are written once, as Apple does. */
export function writeBinaryPlist(root: Plist): Bytes {
  const objects: Plist[] = [];
  const texts = new Map<string, number>();
  const items = new Map<number, readonly number[]>();
  const number = (value: Plist): number => {
    if (typeof value === "string" && texts.has(value)) return texts.get(value)!;
    const place = objects.push(value) - 1;
    if (typeof value === "string") texts.set(value, place);
    if (isList(value)) items.set(place, value.map(number));
    if (isDictionary(value))
      items.set(place, [...[...value.keys()].map(number), ...[...value.values()].map(number)]);
    return place;
  };
  const top = number(root);
  const refBytes = widthOf(objects.length);
  const written = objects.map((value, place) => objectBytes(value, items.get(place) ?? [], refBytes));
  const offsets: number[] = [];
  let at = 8;
  for (const bytes of written) {
    offsets.push(at);
    at += bytes.length;
  }
  const offsetBytes = widthOf(at);
  const table = concatBytes(...offsets.map((offset) => integer(offset, offsetBytes)));
  const counts = concatBytes(u64ToBytes(objects.length), u64ToBytes(top), u64ToBytes(at));
  const trailer = concatBytes(new Uint8Array([0, 0, 0, 0, 0, 0, offsetBytes, refBytes]), counts);
  return concatBytes(textToBytes("bplist00"), ...written, table, trailer);
}

function objectBytes(value: Plist, refs: readonly number[], refBytes: number): Bytes {
  if (value === null) return new Uint8Array([0]);
  if (typeof value === "boolean") return new Uint8Array([value ? 9 : 8]);
  if (typeof value === "number" || typeof value === "bigint") return numberBytes(value);
  if (typeof value === "string") return textBytes(value);
  if (isBytes(value)) return concatBytes(marker(0x4, value.length), value);
  if (isDate(value)) return concatBytes(new Uint8Array([0x33]), real((value.dateMs - EPOCH_2001_MS) / 1000));
  if (isUid(value)) return concatBytes(new Uint8Array([0x83]), integer(value.uid, 4));
  const count = isDictionary(value) ? value.size : (value as readonly Plist[]).length;
  const kind = isDictionary(value) ? 0xd : 0xa;
  return concatBytes(marker(kind, count), ...refs.map((ref) => integer(ref, refBytes)));
}

function numberBytes(value: number | bigint): Bytes {
  if (typeof value === "number" && !Number.isInteger(value))
    return concatBytes(new Uint8Array([0x23]), real(value));
  const bytes = new Uint8Array(9);
  bytes[0] = 0x13;
  new DataView(bytes.buffer).setBigInt64(1, BigInt(value));
  return bytes;
}

function textBytes(text: string): Bytes {
  const isPlain = /^[\u0000-\u007f]*$/.test(text);
  const codes = Array.from({ length: text.length }, (_, i) => integer(text.charCodeAt(i), isPlain ? 1 : 2));
  return concatBytes(marker(isPlain ? 0x5 : 0x6, text.length), ...codes);
}

function marker(kind: number, count: number): Bytes {
  if (count < 15) return new Uint8Array([kind * 16 + count]);
  return concatBytes(new Uint8Array([kind * 16 + 15, 0x12]), integer(count, 4));
}

function real(value: number): Bytes {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setFloat64(0, value);
  return bytes;
}

function integer(value: number, width: number): Bytes {
  return u64ToBytes(value).slice(8 - width);
}

function widthOf(most: number): number {
  return most < 256 ? 1 : most < 65_536 ? 2 : 4;
}

/** What NSKeyedArchiver makes of an object with fields, other objects among them. */
export function writeKeyedArchive(fields: PlistDictionary, name: string): Bytes {
  const objects: Plist[] = ["$null"];
  const add = (value: Plist): PlistUid => ({ uid: objects.push(value) - 1 });
  const classOf = (of: string): PlistUid =>
    add(
      new Map<string, Plist>([
        ["$classes", [of, "NSObject"]],
        ["$classname", of],
      ]),
    );
  const place = (value: Plist): Plist => {
    if (isDictionary(value)) return object(value, "NSMutableDictionary");
    if (isBytes(value))
      return add(
        new Map<string, Plist>([
          ["NS.data", value],
          ["$class", classOf("NSMutableData")],
        ]),
      );
    return typeof value === "string" ? add(value) : value;
  };
  const object = (value: PlistDictionary, of: string): PlistUid => {
    const uid = objects.push(null) - 1;
    const entries = [...value].map(([key, each]) => [key, place(each)] as const);
    objects[uid] = new Map<string, Plist>([...entries, ["$class", classOf(of)]]);
    return { uid };
  };
  const root = object(fields, name);
  return writeBinaryPlist(
    new Map<string, Plist>([
      ["$version", 100_000],
      ["$archiver", "NSKeyedArchiver"],
      ["$top", new Map<string, Plist>([["root", root]])],
      ["$objects", objects],
    ]),
  );
}

/** A property list in XML, as `Info.plist` is one. */
export function writeXmlPlist(root: Plist): Bytes {
  const head =
    '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">\n';
  return textToBytes(`${head}<plist version="1.0">\n${xml(root)}\n</plist>\n`);
}

function xml(value: Plist): string {
  if (typeof value === "string") return `<string>${escaped(value)}</string>`;
  if (typeof value === "boolean") return value ? "<true/>" : "<false/>";
  if (typeof value === "number" || typeof value === "bigint") return `<integer>${value}</integer>`;
  if (isBytes(value)) return `<data>\n${btoa(String.fromCharCode(...value))}\n</data>`;
  if (isDate(value)) return `<date>${new Date(value.dateMs).toISOString().replace(".000", "")}</date>`;
  if (isList(value)) return `<array>${value.map(xml).join("\n")}</array>`;
  if (!isDictionary(value)) throw new TypeError("no XML for it");
  return `<dict>${[...value].map(([key, each]) => `<key>${escaped(key)}</key>\n${xml(each)}`).join("\n")}</dict>`;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
