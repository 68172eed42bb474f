import { newCopy } from "./care.ts";
import { isForThePerson, retryDelayMs } from "./retry.ts";
import type { CopyState, RoundEnd, SourceState, State } from "../kept/state.ts";
import type { Work } from "./work.ts";

/** A round that was stopped has come to nothing, and is due as before. */
function isStopped({ code }: RoundEnd): boolean {
  return code === "base.aborted";
}

/** Whether what was there is stored now, all of it or with items that are listed. */
export function isGood({ code }: Pick<RoundEnd, "code">): boolean {
  return code === "done" || code === "cli.partly";
}

/** The state after a round. */
export function recorded(state: State, work: Work, end: RoundEnd): State {
  if (isStopped(end)) return state;
  if (work.work === "backup") {
    const { name } = work.source;
    const before = state.sources[name] ?? { since: end.beganAt, failures: 0 };
    return { ...state, sources: { ...state.sources, [name]: afterBackup(before, work.seen, end) } };
  }
  const before = state.copies[work.place] ?? newCopy(end.beganAt);
  const after = work.work === "check" ? afterCheck(before, work.share, end) : afterRehearsal(before, end);
  return { ...state, copies: { ...state.copies, [work.place]: after } };
}

function afterBackup(before: SourceState, seen: string, last: RoundEnd): SourceState {
  if (isGood(last)) return { ...before, seen, last, goodAt: last.beganAt, failures: 0, retryAt: undefined };
  const failures = before.failures + 1;
  const retryAt = isForThePerson(last) ? undefined : last.endedAt + retryDelayMs(failures);
  return { ...before, seen, last, failures, retryAt };
}

/**
 * Damage that was found is a result, and so are files that a server says it removed: its person has to know. A copy that
 * could not be read is tried again.
 */
function hasResult({ code }: RoundEnd): boolean {
  return code === "done" || code === "vault.corrupt" || code === "cli.partly";
}

function afterCheck(before: CopyState, share: number, lastCheck: RoundEnd): CopyState {
  if (!hasResult(lastCheck)) return afterFailure({ ...before, lastCheck }, lastCheck);
  const damaged = new Set(before.damaged);
  if (lastCheck.code === "done") damaged.delete(share);
  else damaged.add(share);
  const readAt = before.readAt.with(share, lastCheck.beganAt);
  return { ...before, readAt, lastCheck, damaged: [...damaged], failures: 0, retryAt: undefined };
}

function afterRehearsal(before: CopyState, lastRehearsal: RoundEnd): CopyState {
  if (!hasResult(lastRehearsal)) return afterFailure({ ...before, lastRehearsal }, lastRehearsal);
  const rehearsedAt = lastRehearsal.beganAt;
  return { ...before, lastRehearsal, rehearsedAt, failures: 0, retryAt: undefined };
}

function afterFailure(copy: CopyState, { endedAt }: RoundEnd): CopyState {
  const failures = copy.failures + 1;
  return { ...copy, failures, retryAt: endedAt + retryDelayMs(failures) };
}
