import { compareMessages } from "../order.ts";
import type { Precision } from "../parts/time.ts";
import { compareText } from "../text/compare.ts";
import { matchText, nativeKeys } from "./match.ts";
import type { SeenRecord } from "./record.ts";
import { disjointSets, type DisjointSets } from "./sets.ts";

/** From fine to coarse: the length of one unit in milliseconds. */
const units: readonly (readonly [Exclude<Precision, "none">, number])[] = [
  ["ms", 1],
  ["s", 1_000],
  ["min", 60_000],
  ["day", 86_400_000],
];

/**
 * Which records are the same message: a pure function of the whole set of one chat's records.
 *
 * 1. Records that share a native id are the same message, and so on from one to the next.
 * 2. A record without native id is held against all records that agree with it in `matchText`. Those that lie in
 *    one unit of its own time precision are counted in order; it joins the one whose number is its ordinal.
 *    So a minute-precise "ok" number 1 is the second "ok" of that minute in a source that knows milliseconds.
 *
 * Each group is in canonical order; groups are in the order of their first records.
 */
export function sameMessages(records: Iterable<SeenRecord>): SeenRecord[][] {
  const list = [...records].sort(
    (a, b) => compareMessages(a.message, b.message) || compareText(a.digest, b.digest),
  );
  const sets = disjointSets(list.length);
  joinByNativeId(list, sets);
  for (const alike of recordsThatMatch(list)) joinByOrdinal(list, alike, sets);
  return sets.groups().map((group) => group.map((place) => list[place]!));
}

function joinByNativeId(list: readonly SeenRecord[], sets: DisjointSets): void {
  const placeByKey = new Map<string, number>();
  for (const [place, record] of list.entries()) {
    for (const key of nativeKeys(record.message)) {
      const there = placeByKey.get(key);
      if (there === undefined) placeByKey.set(key, place);
      else sets.join(there, place);
    }
  }
}

/** Places of records with a known time by `matchText`; none where every record has a native id. */
function recordsThatMatch(list: readonly SeenRecord[]): number[][] {
  if (list.every((record) => nativeKeys(record.message).length > 0)) return [];
  const placesByText = new Map<string, number[]>();
  for (const [place, { message }] of list.entries()) {
    if (message.time.precision === "none") continue;
    const text = `${zoneClass(message.time.zone)} ${matchText(message)}`;
    const places = placesByText.get(text);
    if (places === undefined) placesByText.set(text, [place]);
    else places.push(place);
  }
  return [...placesByText.values()].filter((places) => places.length > 1);
}

/** Instants are held against instants only, and wall clocks against wall clocks. */
function zoneClass(zone: string): string {
  return zone === "utc" || zone === "offset" ? "instant" : "wall";
}

/** One message, as far as it is known on the way from fine to coarse: its time and one of its places. */
interface Moment {
  readonly sent: number;
  readonly ordinal: number;
  readonly place: number;
}

function joinByOrdinal(list: readonly SeenRecord[], alike: readonly number[], sets: DisjointSets): void {
  let moments: Moment[] = [];
  for (const [precision, unitMs] of units) {
    const here = alike.filter((place) => list[place]!.message.time.precision === precision);
    if (here.length > 0) moments = joinUnit(list, here, { moments, unitMs, sets });
  }
}

interface Finer {
  readonly moments: readonly Moment[];
  readonly unitMs: number;
  readonly sets: DisjointSets;
}

/** Puts the records of one precision to the moments that finer ones have made, unit by unit. */
function joinUnit(list: readonly SeenRecord[], here: readonly number[], finer: Finer): Moment[] {
  const { unitMs, sets } = finer;
  const momentsByUnit = Map.groupBy(finer.moments, (moment) => Math.floor(moment.sent / unitMs));
  const recordsByUnit = Map.groupBy(here, (place) => Math.floor(list[place]!.message.time.sent / unitMs));
  const result: Moment[] = [];
  for (const [unit, places] of recordsByUnit) {
    const known = distinctMoments(
      [...(momentsByUnit.get(unit) ?? []), ...nativeMoments(list, places, sets)],
      sets,
    );
    momentsByUnit.delete(unit);
    const momentByOrdinal = new Map(known.entries());
    for (const place of places) {
      const { message } = list[place]!;
      if (nativeKeys(message).length > 0) continue;
      const ordinal = message.ordinal ?? 0;
      const match = momentByOrdinal.get(ordinal);
      if (match === undefined) momentByOrdinal.set(ordinal, { sent: message.time.sent, ordinal, place });
      else sets.join(match.place, place);
    }
    result.push(...momentByOrdinal.values());
  }
  for (const moments of momentsByUnit.values()) result.push(...moments);
  return result;
}

function nativeMoments(list: readonly SeenRecord[], places: readonly number[], sets: DisjointSets): Moment[] {
  const natives = places.filter((place) => nativeKeys(list[place]!.message).length > 0);
  const firstByGroup = new Map<number, number>();
  for (const place of natives) {
    const root = sets.rootOf(place);
    if (!firstByGroup.has(root)) firstByGroup.set(root, place);
  }
  return [...firstByGroup.values()].map((place) => ({
    sent: list[place]!.message.time.sent,
    ordinal: 0,
    place,
  }));
}

/** In order, each group once: a message that a finer source knows already is not counted again. */
function distinctMoments(moments: readonly Moment[], sets: DisjointSets): Moment[] {
  const sorted = [...moments].sort((a, b) => a.sent - b.sent || a.ordinal - b.ordinal || a.place - b.place);
  const seen = new Set<number>();
  return sorted.filter((moment) => {
    const root = sets.rootOf(moment.place);
    if (seen.has(root)) return false;
    seen.add(root);
    return true;
  });
}
