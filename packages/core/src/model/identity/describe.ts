import { canonicalText } from "../canonical/canonical.ts";
import type { Account, AccountName } from "../account.ts";
import type { Chat } from "../chat.ts";
import type { NativeId } from "../parts/links.ts";
import { compareText } from "../text/compare.ts";

/** What one source said of a chat or an account, and when that was read. */
export interface Version<T> {
  readonly value: T;
  readonly asOf: number;
}

/** The set of some versions: equal values become one, with the latest asOf. In order of asOf, then canonical text. */
export function uniteVersions<T>(...lists: readonly (readonly Version<T>[])[]): Version<T>[] {
  const latestByText = new Map<string, Version<T>>();
  for (const version of lists.flat()) {
    const text = canonicalText(version.value);
    const there = latestByText.get(text);
    if (there === undefined || there.asOf < version.asOf) latestByText.set(text, version);
  }
  const entries = [...latestByText].sort((a, b) => a[1].asOf - b[1].asOf || compareText(a[0], b[0]));
  return entries.map(([, version]) => version);
}

/**
 * The account that a set of versions describes: each field as the latest version that has it says; names and other
 * handles of all versions. A pure function of the set. The list must not be empty.
 */
export function describeAccount(versions: readonly Version<Account>[]): Account {
  const sorted = uniteVersions(versions).map((version) => version.value);
  const names = union(sorted, (account) => account.names, nameKey);
  const alsoKnownAs = union(sorted, (account) => account.alsoKnownAs, String);
  return overlay(sorted, {
    ...(names.length > 0 && { names }),
    ...(alsoKnownAs.length > 0 && { alsoKnownAs: alsoKnownAs.sort(compareText) }),
  });
}

/** The chat that a set of versions describes, as `describeAccount` does for accounts. */
export function describeChat(versions: readonly Version<Chat>[]): Chat {
  const sorted = uniteVersions(versions).map((version) => version.value);
  const nativeIds = union(sorted, (chat) => chat.nativeIds, canonicalText);
  const own = union(sorted, (chat) => chat.own, String);
  const members = union(
    sorted,
    (chat) => chat.members,
    (member) => member.account,
  );
  return overlay(sorted, {
    ...(nativeIds.length > 0 && {
      nativeIds: nativeIds.sort((a, b) => compareText(nativeKey(a), nativeKey(b))),
    }),
    ...(own.length > 0 && { own: own.sort(compareText) }),
    ...(members.length > 0 && { members }),
  });
}

function overlay<T extends object>(oldestFirst: readonly T[], united: Partial<T>): T {
  return Object.assign({}, ...oldestFirst, united) as T;
}

/** The entries of all versions, each key once, newest version's entries first. */
function union<T, E>(
  oldestFirst: readonly T[],
  entriesOf: (value: T) => readonly E[] | undefined,
  keyOf: (entry: E) => string,
): E[] {
  const entryByKey = new Map<string, E>();
  for (const value of oldestFirst.toReversed()) {
    for (const entry of entriesOf(value) ?? []) {
      const key = keyOf(entry);
      if (!entryByKey.has(key)) entryByKey.set(key, entry);
    }
  }
  return [...entryByKey.values()];
}

function nameKey(name: AccountName): string {
  return JSON.stringify([name.kind, name.chat ?? null, name.value]);
}

function nativeKey(id: NativeId): string {
  return JSON.stringify([id.scheme, id.value]);
}
