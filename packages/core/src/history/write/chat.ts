import type { Tails } from "../../base/index.ts";
import {
  canonicalText,
  contentDigest,
  ordinals,
  type Account,
  type Attachment,
  type Chat,
  type Draft,
  type Message,
  type Stretch,
} from "../../model/index.ts";
import { emptyLog, type KeyEntry, type LogState } from "../../vault/index.ts";
import type { StoredAttachment } from "../rows/attachments.ts";
import { writeAttachmentTable } from "../rows/write-attachments.ts";
import type { MessageRow, Placed, Row } from "../rows/row.ts";
import { sealRows } from "../rows/seal-rows.ts";
import type { RowKeys } from "../rows/segment.ts";
import { describeRows, writeSegment } from "../rows/write-segment.ts";
import { placeRows } from "../rows/leaves.ts";
import { emptySummary, type Manifest, type Summary } from "../state/manifest.ts";
import { isForgotten } from "../state/rules.ts";
import { collectionNamed, manifestOf, rowKeys } from "../state/state.ts";
import { logOf } from "./logs.ts";
import type { AttachmentStore } from "../intake/attachments.ts";
import { ensureCollection, type Batch } from "./batch.ts";
import {
  isEmpty,
  newMessages,
  newOutcome,
  type Incoming,
  type JoinBase,
  type JoinOutcome,
} from "../intake/join.ts";
import { inOrder, isStretch, sortIncoming } from "../intake/ordered.ts";
import type { Chooser } from "../intake/chooser.ts";
import { LEFT_OUT } from "../intake/files.ts";
import { SegmentBuilder } from "./segments.ts";
import { Witness, toRanges } from "../intake/witness.ts";

/** A chat with as many messages at its first backup gets segments of its own at once. */
const OWN_SEGMENTS_ROWS = 256;
/** Messages that are held before they become part of a delta. */
const HELD_ROWS = 8 * 1024;
/** Messages out of order that are held before they are joined. */
const HELD_STRAGGLERS = 32 * 1024;

/** What a reader says of one chat, as it comes. */
export interface ChatSource {
  readonly chat: Chat;
  /** Grows while `messages` is read. */
  readonly accounts: readonly Account[];
  readonly messages: AsyncIterable<readonly Message[] | Stretch>;
}

/** What a backup did to one chat. */
export interface ChatOutcome {
  readonly chat: string;
  readonly collection: string;
  readonly incoming: number;
  readonly added: number;
  readonly seen: number;
  readonly gone: readonly number[];
  /** Records of this source in the time that it covers now. */
  readonly covered: number;
  /** States of attachments that are not there, and how many. */
  readonly missing: ReadonlyMap<string, number>;
  /** Messages that were forgotten by a rule, and stay so. */
  readonly leftOut: number;
}

export interface ChatRun {
  readonly batch: Batch;
  readonly files: AttachmentStore;
  readonly chooser: Chooser;
  /** Chats whose last segments are still being sealed. */
  readonly tails: Tails;
  readonly run: string;
  readonly isOwnRun: (run: string) => boolean;
}

/**
 * Adds to the vault what a source's chat has and the vault does not. Undefined for a chat that is left out, and that the
 * vault does not have.
 */
export async function backupChat(context: ChatRun, shown: ChatSource): Promise<ChatOutcome | undefined> {
  const source = { ...shown, messages: seenBy(context.chooser, shown) };
  if (context.chooser.ofWhole(source.chat) !== undefined) {
    const isKnown = collectionNamed(context.batch.history, source.chat.id) !== undefined;
    if (!isKnown) return leaveOut(context, source);
  }
  const writer = await ChatWriter.open(context, source.chat.id);
  const counted = { incoming: 0, leftOut: 0, missing: new Map<string, number>(), digests: new Set<string>() };
  const incoming = describe(context, source.messages, { counted, isCompared: !isEmpty(writer.base) });
  const outcome = newOutcome();
  let stragglers: Incoming[] = [];
  const join = async (messages: AsyncIterable<readonly Incoming[] | Stretch>): Promise<void> => {
    for await (const some of newMessages(writer.base, messages, outcome))
      await writer.addAll(some.filter(({ message }) => !isLeftOut(context.chooser, message)));
  };
  await join(
    inOrder(incoming, (late) => {
      stragglers.push(late);
    }),
  );
  while (stragglers.length > 0) {
    const some = sortIncoming(stragglers.slice(0, HELD_STRAGGLERS));
    stragglers = stragglers.slice(HELD_STRAGGLERS);
    await writer.endOrder();
    outcome.findsGone = false;
    await join(once(some));
  }
  await writer.finish(source, outcome, counted.digests);
  return {
    chat: source.chat.id,
    collection: writer.entry.id,
    incoming: counted.incoming,
    added: writer.added,
    seen: outcome.seen.length,
    gone: [...outcome.gone],
    covered: outcome.covered,
    missing: counted.missing,
    leftOut: counted.leftOut,
  };
}

