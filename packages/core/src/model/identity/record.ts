import { canonicalText } from "../canonical/canonical.ts";
import { contentDigest, type Hashing } from "../canonical/content.ts";
import type { Message } from "../message.ts";
import { compareText } from "../text/compare.ts";

/** Where a record was seen. It stands beside the record, never in it. */
export interface Provenance {
  /** The source's id, made by the vault. */
  readonly source: string;
  /** The backup that read it, and when that was, milliseconds UTC. */
  readonly run: string;
  readonly asOf: number;
}

/** A message as found, with all the places where it was found. */
export interface SeenRecord {
  readonly digest: string;
  readonly message: Message;
  /** In order of asOf, source, run; never empty. */
  readonly seen: readonly Provenance[];
}

/** Records by content digest: the state of a chat. */
export type RecordSet = ReadonlyMap<string, SeenRecord>;

/** A record seen once. */
export function seenRecord(message: Message, seen: Provenance, primitives: Hashing): SeenRecord {
  return { digest: contentDigest(message, primitives), message, seen: [seen] };
}

/** The set of some records; equal ones become one. */
export function recordSet(records: Iterable<SeenRecord>): RecordSet {
  const set = new Map<string, SeenRecord>();
  for (const record of records) {
    const there = set.get(record.digest);
    set.set(record.digest, there === undefined ? record : uniteRecords(there, record));
  }
  return set;
}

/** Merge: the union. Commutative, associative, idempotent; nothing is lost but residue that differs. */
export function mergeSets(a: RecordSet, b: RecordSet): RecordSet {
  return recordSet([...a.values(), ...b.values()]);
}

/** Undo of a merge: what is left without a source. */
export function withoutSource(set: RecordSet, source: string): RecordSet {
  const left: SeenRecord[] = [];
  for (const record of set.values()) {
    const seen = record.seen.filter((place) => place.source !== source);
    if (seen.length > 0) left.push({ ...record, seen });
  }
  return recordSet(left);
}

/** Of two records with equal content: the one that was seen first, and all the places. */
function uniteRecords(a: SeenRecord, b: SeenRecord): SeenRecord {
  const message = isKeptBefore(a, b) ? a.message : b.message;
  return { digest: a.digest, message, seen: uniteProvenance(a.seen, b.seen) };
}

function isKeptBefore(a: SeenRecord, b: SeenRecord): boolean {
  const difference = compareProvenance(a.seen[0]!, b.seen[0]!);
  return (difference || compareText(canonicalText(a.message), canonicalText(b.message))) <= 0;
}

function uniteProvenance(a: readonly Provenance[], b: readonly Provenance[]): Provenance[] {
  const places = [...a, ...b].sort(compareProvenance);
  return places.filter((place, i) => i === 0 || compareProvenance(places[i - 1]!, place) !== 0);
}

function compareProvenance(a: Provenance, b: Provenance): number {
  return a.asOf - b.asOf || compareText(a.source, b.source) || compareText(a.run, b.run);
}
