/**
 * How fine the time of a message is. `none`: the source gives no time, and `sent` only holds the place
 * (the time of the message before it in the source, 0 at the start); it is not shown and is no content.
 */
export type Precision = "ms" | "s" | "min" | "day" | "none";

/**
 * How `sent` was made from what the source says. `utc`: an instant. `offset`: a local time with its offset.
 * `floating`: a local time of a known zone or none, taken as if it were UTC. `unknown`: not said.
 */
export type Zone = "utc" | "offset" | "floating" | "unknown";

export interface MessageTime {
  /** Milliseconds since 1970. In UTC unless the zone is floating or unknown; cut down to the precision. */
  readonly sent: number;
  readonly precision: Precision;
  readonly zone: Zone;
  /** Minutes east of UTC, where the source states them. */
  readonly offsetMinutes?: number;
  /** The source's own text of the time, where `sent` does not give it back. */
  readonly raw?: string;
  /** When this device received it; when the server took it. Milliseconds, UTC. */
  readonly received?: number;
  readonly server?: number;
}