async function* seenBy(chooser: Chooser, { chat, messages }: ChatSource): ChatSource["messages"] {
  for await (const some of messages) {
    chooser.see(chat, some);
    yield some;
  }
}

async function leaveOut({ chooser }: ChatRun, { messages }: ChatSource): Promise<undefined> {
  for await (const some of messages)
    if (!isStretch(some)) for (const message of some) isLeftOut(chooser, message);
}

/** Whether a new message is left out; counted, with its files. */
function isLeftOut(chooser: Chooser, message: Message): boolean {
  const choice = chooser.ofMessage(message);
  if (choice === undefined) return false;
  const files = (message.attachments ?? []).filter(({ stateReason }) => stateReason === LEFT_OUT);
  const bytes = files.reduce((sum, { sizeBytes = 0 }) => sum + sizeBytes, 0);
  chooser.count(choice, message, { messages: 1, files: files.length, bytes });
  return true;
}

interface Counted {
  incoming: number;
  leftOut: number;
  readonly missing: Map<string, number>;
  readonly digests: Set<string>;
}

/** Numbers equal messages, digests them, and counts what is not there. */
async function* describe(
  { batch }: ChatRun,
  messages: AsyncIterable<readonly Message[] | Stretch>,
  { counted, isCompared }: { counted: Counted; isCompared: boolean },
): AsyncGenerator<readonly Incoming[] | Stretch> {
  const number = ordinals();
  const { vault, root } = batch.history;
  for await (const some of messages) {
    if (isStretch(some)) {
      counted.incoming += some.messages;
      yield some;
      continue;
    }
    const numbered = some.map(number);
    const wanted = numbered.filter((message) => !isForgotten(root.rules, message));
    counted.incoming += some.length;
    counted.leftOut += some.length - wanted.length;
    for (const message of wanted) countFiles(message, counted);
    yield wanted.map((message) => ({
      message,
      digest: isCompared ? contentDigest(message, vault.primitives) : "",
    }));
  }
}

function countFiles({ attachments = [] }: Message, { digests, missing }: Counted): void {
  for (const { state, sha256 } of attachments) {
    if (sha256 !== undefined && state === "present") digests.add(sha256);
    else missing.set(state, (missing.get(state) ?? 0) + 1);
  }
}

/** Where a chat's new rows go: into segments of its own at its first backup, into deltas afterwards. */
class ChatWriter {
  readonly #context: ChatRun;
  readonly entry: KeyEntry;
  readonly keys: RowKeys;
  readonly base: JoinBase;
  readonly #notes: readonly Placed[];
  #log: LogState;
  #held: Incoming[] = [];
  #builder: SegmentBuilder | undefined;
  #isOrdered: boolean;
  readonly #summary: Draft<Summary> = { ...emptySummary };
  added = 0;

  private constructor(
    context: ChatRun,
    options: { entry: KeyEntry; base: JoinBase; notes: readonly Placed[]; log: LogState },
  ) {
    this.#context = context;
    this.entry = options.entry;
    this.keys = rowKeys(context.batch.history.vault, options.entry);
    this.base = options.base;
    this.#notes = options.notes;
    this.#log = options.log;
    this.#isOrdered = options.log.count === 0;
  }

  static async open(context: ChatRun, chat: string): Promise<ChatWriter> {
    const { batch, isOwnRun } = context;
    const { history, deltas, reader } = batch;
    const entry = ensureCollection(batch, { kind: "chat", name: chat });
    const collection = entry.id;
    const isNew = !history.entries.has(collection);
    const manifest = isNew ? undefined : await manifestOf(history, collection);
    const lists = isNew ? [] : await reader.deltaMessages(collection);
    const notes = isNew ? [] : await reader.notes(collection);
    const log = isNew ? emptyLog : await logOf(history, deltas, collection);
    const base: JoinBase = {
      reader,
      collection,
      manifest,
      deltas: lists,
      witness: new Witness(notes, isOwnRun),
    };
    return new ChatWriter(context, { entry, base, notes, log });
  }

  async addAll(some: readonly Incoming[]): Promise<void> {
    this.added += some.length;
    for (const next of some) {
      const isBuilt = this.#builder !== undefined && this.#isOrdered;
      const wait = isBuilt ? this.#build(next) : this.#hold(next);
      if (wait !== undefined) await wait;
    }
  }

  #hold(next: Incoming): Promise<void> | undefined {
    this.#held.push(next);
    if (this.#isOrdered && this.#held.length >= OWN_SEGMENTS_ROWS) return this.#startSegments();
    return this.#held.length >= HELD_ROWS ? this.#flushHeld([]) : undefined;
  }

