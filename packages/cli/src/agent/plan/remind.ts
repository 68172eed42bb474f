import type { AgentConfig } from "../kept/config.ts";
import type { State } from "../kept/state.ts";

const DAY_MS = 86_400_000;

/** The sources of which the person is to be reminded now: no new backup for so long, and no reminder either. */
export function dueReminders(config: AgentConfig, state: State, now: number): string[] {
  const spanMs = config.remindAfterDays * DAY_MS;
  return overdue(config, state, now).filter((name) => {
    const { remindedAt = -Infinity } = state.sources[name]!;
    return now - remindedAt >= spanMs;
  });
}

/** The sources without a new backup for so long, reminded of or not. */
export function overdue({ sources, remindAfterDays }: AgentConfig, state: State, now: number): string[] {
  if (remindAfterDays === 0) return [];
  return sources
    .map(({ name }) => name)
    .filter((name) => {
      const source = state.sources[name];
      return source !== undefined && now - (source.goodAt ?? source.since) >= remindAfterDays * DAY_MS;
    });
}

/** The state after the person was reminded. */
export function withReminded(state: State, names: readonly string[], now: number): State {
  const sources = { ...state.sources };
  for (const name of names) sources[name] = { ...sources[name]!, remindedAt: now };
  return { ...state, sources };
}
