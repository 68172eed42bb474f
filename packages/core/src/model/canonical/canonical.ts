import { KeepsakeError, textToBytes, type Bytes } from "../../base/index.ts";
import { limits } from "../limits.ts";

/**
 * The one text of a JSON value (RFC 8785): keys in the order of UTF-16 code units, no white space, numbers and
 * strings as ECMAScript writes them; a lone surrogate is written as its escape. Keys whose value is undefined are
 * absent. Throws `base.invalid` for what is no JSON and `base.limit` for nesting that is too deep.
 */
export function canonicalText(value: unknown): string {
  if (isInOrder(value, 0)) return JSON.stringify(value);
  const ordered = inOrder(value);
  return ordered === unordered ? write(value, 0) : JSON.stringify(ordered);
}

/** The canonical text of an object as if it did not have these keys. */
export function canonicalTextWithout(object: object, keys: ReadonlySet<string>): string {
  return writeObject(object, 1, keys);
}

/** The UTF-8 bytes of `canonicalText`. */
export function canonicalBytes(value: unknown): Bytes {
  return textToBytes(canonicalText(value));
}

/** Whether the keys of all objects are in order: JSON.stringify, far quicker than any code of ours, keeps them so. */
function isInOrder(value: unknown, depth: number): boolean {
  if (typeof value === "string" || typeof value === "boolean" || value === null) return true;
  if (typeof value === "number" && Number.isFinite(value)) return true;
  if (typeof value !== "object") throw new KeepsakeError("base.invalid", { details: { type: typeof value } });
  if (depth >= limits.canonicalDepth) throw new KeepsakeError("base.limit", { details: { depth } });
  if (!Array.isArray(value)) return areFieldsInOrder(value as Record<string, unknown>, depth + 1);
  let isOrdered = true;
  for (let i = 0; i < value.length; i++) isOrdered = isInOrder(value[i], depth + 1) && isOrdered;
  return isOrdered;
}

function areFieldsInOrder(fields: Record<string, unknown>, depth: number): boolean {
  let isOrdered = true;
  let last = "";
  for (const key in fields) {
    const field = fields[key];
    if (field === undefined) continue;
    isOrdered = isInOrder(field, depth) && key >= last && isOrdered;
    last = key;
  }
  return isOrdered;
}

/** Stands for an object with keys that none can have in the order of UTF-16 code units: numbers, and `__proto__`. */
const unordered: unique symbol = Symbol("unordered");

/** The value with the keys of all its objects in order. */
function inOrder(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) {
    const list = value.map(inOrder);
    return list.includes(unordered) ? unordered : list;
  }
  const ordered: Record<string, unknown> = {};
  for (const key of sortedKeys(value)) {
    const field = inOrder((value as Record<string, unknown>)[key]);
    if (field === unordered || key === "__proto__" || isNumber(key)) return unordered;
    ordered[key] = field;
  }
  return ordered;
}

/** Whether objects may put the key before others, whatever the order in which they got them. */
function isNumber(key: string): boolean {
  const first = key.charCodeAt(0);
  return first >= 0x30 && first <= 0x39;
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
