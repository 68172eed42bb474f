import {
  contentDigest,
  describeAccount,
  describeChat,
  sameMessages,
  seenRecord,
  shownRecord,
  isTakenBack,
  type Account,
  type Chat,
  type Hashing,
  type Message,
  type Provenance,
  type SeenRecord,
  type Version,
} from "../model/index.ts";
import { countUpTo } from "./rows/merge-batches.ts";
import { type RowRange, type RowReader } from "./rows/read.ts";
import { LANE, type MessageRow, type Placed, type Run } from "./rows/row.ts";
import { readSources } from "./state/sources.ts";
import { Witness } from "./intake/witness.ts";

const DAY_MS = 86_400_000;

/** A chat as all of its sources describe it. */
export interface ChatView {
  readonly collection: string;
  readonly chat: Chat;
  readonly accounts: ReadonlyMap<string, Account>;
}

/** One message: the version to show, all versions, and where each was seen. */
export interface MessageView {
  readonly message: Message;
  readonly versions: readonly SeenRecord[];
}

/** Looks at a snapshot as a person does: chats, and in each the messages, every one once. */
export class HistoryView {
  readonly #reader: RowReader;
  #runs: Promise<ReadonlyMap<string, Run>> | undefined;

  constructor(reader: RowReader) {
    this.#reader = reader;
  }

  /** The chat of a collection; undefined if nobody described it. */
  async chat(collection: string): Promise<ChatView | undefined> {
    const runs = await this.#runsById();
    const chats: Version<Chat>[] = [];
    const accounts = new Map<string, Version<Account>[]>();
    for (const note of await this.#reader.notes(collection)) {
      const asOf = "run" in note ? (runs.get(note.run)?.asOf ?? 0) : 0;
      if ("chat" in note) chats.push({ value: note.chat, asOf });
      if ("account" in note) {
        const versions = accounts.get(note.account.id) ?? [];
        accounts.set(note.account.id, [...versions, { value: note.account, asOf }]);
      }
    }
    if (chats.length === 0) return undefined;
    const described = [...accounts].map(([id, versions]) => [id, describeAccount(versions)] as const);
    return { collection, chat: describeChat(chats), accounts: new Map(described) };
  }

  /** The messages of a chat in canonical order. */
  async *messages(collection: string, range: RowRange = {}): AsyncGenerator<MessageView> {
    for await (const views of this.batches(collection, range)) yield* views;
  }

  /** The same, many at a time. Days are taken together, so that versions of one message meet. */
  async *batches(collection: string, range: RowRange = {}): AsyncGenerator<MessageView[]> {
    const seenBy = await this.#provenance(collection);
    for await (const rows of this.#wholeDays(collection, range)) {
      const views = inRange(this.#shown(rows, seenBy), range);
      if (views.length > 0) yield views;
    }
  }

  /**
   * The same messages in the same order, with the fields of a few lanes: of heads alone, where none are named. A day in
   * which these do not tell which messages are the same comes whole.
   */
  async *heads(collection: string, range: RowRange = {}): AsyncGenerator<MessageView[]> {
    const seenBy = await this.#provenance(collection);
    const { primitives } = this.#reader.history.vault;
    for await (const rows of this.#wholeDays(collection, { lanes: [LANE.head], ...range })) {
      const days = Map.groupBy(rows, dayOf);
      const unclear = [...days].filter(([, day]) => !isPlain(day)).map(([day]) => day);
      const whole = await this.#daysOf(collection, unclear);
      const views = [...days].flatMap(
        ([day, own]) => whole.get(day) ?? own.map((row) => plainView(row, seenBy(row), primitives)),
      );
      const inside = inRange(views, range);
      if (inside.length > 0) yield inside;
    }
  }

  /** The whole messages of some days, which are in order. */
  async #daysOf(collection: string, days: readonly number[]): Promise<ReadonlyMap<number, MessageView[]>> {
    const views = new Map(days.map((day): [number, MessageView[]] => [day, []]));
    if (days.length === 0) return views;
    const range = { from: days[0]! * DAY_MS, until: (days.at(-1)! + 1) * DAY_MS };
    for await (const some of this.batches(collection, range))
      for (const view of some) views.get(Math.floor(view.message.time.sent / DAY_MS))?.push(view);
    return views;
  }

