import { KeepsakeError, textToBytes, type Bytes } from "../../base/index.ts";
import { limits } from "../limits.ts";

/**
 * The one text of a JSON value (RFC 8785): keys in the order of UTF-16 code units, no white space, numbers and
 * strings as ECMAScript writes them; a lone surrogate is written as its escape. Keys whose value is undefined are
 * absent. Throws `base.invalid` for what is no JSON and `base.limit` for nesting that is too deep.
 */
export function canonicalText(value: unknown): string {
  return write(value, 0);
}

/** The canonical text of an object as if it did not have these keys. */
export function canonicalTextWithout(object: object, keys: ReadonlySet<string>): string {
  return writeObject(object, 1, keys);
}

/** The UTF-8 bytes of `canonicalText`. */
export function canonicalBytes(value: unknown): Bytes {
  return textToBytes(write(value, 0));
}

function write(value: unknown, depth: number): string {
  if (typeof value === "string") return quote(value);
  if (typeof value === "number") return writeNumber(value);
  if (value === true) return "true";
  if (value === false) return "false";
  if (value === null) return "null";
  if (typeof value !== "object") throw new KeepsakeError("base.invalid", { details: { type: typeof value } });
  if (depth >= limits.canonicalDepth) throw new KeepsakeError("base.limit", { details: { depth } });
  return Array.isArray(value) ? writeList(value, depth + 1) : writeObject(value, depth + 1);
}

function writeNumber(value: number): string {
  if (!Number.isFinite(value)) throw new KeepsakeError("base.invalid", { details: { type: "number" } });
  return String(value);
}

function writeList(list: readonly unknown[], depth: number): string {
  let text = "[";
  for (let i = 0; i < list.length; i++) text += (i === 0 ? "" : ",") + write(list[i], depth);
  return text + "]";
}

function writeObject(object: object, depth: number, without?: ReadonlySet<string>): string {
  const keys = sortedKeys(object);
  let text = "{";
  for (const key of keys) {
    const value = (object as Record<string, unknown>)[key];
    if (value === undefined || without?.has(key) === true) continue;
    text += (text.length === 1 ? "" : ",") + quote(key) + ":" + write(value, depth);
  }
  return text + "}";
}

/** Most objects are small, and many stand sorted already: insertion beats the general sort. */
function sortedKeys(object: object): string[] {
  const keys = Object.keys(object);
  if (keys.length > 32) return keys.sort();
  for (let i = 1; i < keys.length; i++) {
    const key = keys[i]!;
    let place = i;
    for (; place > 0 && keys[place - 1]! > key; place--) keys[place] = keys[place - 1]!;
    keys[place] = key;
  }
  return keys;
}

// oxlint-disable-next-line no-control-regex -- control characters are what JSON escapes
const needsEscape = /["\\\u0000-\u001f\ud800-\udfff]/;

function quote(text: string): string {
  return needsEscape.test(text) ? JSON.stringify(text) : '"' + text + '"';
}