  /** What comes from here on may lie before what came; segments of one order end. */
  async endOrder(): Promise<void> {
    this.#isOrdered = false;
    if (this.#builder === undefined) return;
    await this.#builder.finish();
    this.#log = this.#builder.log;
  }

  async finish(source: ChatSource, outcome: JoinOutcome, digests: ReadonlySet<string>): Promise<void> {
    const notes = this.#newNotes(source, outcome);
    const pictures = [source.chat, ...source.accounts].map(({ avatar }) => avatar);
    const all = new Set([...digests, ...presentDigests(pictures)]);
    const files = await this.#context.files.missingIn(this.entry.id, all);
    if (this.#builder === undefined) return this.#flushHeld(notes, files);
    // The next chat is read while the last segments of this one are sealed.
    await this.#context.tails.add(this.#finishSegments(this.#builder, notes, files));
  }

  async #finishSegments(
    builder: SegmentBuilder,
    notes: readonly Row[],
    files: readonly StoredAttachment[],
  ): Promise<void> {
    await builder.finish();
    // Leaves of a manifest are the first ones of its log: where some lie in a delta already, notes follow there.
    const isAlone = this.#isOrdered;
    const placed = isAlone ? await this.#writeNotes(builder.log, notes) : { log: builder.log, notes: [] };
    const manifest: Manifest = {
      ...placed,
      messages: builder.segments,
      late: [],
      attachments: files.length === 0 ? [] : [await this.#writeTable(files)],
    };
    const attachmentBytes = files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
    const summary = { ...this.#summary, attachments: files.length, attachmentBytes };
    this.#context.batch.manifests.set(this.entry.id, { manifest, summary });
    if (!isAlone) await this.#flushHeld(notes);
  }

  async #writeNotes(before: LogState, notes: readonly Row[]): Promise<Pick<Manifest, "log" | "notes">> {
    const { batch } = this.#context;
    const { primitives } = batch.history.vault;
    const { log, placed } = await placeRows(primitives, this.keys.saltKey, before, notes);
    if (placed.length === 0) return { log, notes: [] };
    return {
      log,
      notes: [await writeSegment(primitives, [batch.state], this.keys, describeRows(primitives, placed, []))],
    };
  }

  async #writeTable(files: readonly StoredAttachment[]): Promise<Manifest["attachments"][number]> {
    const { batch } = this.#context;
    const ref = await writeAttachmentTable(batch.history.vault.primitives, batch.state, this.keys, files);
    return { epoch: this.keys.epoch, ref, rows: files.length };
  }

  async #startSegments(): Promise<void> {
    const { batch } = this.#context;
    const { primitives } = batch.history.vault;
    const { resume, seal = (job) => sealRows(primitives, job) } = batch.options;
    const { keys } = this;
    const target = { primitives, seal, writers: batch.lanes, keys, run: this.#context.run, resume };
    this.#builder = new SegmentBuilder(target, this.#log);
    const held = this.#held;
    this.#held = [];
    for (const next of held) await this.#build(next);
  }

  #build({ message }: Incoming): Promise<void> | undefined {
    const { sent, precision } = message.time;
    const summary = this.#summary;
    summary.messages++;
    if (precision !== "none") {
      summary.first = Math.min(summary.first ?? sent, sent);
      summary.last = Math.max(summary.last ?? sent, sent);
    }
    return this.#builder!.add(message);
  }

  async #flushHeld(notes: readonly Row[], files: readonly StoredAttachment[] = []): Promise<void> {
    const { buffer } = this.#context.batch;
    const held = this.#held.map(({ message }): MessageRow => ({ run: this.#context.run, message }));
    this.#held = [];
    this.#log = await buffer.add(this.keys, this.#log, [...notes, ...held], files);
    this.#isOrdered = false;
  }

  /** What the run says that no note says yet. */
  #newNotes({ chat, accounts }: ChatSource, outcome: JoinOutcome): Row[] {
    const { run } = this.#context;
    const known = new Set(this.#notes.map(saidBy));
    const said: Row[] = [{ run, chat }, ...accounts.map((account) => ({ run, account }))];
    const notes = said.filter((row) => !known.has(saidBy(row)));
    if (outcome.seen.length > 0) notes.push({ run, seen: toRanges(outcome.seen) });
    if (outcome.superseded.size > 0) notes.push({ run, gone: toRanges([...outcome.superseded]) });
    return notes;
  }
}

/** The contents that a source has of some attachments. */
export function presentDigests(attachments: Iterable<Attachment | undefined>): Set<string> {
  const digests = new Set<string>();
  for (const attachment of attachments)
    if (attachment?.state === "present" && attachment.sha256 !== undefined) digests.add(attachment.sha256);
  return digests;
}

/** What a note says, whoever says it. */
function saidBy(row: Row): string {
  if ("chat" in row) return canonicalText({ chat: row.chat });
  if ("account" in row) return canonicalText({ account: row.account });
  return "";
}

// oxlint-disable-next-line typescript/require-await -- a list where a stream is wanted
async function* once<T>(item: T): AsyncGenerator<T> {
  yield item;
}
