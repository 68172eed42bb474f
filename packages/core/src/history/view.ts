import {
  describeAccount,
  describeChat,
  sameMessages,
  seenRecord,
  shownRecord,
  isTakenBack,
  type Account,
  type Chat,
  type Message,
  type Provenance,
  type SeenRecord,
  type Version,
} from "../model/index.ts";
import { type RowRange, type RowReader } from "./rows/read.ts";
import type { MessageRow, Placed, Run } from "./rows/row.ts";
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

  /** The messages of a chat in canonical order. Days are taken together, so that versions of one message meet. */
  async *messages(collection: string, range: RowRange = {}): AsyncGenerator<MessageView> {
    const seenBy = await this.#provenance(collection);
    let day: Placed<MessageRow>[] = [];
    const dayOf = (row: Placed<MessageRow>): number => Math.floor(row.message.time.sent / DAY_MS);
    for await (const row of this.#reader.messages(collection, wholeDays(range))) {
      if (day.length > 0 && dayOf(day[0]!) !== dayOf(row)) {
        yield* inRange(this.#grouped(day, seenBy), range);
        day = [];
      }
      day.push(row);
    }
    yield* inRange(this.#grouped(day, seenBy), range);
  }

  #grouped(rows: readonly Placed<MessageRow>[], seenBy: SeenBy): MessageView[] {
    const { primitives } = this.#reader.history.vault;
    const records = new Map<string, SeenRecord & { isGone: boolean }>();
    for (const row of rows) {
      const { seen, isGone } = seenBy(row);
      const record = seenRecord(row.message, seen[0]!, primitives);
      records.set(record.digest, { ...record, seen, isGone });
    }
    if (records.size === 0) return [];
    const groups = isPlain(rows)
      ? [...records.values()].map((record) => [record])
      : sameMessages(records.values());
    return groups.map((versions) => {
      // A version that every source has replaced or lost does not compete with one that is there; unless it was
      // taken back: that stands, whoever still shows what was said.
      const present = versions.filter(({ digest }) => !records.get(digest)!.isGone);
      const isGone = present.length === 0;
      const isRevoked = versions.some((version) => isTakenBack(version.message));
      const { message } = shownRecord(isGone || isRevoked ? versions : present);
      return { message: isGone && !isTakenBack(message) ? deletedLocally(message) : message, versions };
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
    return (row) => {
      const run = runs.get(row.run);
      const own: Provenance = { source: run?.source ?? "", run: row.run, asOf: run?.asOf ?? 0 };
      const present = witnesses.filter(({ witness }) => witness.has(row)).map(({ provenance }) => provenance);
      const others = present.filter(({ source }) => source !== own.source);
      return { seen: [own, ...others], isGone: present.length === 0 && run !== undefined };
    };
  }

  #runsById(): Promise<ReadonlyMap<string, Run>> {
    this.#runs ??= readSources(this.#reader).then(({ runs }) => new Map(runs.map((run) => [run.id, run])));
    return this.#runs;
  }
}

type SeenBy = (row: Placed<MessageRow>) => { seen: Provenance[]; isGone: boolean };

/** Whether no two rows can be versions of one message: all from one run, all with different native ids. */
function isPlain(rows: readonly Placed<MessageRow>[]): boolean {
  const ids = new Set<string>();
  for (const { message, run } of rows) {
    const [id, ...more] = message.nativeIds ?? [];
    if (id === undefined || more.length > 0 || run !== rows[0]!.run) return false;
    ids.add(`${id.scheme} ${id.value}`);
  }
  return ids.size === rows.length;
}

function deletedLocally(message: Message): Message {
  return { ...message, deletion: { state: "deletedLocally", contentRetained: true } };
}

function wholeDays({ lanes, from, until }: RowRange): RowRange {
  return {
    lanes,
    from: from === undefined ? undefined : Math.floor(from / DAY_MS) * DAY_MS,
    until: until === undefined ? undefined : Math.ceil(until / DAY_MS) * DAY_MS,
  };
}

function* inRange(
  views: readonly MessageView[],
  { from = -Infinity, until = Infinity }: RowRange,
): Generator<MessageView> {
  for (const view of views) {
    const { sent } = view.message.time;
    if (sent >= from && sent < until) yield view;
  }
}
