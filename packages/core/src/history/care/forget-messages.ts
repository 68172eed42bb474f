import { bytesToHex, type Report } from "../../base/index.ts";
import { contentDigest } from "../../model/index.ts";
import type { Snapshot } from "../../vault/index.ts";
import type { StoredAttachment } from "../rows/attachments.ts";
import { isMessageRow, LANE, type Placed } from "../rows/row.ts";
import type { Segment } from "../rows/segment.ts";
import { describeRows, writeSegment } from "../rows/write-segment.ts";
import { leavesOf } from "../rows/leaves.ts";
import { isForgotten, type ForgetRule } from "../state/rules.ts";
import type { Summary } from "../state/manifest.ts";
import { rowKeys, type History } from "../state/state.ts";
import { newBatch, type Batch } from "../write/batch.ts";
import { commitBatch } from "../write/commit.ts";
import { summarize } from "../write/summarize.ts";
import { addDigests } from "./digests.ts";
import { rewriteVersions, type ChangedSegment, type Rewriting } from "./rewrite.ts";

/** What a rule takes out of the kept versions. */
export interface ForgetMessagesPlan {
  readonly rule: ForgetRule;
  readonly chats: readonly ForgottenInChat[];
  /** Attachments that nothing else uses, each counted once. */
  readonly attachments: number;
  readonly attachmentBytes: number;
}

/** What a chat loses. */
export interface ForgottenInChat {
  readonly chat: string;
  readonly collection: string;
  readonly messages: number;
  /** Files that this chat uses no more; some may stay, because other chats use them. */
  readonly attachments: number;
  readonly attachmentBytes: number;
  /** When the first and the last of the messages were sent, milliseconds; null where nobody knows. */
  readonly first: number | null;
  readonly last: number | null;
}

export interface ForgetOptions {
  /** Told of how many messages were looked at. */
  readonly report?: Report | undefined;
}

/**
 * Finds the messages that a rule fits, in every kept version. Without an end, the rule ends now: what is sent later is
 * kept.
 */
export async function planForgetMessages(
  history: History,
  wanted: Omit<ForgetRule, "until"> & { readonly until?: number | undefined },
  options: ForgetOptions = {},
): Promise<ForgetMessagesPlan> {
  const look = await lookAt(history, { ...wanted, until: wanted.until ?? Infinity }, options);
  const now = Math.max(history.vault.clock.now(), look.last + 1);
  const chats = [...look.finds].map(([collection, { leaves, first, last }]): ForgottenInChat => {
    const { name } = history.entries.get(collection)!;
    return { chat: name, collection, messages: leaves.size, first, last, ...look.filesOf(collection) };
  });
  return { rule: { ...wanted, until: wanted.until ?? now }, chats, ...look.freed() };
}

/**
 * Forgets messages in every version. Of each its leaf stays, so that logs and content root are what they were and what
 * stays can be proven; backups do not bring back what the rule fits.
 */
export async function forgetMessages(
  history: History,
  rule: ForgetRule,
  options: ForgetOptions = {},
): Promise<Snapshot | "raced"> {
  const look = await lookAt(history, rule, options);
  options.report?.({ type: "stage", stage: "seal" });
  const { batch, closed } = await rewriteVersions(look.batch, look.forgetting());
  return commitBatch(batch, {
    verb: "forget-messages",
    dropped: closed,
    rules: [...(history.root.rules ?? []).filter((each) => !isReplaced(each, rule)), rule],
  });
}

/** Whether a rule is of no use beside a new one: of windows, there is one at a time. */
function isReplaced(old: ForgetRule, { isWindow }: ForgetRule): boolean {
  return isWindow === true && old.isWindow === true;
}

async function lookAt(history: History, rule: ForgetRule, options: ForgetOptions): Promise<Look> {
  const look = new Look(newBatch(history), rule, options);
  await rewriteVersions(look.batch, look);
  return look;
}

/** What is found in one collection. */
interface Find {
  readonly leaves: Set<number>;
  /** Digests of files that messages to forget use. */
  readonly used: Set<string>;
  first: number | null;
  last: number | null;
}

const LOOK_LANES = [LANE.head, LANE.rest];
const TOLD_MESSAGES = 10_000;

/** A first pass over all versions, which changes nothing: what goes, and what is still used by what stays. */
class Look implements Rewriting {
  readonly batch: Batch;
  readonly #rule: ForgetRule;
  readonly #report: Report | undefined;
  #looked = 0;
  #told = 0;
  readonly finds: Map<string, Find> = new Map();
  /** The time of the last message that goes. */
  last = -Infinity;
  /** By collection: digests of files that what stays uses. */
  readonly #staying = new Map<string, Set<string>>();
  readonly #sizes = new Map<string, number>();
  readonly #listedIn = new Map<string, Set<string>>();
  /** By segment: what stays of it, and whether something goes. */
  readonly #segments = new Map<string, { readonly summary: Summary; readonly isHit: boolean }>();

  constructor(batch: Batch, rule: ForgetRule, { report }: ForgetOptions) {
    this.batch = batch;
    this.#rule = rule;
    this.#report = report;
  }

  isMoved(): boolean {
    return false;
  }

