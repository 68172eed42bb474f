/** The part of a job that runs now. */
export type Stage =
  | "read"
  | "settle"
  | "scan"
  | "seal"
  | "store"
  | "verify"
  | "text"
  | "attachments"
  | "compact"
  | "delete"
  | "copy";

/** What long work says of itself. The CLI's bar, its JSON lines and the web page print the same events. */
export type ProgressEvent =
  | { readonly type: "stage"; readonly stage: Stage; readonly total?: Progress }
  | { readonly type: "progress"; readonly stage: Stage; readonly done: Progress; readonly total?: Progress }
  | { readonly type: "finding"; readonly finding: Finding };

/** How far: counts that only grow. */
export interface Progress {
  readonly chats?: number;
  readonly messages?: number;
  readonly attachments?: number;
  readonly objects?: number;
  readonly bytes?: number;
}

/** Something that a person should know of one item; the work went on. Values are log-safe. */
export interface Finding {
  /** Dotted by area, such as `telegram.bad-date`. */
  readonly code: string;
  readonly severity: "info" | "warning" | "error";
  /** Where in the source: a file's place in its source and a position in it, never content. */
  readonly where?: string;
  /** How many items it stands for; 1 if absent. */
  readonly count?: number;
}

export type Report = (event: ProgressEvent) => void;
