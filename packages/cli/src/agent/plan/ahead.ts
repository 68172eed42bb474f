import type { CopyState, RoundEnd, SourceState, State } from "../kept/state.ts";
import { MOST_MS } from "./retry.ts";

/**
 * The state with no time in it that is still to come: a clock that went ahead and was put right would put off what is
 * due until then. What it said lies ahead happened now.
 */
export function withoutFuture(state: State, now: number): State {
  const past = (time: number): number => Math.min(time, now);
  const each = <T>(all: Readonly<Record<string, T>>, one: (item: T) => T): Readonly<Record<string, T>> =>
    Object.fromEntries(Object.entries(all).map(([name, item]) => [name, one(item)]));
  const sources = each(state.sources, (source: SourceState) => ({
    ...source,
    since: past(source.since),
    ...(source.last !== undefined && { last: endedBy(source.last, now) }),
    ...(source.goodAt !== undefined && { goodAt: past(source.goodAt) }),
    ...(source.remindedAt !== undefined && { remindedAt: past(source.remindedAt) }),
    ...(source.retryAt !== undefined && { retryAt: Math.min(source.retryAt, now + MOST_MS) }),
  }));
  const copies = each(state.copies, (copy: CopyState) => ({
    ...copy,
    since: past(copy.since),
    readAt: copy.readAt.map(past),
    ...(copy.rehearsedAt !== undefined && { rehearsedAt: past(copy.rehearsedAt) }),
    ...(copy.retryAt !== undefined && { retryAt: Math.min(copy.retryAt, now + MOST_MS) }),
  }));
  return { ...state, sources, copies };
}

/** A round that took as long, and has ended. */
function endedBy(round: RoundEnd, now: number): RoundEnd {
  const ahead = Math.max(0, round.endedAt - now);
  return { ...round, beganAt: round.beganAt - ahead, endedAt: round.endedAt - ahead };
}
