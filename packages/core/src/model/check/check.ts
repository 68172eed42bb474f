import type { JsonObject, JsonValue } from "../json.ts";
import { limits } from "../limits.ts";
import type { Notes } from "./notes.ts";

/** Why a value cannot stand where it stood. */
export class Wrong {
  readonly code: "model.wrong-type" | "model.missing" | "model.over-limit" | "model.out-of-range";

  constructor(code: Wrong["code"]) {
    this.code = code;
  }
}

const wrongType: Wrong = new Wrong("model.wrong-type");
const overLimit: Wrong = new Wrong("model.over-limit");

/**
 * Looks at one value. Gives it back, made canonical, or says why it is wrong; then the caller moves it aside. What
 * is wrong deeper inside has been moved aside already, under its own path. Never throws, whatever the value is.
 */
export type Check = (value: unknown, path: string, notes: Notes) => unknown;

/** A field without which its object cannot stand: the object is moved aside, unless there is a value to put in. */
export interface Must {
  readonly must: Check;
  readonly otherwise?: JsonValue;
}

/** A check for every field of an interface, `Must` for those that are not optional. */
export type Shape<T> = {
  readonly [K in keyof T]-?: Record<never, never> extends Pick<T, K> ? Check : Must;
};

/** A field that must be there. */
export function must(check: Check, otherwise?: JsonValue): Must {
  return otherwise === undefined ? { must: check } : { must: check, otherwise };
}

/** A string within the limit of length. */
export const text: Check = (value) => {
  if (typeof value !== "string") return wrongType;
  return value.length > limits.textLength ? overLimit : value;
};

/** A safe integer. */
export const integer: Check = (value) => (Number.isSafeInteger(value) ? (value as number) + 0 : wrongType);

/** A safe integer from 0 on. */
export const count: Check = (value) => {
  if (!Number.isSafeInteger(value)) return wrongType;
  return (value as number) < 0 ? new Wrong("model.out-of-range") : (value as number) + 0;
};

export const flag: Check = (value) => (typeof value === "boolean" ? value : wrongType);

/** 64 lower-case hex digits. */
export const sha256Hex: Check = (value) =>
  typeof value === "string" && /^[0-9a-f]{64}$/.test(value) ? value : wrongType;

/** One of some words. */
export function oneOf(...words: readonly string[]): Check {
  const set = new Set<unknown>(words);
  return (value) => (set.has(value) ? value : wrongType);
}

/** A list; entries that are wrong are moved aside. An empty one is as good as absent, an empty row in it is kept. */
export function list(entry: Check): Check {
  return (value, path, notes) => {
    if (!Array.isArray(value)) return wrongType;
    if (value.length > limits.listLength) return overLimit;
    const entries: unknown[] = [];
    for (const [i, item] of value.entries()) {
      const checked = entry(item, `${path}/${i}`, notes);
      if (checked instanceof Wrong) notes.setAside(`${path}/${i}`, item, checked.code);
      else entries.push(checked ?? []);
    }
    return entries.length === 0 ? undefined : entries;
  };
}

/** Any JSON, as unknown fields may hold it. */
export const json: Check = (value) => {
  const problem = jsonProblem(value, limits.unknownDepth);
  return problem ?? value;
};

/** Any JSON object. */
export const jsonObject: Check = (value, path, notes) =>
  isObject(value) ? json(value, path, notes) : wrongType;

/** True for what JSON calls an object. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function jsonProblem(value: unknown, depth: number): Wrong | undefined {
  if (value === null || typeof value === "boolean") return undefined;
  if (typeof value === "string") return value.length > limits.textLength ? overLimit : undefined;
  if (typeof value === "number") return Number.isFinite(value) ? undefined : wrongType;
  return typeof value === "object" ? nestedProblem(value, depth) : wrongType;
}

function nestedProblem(value: object, depth: number): Wrong | undefined {
  if (depth === 0) return overLimit;
  const children = Object.values(value) as unknown[];
  if (children.length > limits.listLength) return overLimit;
  for (const child of children) {
    const problem = jsonProblem(child, depth - 1);
    if (problem !== undefined) return problem;
  }
  return undefined;
}
