import type { JsonObject, JsonValue } from "../model/index.ts";

/** True for what JSON calls an object. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The value of a JSON text; undefined if it is none. */
export function parseJson(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return undefined;
  }
}

/** A number that JSON.parse would not keep: its digits. Written back as the number. */
interface ExactNumber extends JsonObject {
  readonly $number: string;
}

const numberText = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/** True for a number that is kept as its digits. */
function isExactNumber(value: unknown): value is ExactNumber {
  if (!isObject(value)) return false;
  const digits = value["$number"];
  return typeof digits === "string" && numberText.test(digits) && Object.keys(value).length === 1;
}

/** The digits of a number, or a text as it is; undefined for anything else. */
export function digitsOf(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  if (typeof value === "number") return String(value);
  return isExactNumber(value) ? value.$number : undefined;
}

/**
 * Parses JSON as some programs write it: `\xHH` in strings stands for `\u00HH`, and numbers that a double does not
 * hold become `ExactNumber`. Undefined if it is no JSON even so.
 */
export function parseOddJson(text: string): JsonValue | undefined {
  return parseJson(repairJson(text));
}

/** The same text as plain JSON: token by token, strings and numbers only. */
function repairJson(text: string): string {
  let repaired = "";
  let taken = 0;
  let i = 0;
  while (i < text.length) {
    const letter = text.charCodeAt(i);
    if (letter === 0x22) {
      const end = stringEnd(text, i);
      const token = text.slice(i, end);
      if (token.includes("\\x")) {
        repaired += text.slice(taken, i) + repairString(token);
        taken = end;
      }
      i = end;
    } else if (letter === 0x2d || (letter >= 0x30 && letter <= 0x39)) {
      const end = numberEnd(text, i);
      const token = text.slice(i, end);
      if (String(Number(token)) !== token && numberText.test(token)) {
        repaired += text.slice(taken, i) + `{"$number":"${token}"}`;
        taken = end;
      }
      i = end;
    } else i += 1;
  }
  return repaired + text.slice(taken);
}

function stringEnd(text: string, start: number): number {
  let i = start + 1;
  for (;;) {
    const quote = text.indexOf('"', i);
    if (quote < 0) return text.length;
    let slashes = 0;
    while (text.charCodeAt(quote - 1 - slashes) === 0x5c && quote - 1 - slashes > start) slashes += 1;
    if (slashes % 2 === 0) return quote + 1;
    i = quote + 1;
  }
}

function numberEnd(text: string, start: number): number {
  let i = start + 1;
  while (i < text.length && /[0-9.eE+-]/.test(text[i]!)) i += 1;
  return i;
}

function repairString(token: string): string {
  return token.replace(/\\(?:x([0-9a-fA-F]{2})|[^])/g, (escape, hex?: string) =>
    hex === undefined ? escape : `\\u00${hex}`,
  );
}

/** The JSON text of a value, exact numbers as numbers. */
export function writeJson(value: unknown): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  if (Array.isArray(value)) return `[${value.map(writeJson).join(",")}]`;
  if (isExactNumber(value)) return value.$number;
  const fields: string[] = [];
  for (const [key, field] of Object.entries(value))
    if (field !== undefined) fields.push(`${JSON.stringify(key)}:${writeJson(field)}`);
  return `{${fields.join(",")}}`;
}

/** Whether two JSON values are equal; the order of keys does not count. */
function equalJson(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Array.isArray(a) || Array.isArray(b)) return equalLists(a, b);
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  const other = b as Record<string, unknown>;
  return keys.every((key) => Object.hasOwn(b, key) && equalJson((a as typeof other)[key], other[key]));
}

function equalLists(a: object, b: object): boolean {
  if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false;
  return a.every((entry, i) => equalJson(entry, b[i]));
}

/**
 * What must be done to `made` so that it equals `wanted`: fields to `set` and names of fields to `unset`, each only if
 * there are any; undefined if nothing.
 */
export function difference(wanted: JsonObject, made: JsonObject): JsonObject | undefined {
  const set = Object.entries(wanted).filter(
    ([key, value]) => !Object.hasOwn(made, key) || !equalJson(value, made[key]),
  );
  const unset = Object.keys(made).filter((key) => made[key] !== undefined && !Object.hasOwn(wanted, key));
  if (set.length === 0 && unset.length === 0) return undefined;
  return {
    ...(set.length > 0 && { set: Object.fromEntries(set) }),
    ...(unset.length > 0 && { unset }),
  };
}

/** Does what `difference` found. Whatever else is in `changes` is not looked at. */
export function withDifference(made: JsonObject, changes: JsonObject): JsonObject {
  const { set, unset } = changes;
  const gone = new Set<unknown>(Array.isArray(unset) ? unset : []);
  const kept = Object.entries(made).filter(([key]) => !gone.has(key));
  return Object.fromEntries([...kept, ...(isObject(set) ? Object.entries(set) : [])]);
}
