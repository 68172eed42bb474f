import type { AgentConfig } from "./kept/config.ts";
import type { CopyState, RoundEnd, Running, SourceState, State } from "./kept/state.ts";
import type { Hold, Pause } from "./holds.ts";
import { rehearsalDueAt, shareDueAt, wholeSince } from "./plan/care.ts";
import { isGood } from "./plan/record.ts";
import { overdue } from "./plan/remind.ts";
import { isForThePerson } from "./plan/retry.ts";

/** How it stands with one source, the worst first. */
type SourceStanding = "needs-you" | "trying" | "running" | "overdue" | "waiting" | "good";

export interface SourceReport {
  readonly name: string;
  readonly standing: SourceStanding;
  readonly last: RoundEnd | undefined;
  /** When the last backup that went well began. */
  readonly goodAt: number | undefined;
  /** When the next try is; undefined where it comes with the next change. */
  readonly nextAt: number | undefined;
  /** Whether its disk does not answer. */
  readonly isSilent: boolean;
}

export interface CopyReport {
  readonly place: string;
  /** Every byte was read since then; undefined as long as some were not. */
  readonly wholeSince: number | undefined;
  /** How many of its shares were read at all, and how many there are. */
  readonly sharesRead: number;
  readonly shares: number;
  readonly rehearsedAt: number | undefined;
  readonly isDamaged: boolean;
  /** Why it could not be looked at the last time. */
  readonly code: string | undefined;
  readonly nextAt: number;
}

/** How the whole stands: the first of these that is true. */
type Standing = "off" | "needs-you" | "paused" | "running" | "held" | "trying" | "overdue" | "empty" | "good";

export interface Report {
  readonly standing: Standing;
  readonly isRunning: boolean;
  readonly lastMessageAt: number | undefined;
  readonly running: Running | undefined;
  readonly hold: Hold | undefined;
  readonly sources: readonly SourceReport[];
  readonly copies: readonly CopyReport[];
}

export interface Known {
  readonly config: AgentConfig;
  readonly state: State;
  readonly isRunning: boolean;
  readonly pause: Pause | undefined;
  readonly now: number;
}

/** What `keepsake status` shows, from what is on the disk. */
export function reportOf({ config, state, isRunning, pause, now }: Known): Report {
  const running = isRunning ? state.running : undefined;
  const late = new Set(overdue(config, state, now));
  const sources = config.sources.map(({ name }): SourceReport => {
    const known = state.sources[name];
    const nextAt = known?.retryAt;
    const isSilent = isRunning && state.silent?.includes(name) === true;
    const own = isSilent ? "trying" : sourceStanding(known, late.has(name));
    const standing = running?.source === name ? "running" : own;
    return { name, standing, last: known?.last, goodAt: known?.goodAt, nextAt, isSilent };
  });
  const copies = Object.entries(state.copies).map(([place, copy]) => copyReport(place, copy));
  const hold = pause === undefined ? heldNow(state, isRunning) : { reason: "paused" as const, ...pause };
  const about = { isRunning, lastMessageAt: state.lastMessageAt, running, hold, sources, copies };
  return { standing: standingOf(about), ...about };
}

function heldNow({ held }: State, isRunning: boolean): Hold | undefined {
  return isRunning ? held : undefined;
}

function sourceStanding(source: SourceState | undefined, isLate: boolean): SourceStanding {
  const last = source?.last;
  if (last !== undefined && isForThePerson(last)) return "needs-you";
  if (last !== undefined && !isGood(last)) return "trying";
  if (isLate) return "overdue";
  return last === undefined ? "waiting" : "good";
}

function copyReport(place: string, copy: CopyState): CopyReport {
  const failed = copy.failures > 0 ? [copy.lastCheck, copy.lastRehearsal] : [];
  const isDamaged = copy.damaged.length > 0 || copy.lastRehearsal?.code === "vault.corrupt";
  return {
    place,
    wholeSince: wholeSince(copy),
    sharesRead: copy.readAt.filter((at) => at > 0).length,
    shares: copy.readAt.length,
    rehearsedAt: copy.rehearsedAt,
    isDamaged,
    code: isDamaged
      ? "vault.corrupt"
      : failed.findLast((end) => end !== undefined && end.code !== "done")?.code,
    nextAt: Math.max(copy.retryAt ?? 0, Math.min(shareDueAt(copy), rehearsalDueAt(copy))),
  };
}

function standingOf(report: Omit<Report, "standing">): Standing {
  const { isRunning, sources, copies, hold, running } = report;
  const is = (standing: SourceStanding): boolean => sources.some((each) => each.standing === standing);
  if (!isRunning) return "off";
  if (is("needs-you") || copies.some(({ isDamaged }) => isDamaged)) return "needs-you";
  if (hold?.reason === "paused") return "paused";
  if (running !== undefined) return "running";
  if (hold !== undefined) return "held";
  if (is("trying")) return "trying";
  if (is("overdue")) return "overdue";
  return sources.length === 0 ? "empty" : "good";
}
