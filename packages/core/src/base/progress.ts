import type { FindingCode } from "./findings/index.ts";

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
  readonly code: FindingCode;
  readonly severity: "info" | "warning" | "error";
  /** Where in the source: a file's place in its source and a position in it, never content. */
  readonly where?: string;
  /** How many items it stands for; 1 if absent. */
  readonly count?: number;
}

export type Report = (event: ProgressEvent) => void;

const STEP_OBJECTS = 256;
const STEP_BYTES = 4 * 1024 * 1024;

/**
 * For work that goes object by object: called with how far it is, it reports each step of so many objects, and of so
 * many bytes, so that work over a slow line is heard of too.
 */
export function inSteps(report: Report | undefined, stage: Stage): (done: Progress) => void {
  let told = { objects: 0, bytes: 0 };
  return (done) => {
    const { objects = 0, bytes = 0 } = done;
    if (objects - told.objects < STEP_OBJECTS && bytes - told.bytes < STEP_BYTES) return;
    told = { objects, bytes };
    report?.({ type: "progress", stage, done: { ...done } });
  };
}
