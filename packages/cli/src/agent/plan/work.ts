import { rehearsalDueAt, shareDueAt, dueShare } from "./care.ts";
import type { WatchedSource } from "../kept/config.ts";
import { isForThePerson } from "./retry.ts";
import type { CopyState, SourceState, State } from "../kept/state.ts";

/** A source with what lies there now. */
export interface SeenSource {
  readonly source: WatchedSource;
  /** A digest of what lies there and of how it is to be read; undefined where it is missing or still changes. */
  readonly seen: string | undefined;
}

/** One thing to do. */
export type Work =
  | { readonly work: "backup"; readonly source: WatchedSource; readonly seen: string }
  | { readonly work: "check"; readonly place: string; readonly share: number }
  | { readonly work: "rehearse"; readonly place: string };

export interface Wanted {
  readonly sources: readonly SeenSource[];
  /** The places of the copies that can be reached. */
  readonly copies: readonly string[];
  /** What waited for the person at that time is tried again. */
  readonly resumedAt: number;
}

/** After a backup, a source that goes on changing has a rest of so many times what the backup took. */
const REST_TIMES = 5;
const MOST_REST_MS = 600_000;

/** What is to be done now: what is new comes before care. */
export function nextWork(
  { sources, copies, resumedAt }: Wanted,
  state: State,
  now: number,
): Work | undefined {
  for (const { source, seen } of sources) {
    if (seen !== undefined && backupDueAt(state.sources[source.name], seen, resumedAt) <= now)
      return { work: "backup", source, seen };
  }
  for (const place of copies) {
    const copy = state.copies[place];
    if (copy === undefined || (copy.retryAt ?? 0) > now) continue;
    const share = dueShare(copy, now);
    if (share !== undefined) return { work: "check", place, share };
    if (rehearsalDueAt(copy) <= now) return { work: "rehearse", place };
  }
  return undefined;
}

/** When something is due next, if nothing changes; Infinity for never. */
export function nextDueAt({ sources, copies, resumedAt }: Wanted, state: State): number {
  const backups = sources.map(({ source, seen }) =>
    seen === undefined ? Infinity : backupDueAt(state.sources[source.name], seen, resumedAt),
  );
  const cares = copies.flatMap((place) => {
    const copy = state.copies[place];
    return copy === undefined ? [] : [careDueAt(copy)];
  });
  return Math.min(Infinity, ...backups, ...cares);
}

/** When a source is to be backed up; Infinity where there is nothing new, or only the person can go on. */
function backupDueAt(source: SourceState | undefined, seen: string, resumedAt: number): number {
  if (source === undefined) return -Infinity;
  if (source.seen !== seen) return restsUntil(source);
  const { last, retryAt } = source;
  if (last !== undefined && isForThePerson(last)) return last.endedAt < resumedAt ? -Infinity : Infinity;
  return retryAt ?? Infinity;
}

function restsUntil({ last, failures }: SourceState): number {
  if (last === undefined || failures > 0) return -Infinity;
  return last.endedAt + Math.min(MOST_REST_MS, REST_TIMES * (last.endedAt - last.beganAt));
}

function careDueAt(copy: CopyState): number {
  return Math.max(copy.retryAt ?? 0, Math.min(shareDueAt(copy), rehearsalDueAt(copy)));
}