  async segment(collection: string, segment: Segment): Promise<ChangedSegment> {
    const rows = await this.batch.reader.segment(collection, segment, LOOK_LANES);
    const isHit = this.#note(collection, rows);
    const summary = summarize(
      rows.filter((row) => !this.isHit(row)),
      [],
    );
    this.#segments.set(segment.lanes.join(), { summary, isHit });
    return { segment, notes: [] };
  }

  async rows(collection: string, rows: readonly Placed[]): Promise<readonly Placed[]> {
    this.#note(collection, rows);
    return rows;
  }

  async files(collection: string, files: readonly StoredAttachment[]): Promise<readonly StoredAttachment[]> {
    for (const { sha256, sizeBytes } of files) {
      this.#sizes.set(sha256, sizeBytes);
      setOf(this.#listedIn, sha256).add(collection);
    }
    return files;
  }

  isHit(row: Placed): boolean {
    return isMessageRow(row) && isForgotten([this.#rule], row.message);
  }

  #note(collection: string, rows: readonly Placed[]): boolean {
    this.#tell(rows.length);
    let hasHit = false;
    for (const row of rows) {
      const isHit = isMessageRow(row) && this.isHit(row);
      if (!isHit) {
        addDigests(row, setOf(this.#staying, collection));
        continue;
      }
      hasHit = true;
      const find = this.finds.get(collection) ?? {
        leaves: new Set(),
        used: new Set(),
        first: null,
        last: null,
      };
      this.finds.set(collection, find);
      find.leaves.add(row.leaf);
      addDigests(row, find.used);
      const { sent, precision } = row.message.time;
      this.last = Math.max(this.last, sent);
      if (precision === "none") continue;
      find.first = Math.min(find.first ?? sent, sent);
      find.last = Math.max(find.last ?? sent, sent);
    }
    return hasHit;
  }

  #tell(rows: number): void {
    this.#looked += rows;
    if (this.#looked - this.#told < TOLD_MESSAGES) return;
    this.#told = this.#looked;
    this.#report?.({ type: "progress", stage: "scan", done: { messages: this.#looked } });
  }

  /** Whether a collection's table loses a file: only messages that go use it there. */
  #isDropped(collection: string, sha256: string): boolean {
    const isUsed = this.finds.get(collection)?.used.has(sha256) === true;
    return isUsed && this.#staying.get(collection)?.has(sha256) !== true;
  }

  /** What a collection uses no more. */
  filesOf(collection: string): { attachments: number; attachmentBytes: number } {
    const digests = [...this.finds.get(collection)!.used].filter(
      (sha256) => this.#listedIn.get(sha256)?.has(collection) === true && this.#isDropped(collection, sha256),
    );
    return { attachments: digests.length, attachmentBytes: this.#sizeOf(digests) };
  }

  #sizeOf(digests: readonly string[]): number {
    return digests.reduce((sum, sha256) => sum + this.#sizes.get(sha256)!, 0);
  }

  freed(): { attachments: number; attachmentBytes: number } {
    const freed = [...this.#listedIn]
      .filter(([sha256, collections]) =>
        [...collections].every((collection) => this.#isDropped(collection, sha256)),
      )
      .map(([sha256]) => sha256);
    return { attachments: freed.length, attachmentBytes: this.#sizeOf(freed) };
  }

  /** The second pass. */
  forgetting(): Rewriting {
    return {
      isMoved: () => false,
      segment: (collection, segment) => this.#withoutHits(collection, segment),
      rows: (collection, rows) => this.#withLeaves(collection, rows),
      files: async (collection, files) => {
        const kept = files.filter(({ sha256 }) => !this.#isDropped(collection, sha256));
        return kept.length === files.length ? files : kept;
      },
    };
  }

  async #withoutHits(collection: string, segment: Segment): Promise<ChangedSegment> {
    const { summary, isHit } = this.#segments.get(segment.lanes.join())!;
    if (!isHit) return { segment, notes: [], summary };
    const { history, lanes, reader } = this.batch;
    const { primitives } = history.vault;
    const keys = rowKeys(history.vault, history.entries.get(collection)!);
    const rows = await this.#withLeaves(collection, await reader.segment(collection, segment));
    const [notes, kept] = [rows.filter((row) => !isMessageRow(row)), rows.filter(isMessageRow)];
    if (kept.length === 0) return { segment: undefined, notes, summary };
    const digests = kept.map((row) => contentDigest(row.message, primitives));
    const described = describeRows(primitives, kept, digests);
    return { segment: await writeSegment(primitives, lanes, keys, described), notes, summary };
  }

  /** The rows with nothing but their leaves where messages go. */
  async #withLeaves(collection: string, rows: readonly Placed[]): Promise<readonly Placed[]> {
    const { vault, entries } = this.batch.history;
    const hits = rows.filter((row) => this.isHit(row));
    if (hits.length === 0) return rows;
    const { saltKey } = rowKeys(vault, entries.get(collection)!);
    const hashed = await leavesOf(vault.primitives, saltKey, hits);
    const leaves = new Map(hashed.map(([row, leaf]) => [row, bytesToHex(leaf)]));
    return rows.map((row) => {
      const forgotten = leaves.get(row);
      return forgotten === undefined ? row : { forgotten, leaf: row.leaf };
    });
  }
}

function setOf(sets: Map<string, Set<string>>, key: string): Set<string> {
  const set = sets.get(key) ?? new Set();
  sets.set(key, set);
  return set;
}
