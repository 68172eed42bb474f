/** Who reacted, where the source names them. */
export interface Reactor {
  readonly account?: string;
  readonly name?: string;
  readonly at?: number;
}

export interface Reaction {
  /** The emoji itself, or the source's id of a custom one. */
  readonly key: string;
  /** `emoji` if absent. */
  readonly type?: "emoji" | "custom" | "paid" | (string & {});
  /** How many reacted; as many as `by` names if absent. */
  readonly count?: number;
  readonly by?: readonly Reactor[];
}

export type ReceiptState = "pending" | "sent" | "delivered" | "read" | "played" | "skipped" | "failed";

export interface Receipt {
  /** For whom; the chat's other side if absent. */
  readonly account?: string;
  readonly state: ReceiptState;
  readonly at?: number;
}

/** Marks that are set or absent. */
export interface Flags {
  readonly pinned?: boolean;
  readonly starred?: boolean;
  readonly important?: boolean;
  readonly broadcast?: boolean;
  readonly silent?: boolean;
}
