import { bytesToText } from "@keepsake/core/base";
import { readIfThere, writePrivate } from "../../device/folders.ts";
import { agentFile } from "./files.ts";
import type { HoldReason } from "../holds.ts";

/** What a round of work came to. Counts, bytes, times and codes; never content. */
export interface RoundEnd {
  readonly beganAt: number;
  readonly endedAt: number;
  /** `done`, or the code of what went wrong. */
  readonly code: string;
  readonly isShrunk?: boolean;
  /** Whether nothing was read, because nothing had changed. */
  readonly isUnchanged?: boolean;
  readonly messages?: number;
  readonly added?: number;
  readonly files?: number;
  /** Bytes that were read. */
  readonly bytes?: number;
}

/** What the agent knows of a source. */
export interface SourceState {
  /** What lay there when the last round began, as a digest. */
  readonly seen?: string;
  readonly last?: RoundEnd;
  /** When the last backup that went well began. */
  readonly goodAt?: number;
  /** How many rounds failed since then. */
  readonly failures: number;
  readonly retryAt?: number | undefined;
  readonly remindedAt?: number;
  /** When the agent came to know of it: what reminders count from, before there is a backup. */
  readonly since: number;
}

/** What the agent knows of one copy of the vault. */
export interface CopyState {
  readonly since: number;
  /** When each share of its packs was read last, every byte; 0 for not yet. */
  readonly readAt: readonly number[];
  readonly lastCheck?: RoundEnd;
  /** Shares in which damage was found, until they are read again and are whole. */
  readonly damaged: readonly number[];
  readonly rehearsedAt?: number;
  readonly lastRehearsal?: RoundEnd;
  readonly failures: number;
  readonly retryAt?: number | undefined;
}

export type WorkKind = "backup" | "check" | "rehearse";

/** What runs now. */
export interface Running {
  readonly work: WorkKind;
  readonly source?: string;
  readonly beganAt: number;
  readonly doneBytes?: number;
  readonly totalBytes?: number;
}

/** All that the agent keeps from one start to the next. */
export interface State {
  readonly sources: Readonly<Record<string, SourceState>>;
  readonly copies: Readonly<Record<string, CopyState>>;
  /** When the newest message in the vault was sent. */
  readonly lastMessageAt?: number;
  readonly running?: Running;
  /** Why work that is due does not begin; `until` where that is known. */
  readonly held?: { readonly reason: HoldReason; readonly until?: number };
  /** The names of sources whose disk does not answer. */
  readonly silent?: readonly string[];
  /** What could not be found out about this machine, and is taken as a yes to work. */
  readonly unknown?: readonly ("battery" | "metered")[];
}

const empty: State = { sources: {}, copies: {} };

/** The state as it was written last; an empty one where none can be read: all of it can be found out again. */
export async function readState(env: NodeJS.ProcessEnv): Promise<State> {
  try {
    const file = await readIfThere(agentFile(env, "state.json"));
    return file === undefined ? empty : { ...empty, ...(JSON.parse(bytesToText(file)) as State) };
  } catch {
    return empty;
  }
}

/** Writes the state whole: after a crash there is the old one or the new one. */
export async function writeState(env: NodeJS.ProcessEnv, state: State): Promise<void> {
  await writePrivate(agentFile(env, "state.json"), `${JSON.stringify(state)}\n`);
}
