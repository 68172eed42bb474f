import type { CareState } from "../../worker/act/care.ts";

const DAY_MS = 24 * 60 * 60_000;

/** What has to be right before a phone can be given away. */
type CheckName = "backup" | "card" | "rehearsal" | "copy";

export interface Check {
  readonly name: CheckName;
  /** `old`: it was right once, and is to be done again. */
  readonly state: "ok" | "todo" | "old";
  /** When it was right last. */
  readonly atMs?: number;
}

/** For how long each of them stays right. */
const lasts: Readonly<Record<CheckName, number>> = {
  backup: 31 * DAY_MS,
  card: 366 * DAY_MS,
  rehearsal: 92 * DAY_MS,
  copy: 92 * DAY_MS,
};

/** The lamps of the traffic light: green where all are `ok`. */
export function checksOf(state: CareState, nowMs: number): readonly Check[] {
  const one = (name: CheckName, atMs: number | undefined): Check => {
    if (atMs === undefined) return { name, state: "todo" };
    return { name, state: nowMs - atMs > lasts[name] ? "old" : "ok", atMs };
  };
  return [
    one("backup", state.backedUpMs),
    one("card", state.hasWords || state.isCardChanging ? undefined : state.wordsCheckedMs),
    one("rehearsal", state.rehearsedMs),
    one("copy", state.copiedMs),
  ];
}
