/** Tickets that were used, until nobody could use them any more. */
export interface SpentLevelTable {
  readonly ticketHash: string;
  /** A keyed hash of the ticket and who used it: it tells who comes again, and lists nobody's tickets. */
  readonly by: string;
  readonly untilDay: number;
}

/** Members who were given the ticket for their one trial. */
export interface GivenTrialTable {
  readonly member: string;
  /** Of the blinded element: the same again gets the same answer. */
  readonly blindedHash: string;
}

/** What tickets of a member have shown so far. */
export interface LevelTable {
  readonly member: string;
  /** The room of this week; 0 where it is not paid for. */
  readonly levelBytes: number;
  /** The last week of those that follow each other from `atWeek` on; the last paid one before, where that is over. */
  readonly untilWeek: number;
  /** The week in which `levelBytes` becomes another; null where it stays. */
  readonly turnWeek: number | null;
  /** The week in which this was computed. */
  readonly atWeek: number;
  /** The quarter to whose end nothing is removed, and up to how much; 0 for none. */
  readonly keepQuarter: number;
  readonly keepBytes: number;
}

/** A week that a member showed a ticket for. */
export interface PaidWeekTable {
  readonly member: string;
  readonly week: number;
  readonly levelBytes: number;
}

/** How far the end of a member's paid time has come. */
export interface LapseTable {
  readonly member: string;
  readonly state: "ahead" | "lapsed" | "removing" | "returning";
  /** The first day after the paid time, by the calendar. */
  readonly endDay: number;
  /** The day on which that became known. */
  readonly knownDay: number;
  /** When the next notice before the end is due, by the calendar; null where none is. */
  readonly aheadDay: number | null;
  /** When to look again after the end, by the server's own days; null before it. */
  readonly dueDay: number | null;
  /** How many of the catalogue's notice days are done: told, or passed over. */
  readonly told: number;
  /** The server's day on which the end was seen. */
  readonly zeroDay: number;
  /** The server's day on which objects were last read, or taken back. */
  readonly readDay: number;
  /** What went for good so far. */
  readonly objects: number;
  readonly bytes: number;
}

/** A notice that was due, and by which ways it was delivered: 1 where it was. */
export interface LapseNoticeTable {
  readonly member: string;
  readonly cause: "lapse" | "idle";
  /** Which of the notice days. */
  readonly day: number;
  /** The number of the member's event that tells it. */
  readonly event: number;
  readonly email: number;
  readonly phone: number;
  readonly device: number;
}

/** Members of whom nothing may be removed, whatever else is said. */
export interface HoldTable {
  readonly member: string;
  readonly sinceMs: number;
}

/** The server's word for what went because nobody paid for it any more. */
export interface RemovalTable {
  readonly receipt: string;
  readonly member: string;
  readonly objects: number;
  readonly bytes: number;
  readonly endDay: number;
  readonly endedMs: number;
  readonly backupDays: number;
  readonly signature: string;
}

/** After how many days without a device a membership is to end, where its member has said so. */
export interface IdleRuleTable {
  readonly member: string;
  readonly days: number;
  /** When a device was here last, as it was when this was looked at. */
  readonly seenMs: number;
  /** The server's day from which the days count. */
  readonly idleFrom: number;
  readonly told: number;
  readonly dueDay: number;
}
