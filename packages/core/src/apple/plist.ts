import { KeepsakeError, type Bytes } from "../base/index.ts";

/** A value of a property list. Dictionaries are maps, so that no name in a file is more than a name. */
export type Plist =
  | null
  | boolean
  | number
  | bigint
  | string
  | Bytes
  | PlistDate
  | PlistUid
  | readonly Plist[]
  | PlistDictionary;

export type PlistDictionary = ReadonlyMap<string, Plist>;

/** Milliseconds UTC; Apple counts from 2001. */
export interface PlistDate {
  readonly dateMs: number;
}

/** A reference of a keyed archive to one of its objects. */
export interface PlistUid {
  readonly uid: number;
}

/** The start of Apple's count of seconds, 1 January 2001, in milliseconds UTC. */
export const EPOCH_2001_MS = 978_307_200_000;

export function isDictionary(value: Plist | undefined): value is PlistDictionary {
  return value instanceof Map;
}

export function isList(value: Plist | undefined): value is readonly Plist[] {
  return Array.isArray(value);
}

export function isBytes(value: Plist | undefined): value is Bytes {
  return value instanceof Uint8Array;
}

export function isDate(value: Plist | undefined): value is PlistDate {
  return typeof value === "object" && value !== null && "dateMs" in value;
}

export function isUid(value: Plist | undefined): value is PlistUid {
  return typeof value === "object" && value !== null && "uid" in value;
}

/** What no list of a backup passes. */
export const plistLimits: Readonly<Record<"bytes" | "objects" | "depth", number>> = {
  bytes: 64 * 1024 * 1024,
  objects: 1_000_000,
  depth: 64,
};

/** What is wrong with a file of Apple's; never what stands in it. */
export function damagedList(what: string): KeepsakeError {
  return new KeepsakeError("format.damaged", { details: { what: `plist-${what}` } });
}
