import {
  KeepsakeError,
  type Clock,
  type Finding,
  type ForeignCiphers,
  type Primitives,
  type Report,
  type Sleep,
} from "../base/index.ts";
import type { Account, ReadEvent, ReadMemory, ReadSteps } from "../model/index.ts";
import type { Sqlite } from "../sqlite/index.ts";
import type { Source, Target } from "./source.ts";

/**
 * A chat format: how it is recognised, read and, where it can be, written. Readers are streaming and read-only, never
 * fetch anything, and turn what is broken into findings; what they yield is in the order that `ReadEvent` describes,
 * with a chat's accounts before the first message that names them.
 */
export interface Format {
  /** Such as `telegram`; also `SourceInfo.format`. */
  readonly id: string;
  /** What it finds of itself in a source. `null` means not mine; a throw means mine and broken. Reads little. */
  detect(source: Source): Promise<Detection | null>;
  /** Reads a source that `detect` recognised. Two reads of the same bytes yield the same. */
  read(source: Source, options?: ReadOptions): AsyncIterable<ReadEvent>;
  /** The same, many events at a time, where that is quicker. */
  readMany?(source: Source, options?: ReadOptions): ReadSteps;
  /** The source once nothing writes into it any more, where a format can only keep it whole. */
  settle?(source: Source, options: SettleOptions): Promise<Source>;
  /** Writes a history of any origin in constant memory, attachments beside it, and says what did not fit. */
  write?(events: ReadSteps, target: Target, options: WriteOptions): Promise<FidelityReport>;
}

/** What a format found of itself in a source. */
export interface Detection {
  readonly format: string;
  readonly version?: string;
  /** From 0 to 1: how sure the format is. */
  readonly confidence: number;
  /** The files that hold messages. */
  readonly paths: readonly string[];
}

export interface ReadOptions {
  readonly signal?: AbortSignal | undefined;
  readonly report?: Report | undefined;
  /** The id of the account that the person said is theirs. What the source itself states comes first. */
  readonly own?: string | undefined;
  /** The zone in which the source was written, where the person knows it, such as `Asia/Shanghai`. */
  readonly timeZone?: string | undefined;
  /** Lets a reader that can pass over what is as it was at its last reading. */
  readonly memory?: ReadMemory | undefined;
  /** What the platform gives for readers of databases and protected backups; these cannot do without. */
  readonly tools?: ReadTools | undefined;
}

export interface SettleOptions {
  readonly clock: Clock;
  /** How long nothing must have changed. */
  readonly quietMs: number;
  readonly sleep?: Sleep | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly report?: Report | undefined;
}

export interface ReadTools {
  readonly sqlite: Sqlite;
  readonly ciphers: ForeignCiphers;
  /** Of what other programs packed with zstd. */
  readonly primitives: Pick<Primitives, "decompress">;
  /** The password of a protected backup, asked for only where there is one; undefined if the person gives none. */
  password(): Promise<string | undefined>;
  /**
   * Shows the person whose histories lie there, before any of them is read: the place of the one to read, undefined
   * for none. Not asked where `own` says it.
   */
  chooseOwn(accounts: readonly Account[]): Promise<number | undefined>;
}

export interface WriteOptions {
  readonly signal?: AbortSignal | undefined;
  readonly report?: Report | undefined;
  readonly primitives: Pick<Primitives, "sha256Stream">;
  /** Also what was meant to be seen once or is past its time; else a place that says so is all that is written. */
  readonly includeExpired?: boolean | undefined;
  /** The time of writing, milliseconds UTC: what is expired by then is past its time. */
  readonly now: number;
  /** Which of its forms a format is to write, such as `jsonl`; its README names them. */
  readonly variant?: string | undefined;
}

/** Something that the target does not hold as it was, and how often. */
export interface FidelityEntry {
  /** A field or a kind of message, such as `receipts` or `kind forwardBundle`; never content. */
  readonly what: string;
  readonly count: number;
}

/** What a target holds of a history. Entries are in order of `what`. */
export interface FidelityReport {
  /** True where reading the target gives the history back. */
  readonly exact: boolean;
  readonly changed: readonly FidelityEntry[];
  readonly dropped: readonly FidelityEntry[];
  readonly findings: readonly Finding[];
  /** What was written. */
  readonly counts: { readonly chats: number; readonly messages: number; readonly attachments: number };
}

type LimitName =
  | "pathLength"
  | "sniffBytes"
  | "frameBytes"
  | "recordBytes"
  | "recordDepth"
  | "orderedMessages"
  | "rememberedIds"
  | "inlineBytes";

/** What no honest export passes, and how much a reader or writer keeps in memory. */
export const formatLimits: Readonly<Record<LimitName, number>> = {
  /** UTF-16 code units of a path. */
  pathLength: 1024,
  /** How much of a file a detector looks at. */
  sniffBytes: 64 * 1024,
  /** Everything of a file that is not messages, together. */
  frameBytes: 64 * 1024 * 1024,
  /** One message; a longer one is passed over with a finding. */
  recordBytes: 32 * 1024 * 1024,
  /** Levels of nesting inside one message; a deeper one is kept as raw. */
  recordDepth: 48,
  /** Messages that wait to be put in order. */
  orderedMessages: 1024,
  /** Ids that a writer remembers to point replies at. */
  rememberedIds: 65_536,
  /** A file that is written inside a message or a member. */
  inlineBytes: 1024 * 1024,
};

/** The best of what the formats found, and what else it could be. */
export interface Detected extends Detection {
  /** The other formats that found themselves, the surest first. */
  readonly others: readonly Detection[];
}

/**
 * Asks every format. Throws `format.unknown` where none finds itself; where one finds itself broken and none is
 * well, its error.
 */
export async function detectFormat(source: Source, formats: readonly Format[]): Promise<Detected> {
  const found: Detection[] = [];
  let broken: KeepsakeError | undefined;
  for (const format of formats) {
    try {
      const detection = await format.detect(source);
      if (detection !== null) found.push(detection);
    } catch (error) {
      if (!KeepsakeError.is(error)) throw error;
      broken ??= error;
    }
  }
  const [best, ...others] = found.sort((a, b) => b.confidence - a.confidence);
  if (best === undefined) throw broken ?? new KeepsakeError("format.unknown");
  return { ...best, others };
}
