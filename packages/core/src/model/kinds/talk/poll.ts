import type { Reactor } from "../../parts/marks.ts";

export interface PollOption {
  readonly text: string;
  readonly votes?: number;
  /** Whether the owner chose it. */
  readonly chosen?: boolean;
  readonly by?: readonly Reactor[];
}

export interface PollPayload {
  readonly question: string;
  readonly options: readonly PollOption[];
  readonly closed?: boolean;
  readonly voters?: number;
  readonly multiple?: boolean;
  readonly anonymous?: boolean;
}