  /** Rows as they were found, so many at a time that each day is whole. */
  async *#wholeDays(collection: string, range: RowRange): AsyncGenerator<Placed<MessageRow>[]> {
    let held: Placed<MessageRow>[] = [];
    for await (const rows of this.#reader.batches(collection, wholeDays(range))) {
      held = held.length === 0 ? rows : held.concat(rows);
      const lastDay = dayOf(held.at(-1)!);
      const whole = held.findLastIndex((row) => dayOf(row) !== lastDay) + 1;
      if (whole === 0) continue;
      yield held.slice(0, whole);
      held = held.slice(whole);
    }
    if (held.length > 0) yield held;
  }

  /** What is shown of rows of a chat, in canonical order, of which each day is whole. */
  async shownDays(collection: string): Promise<(rows: readonly Placed<MessageRow>[]) => MessageView[]> {
    const seenBy = await this.#provenance(collection);
    return (rows) => this.#shown(rows, seenBy);
  }

  /** What is shown of some whole days. */
  #shown(rows: readonly Placed<MessageRow>[], seenBy: SeenBy): MessageView[] {
    const { primitives } = this.#reader.history.vault;
    if (isPlain(rows)) return rows.map((row) => plainView(row, seenBy(row), primitives));
    const days = Map.groupBy(rows, dayOf);
    return [...days.values()].flatMap((day) => this.#grouped(day, seenBy));
  }

  #grouped(rows: readonly Placed<MessageRow>[], seenBy: SeenBy): MessageView[] {
    const { primitives } = this.#reader.history.vault;
    if (isPlain(rows)) return rows.map((row) => plainView(row, seenBy(row), primitives));
    const records = new Map<string, SeenRecord & { isGone: boolean }>();
    for (const row of rows) {
      const { seen, isGone } = seenBy(row);
      const record = seenRecord(row.message, seen[0]!, primitives);
      records.set(record.digest, { ...record, seen, isGone });
    }
    return sameMessages(records.values()).map((versions) => {
      // A version that every source has replaced or lost does not compete with one that is there; unless it was
      // taken back: that stands, whoever still shows what was said.
      const present = versions.filter(({ digest }) => !records.get(digest)!.isGone);
      const isGone = present.length === 0;
      const isRevoked = versions.some((version) => isTakenBack(version.message));
      const { message } = shownRecord(isGone || isRevoked ? versions : present);
      return { message: isGone ? gone(message) : message, versions };
    });
  }

  async #provenance(collection: string): Promise<SeenBy> {
    const runs = await this.#runsById();
    const notes = await this.#reader.notes(collection);
    const bySource = Map.groupBy(runs.values(), (run) => run.source);
    const witnesses = [...bySource].map(([source, own]) => {
      const ids = new Set(own.map(({ id }) => id));
      const first = own[0]!;
      const provenance: Provenance = { source, run: first.id, asOf: first.asOf };
      return { witness: new Witness(notes, (run) => ids.has(run)), provenance };
    });
    return rememberedByRange(notes, (row) => {
      const run = runs.get(row.run);
      const own: Provenance = { source: run?.source ?? "", run: row.run, asOf: run?.asOf ?? 0 };
      const present = witnesses.filter(({ witness }) => witness.has(row)).map(({ provenance }) => provenance);
      const others = present.filter(({ source }) => source !== own.source);
      return { seen: [own, ...others], isGone: present.length === 0 && run !== undefined };
    });
  }

  #runsById(): Promise<ReadonlyMap<string, Run>> {
    if (this.#runs !== undefined) return this.#runs;
    const reading = readSources(this.#reader).then(({ runs }) => new Map(runs.map((run) => [run.id, run])));
    reading.catch(() => (this.#runs = undefined));
    return (this.#runs = reading);
  }
}

interface Seen {
  readonly seen: readonly Provenance[];
  readonly isGone: boolean;
}

type SeenBy = (row: Placed<MessageRow>) => Seen;

/** What is known of a row hangs on its run, and on which ranges of the notes its leaf lies in. */
function rememberedByRange(notes: readonly Placed[], seenBy: SeenBy): SeenBy {
  const ranges = notes.flatMap((note) => ("seen" in note ? note.seen : "gone" in note ? note.gone : []));
  const bounds = [...new Set(ranges.flatMap(([first, last]) => [first, last + 1]))].sort((a, b) => a - b);
  const known = new Map<string, Map<number, Seen>>();
  return (row) => {
    const interval = bounds.length === 0 ? 0 : countUpTo(bounds, row.leaf, (a, b) => a - b);
    let ofRun = known.get(row.run);
    if (ofRun === undefined) known.set(row.run, (ofRun = new Map()));
    let seen = ofRun.get(interval);
    if (seen === undefined) ofRun.set(interval, (seen = seenBy(row)));
    return seen;
  };
}

/** A message of which there is one version. Its digest is made where somebody asks for it. */
function plainView(
  { message }: Placed<MessageRow>,
  { seen, isGone }: Seen,
  primitives: Hashing,
): MessageView {
  return { message: isGone ? gone(message) : message, versions: [new OnlyRecord(message, seen, primitives)] };
}

class OnlyRecord implements SeenRecord {
  readonly message: Message;
  readonly seen: readonly Provenance[];
  readonly #primitives: Hashing;

  constructor(message: Message, seen: readonly Provenance[], primitives: Hashing) {
    this.message = message;
    this.seen = seen;
    this.#primitives = primitives;
  }

  get digest(): string {
    return contentDigest(this.message, this.#primitives);
  }
}

function dayOf({ message }: Placed<MessageRow>): number {
  return Math.floor(message.time.sent / DAY_MS);
}

/** Whether no two rows can be versions of one message: all from one run, all with different native ids. */
function isPlain(rows: readonly Placed<MessageRow>[]): boolean {
  const byScheme = new Map<string, Set<string>>();
  let values = new Set<string>();
  let scheme: string | undefined;
  let count = 0;
  for (const { message, run } of rows) {
    const ids = message.nativeIds;
    if (ids?.length !== 1 || run !== rows[0]!.run) return false;
    const id = ids[0]!;
    if (id.scheme !== scheme) {
      scheme = id.scheme;
      values = byScheme.get(scheme) ?? new Set();
      byScheme.set(scheme, values);
    }
    values.add(id.value);
    count++;
  }
  let different = 0;
  for (const each of byScheme.values()) different += each.size;
  return different === count;
}

/** A message that no source shows any more; one that was taken back says so itself. */
function gone(message: Message): Message {
  if (isTakenBack(message)) return message;
  return { ...message, deletion: { state: "deletedLocally", contentRetained: true } };
}

function wholeDays({ lanes, isSorted, from, until }: RowRange): RowRange {
  return {
    lanes,
    isSorted,
    from: from === undefined ? undefined : Math.floor(from / DAY_MS) * DAY_MS,
    until: until === undefined ? undefined : Math.ceil(until / DAY_MS) * DAY_MS,
  };
}

function inRange(views: MessageView[], { from = -Infinity, until = Infinity }: RowRange): MessageView[] {
  if (from === -Infinity && until === Infinity) return views;
  return views.filter(({ message: { time } }) => time.sent >= from && time.sent < until);
}
