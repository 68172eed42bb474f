import type { Account, Chat, JsonValue, SourceInfo } from "../../model/index.ts";
import { isObject } from "../json-values.ts";

/** Whether a value may stand in a field. */
type Fits = (value: JsonValue) => boolean;

const text: Fits = (value) => typeof value === "string";
const number: Fits = (value) => Number.isSafeInteger(value);
const flag: Fits = (value) => typeof value === "boolean";
const object: Fits = isObject;
const listOf =
  (fits: Fits): Fits =>
  (value) =>
    Array.isArray(value) && (value as readonly JsonValue[]).every(fits);
const withTexts =
  (...keys: readonly string[]): Fits =>
  (value) =>
    isObject(value) && keys.every((key) => typeof value[key] === "string");

const chatKinds = new Set<unknown>([
  "direct",
  "group",
  "channel",
  "broadcast",
  "bot",
  "self",
  "thread",
  "service",
  "unknown",
]);

type Shape<T> = { readonly [K in keyof Required<T>]: Fits };

const chatShape: Shape<Chat> = {
  id: text,
  platform: text,
  kind: (value) => chatKinds.has(value),
  nativeIds: listOf(withTexts("scheme", "value")),
  own: listOf(text),
  title: text,
  formerTitles: listOf(withTexts("value")),
  description: text,
  avatar: withTexts("state"),
  parent: text,
  migratedFrom: text,
  members: listOf(withTexts("account")),
  memberCount: number,
  settings: object,
  residue: object,
};

const accountShape: Shape<Account> = {
  id: text,
  platform: text,
  kind: text,
  value: text,
  names: listOf(withTexts("value", "kind")),
  avatar: withTexts("state"),
  isBot: flag,
  alsoKnownAs: listOf(text),
  labels: listOf(text),
  residue: object,
};

const sourceShape: Shape<SourceInfo> = {
  format: text,
  formatVersion: text,
  platform: text,
  own: (value) => accountOf(value) !== undefined,
  exportedAt: number,
  generator: text,
  timeZone: text,
  locale: text,
  residue: object,
};

/** The fields that fit and those that are not known; undefined where one that must be there does not fit. */
function fitting<T>(
  value: JsonValue | undefined,
  shape: Shape<T>,
  must: readonly (keyof T & string)[],
): T | undefined {
  if (!isObject(value)) return undefined;
  const fitsAt = new Map<string, Fits>(Object.entries(shape));
  const kept = Object.entries(value).filter(([key, field]) => fitsAt.get(key)?.(field) ?? true);
  const result = Object.fromEntries(kept);
  return must.every((key) => Object.hasOwn(result, key)) ? (result as T) : undefined;
}

/** A chat of a line, without fields that cannot be what they say; undefined if it lacks what it must have. */
export function chatOf(value: JsonValue | undefined): Chat | undefined {
  const whole = isObject(value) && !chatKinds.has(value["kind"]) ? { ...value, kind: "unknown" } : value;
  return fitting(whole, chatShape, ["id", "platform", "kind"]);
}

/** An account of a line, in the same way. */
export function accountOf(value: JsonValue | undefined): Account | undefined {
  return fitting(value, accountShape, ["id", "platform", "kind", "value"]);
}

/** What a source says of itself, in the same way. */
export function sourceOf(value: JsonValue | undefined): SourceInfo | undefined {
  return fitting(value, sourceShape, ["format", "platform"]);
}
