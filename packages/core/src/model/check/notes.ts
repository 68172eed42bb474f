import type { Finding } from "../../base/index.ts";
import type { JsonObject } from "../json.ts";
import { limits } from "../limits.ts";
import { isObject, json, Wrong, type Check } from "./check.ts";
import { setField } from "./object.ts";
import { plainText } from "./plain-text.ts";

/** What a validation found, and what it moved aside. */
export interface Notes {
  /** Keeps a wrong value under its path, and says so; `where` if the path itself is not fit for a log. */
  setAside(path: string, value: unknown, code: Wrong["code"], where?: string): void;
  say(where: string, code: Wrong["code"]): void;
  /** How a message inside a message is checked. */
  readonly item: Check;
}

export interface Notebook extends Notes {
  readonly findings: readonly Finding[];
  /** What was moved aside, by JSON Pointer; undefined if nothing was. */
  invalid(): JsonObject | undefined;
}

/** An empty notebook; with what an earlier validation moved aside. */
export function notebook(earlier: unknown, item: Check): Notebook {
  const findings: Finding[] = [];
  const aside = new Map<string, unknown>(isObject(earlier) ? Object.entries(earlier) : []);
  const say = (where: string, code: Wrong["code"]): void => {
    findings.push({ code, severity: "warning", where });
  };
  return {
    findings,
    item,
    say,
    setAside(path, value, code, where = path) {
      let key = path;
      while (aside.has(key)) key += "'";
      aside.set(key, keepable(value));
      say(where, code);
    },
    invalid() {
      if (aside.size === 0) return undefined;
      const object: JsonObject = {};
      for (const [path, value] of aside) setField(object, path, value);
      return object;
    },
  };
}

/** The value itself where a record can hold it, else a text that holds all of it. */
function keepable(value: unknown): unknown {
  const isPlain = typeof value === "string" || !(json(value, "", silent) instanceof Wrong);
  return isPlain ? value : plainText(value, limits.textLength);
}

const silent: Notes = { setAside: () => undefined, say: () => undefined, item: json };
