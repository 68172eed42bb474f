import type { Finding, KeepsakeError } from "../base/index.ts";
import type { Attachment, ReadEvent } from "../model/index.ts";
import { isDamage, PackReader } from "../vault/index.ts";
import { restoredFile, type RestoredFile } from "./out/chat-files.ts";
import { AttachmentTables } from "./out/attachment-tables.ts";
import { RowReader } from "./rows/read.ts";
import { chatCollections } from "./state/chats.ts";
import { collectionLike, sourcesName, type History } from "./state/state.ts";
import { HistoryView } from "./view.ts";

/** What of a history is to come out; all of it where nothing is said. */
export interface Selection {
  /** Chats by id. */
  readonly chats?: readonly string[] | undefined;
  readonly from?: number | undefined;
  readonly until?: number | undefined;
  readonly kinds?: readonly string[] | undefined;
  /** Messages meant to be seen once, or whose time is over, with their content. */
  readonly includeExpired?: boolean | undefined;
  /** Whether files come with the messages. */
  readonly withoutFiles?: boolean | undefined;
  /** Whether the keys of messages are to be sorted where it costs nothing: for a writer that sorts them anyway. */
  readonly isSorted?: boolean | undefined;
}

/** A history as a reader would yield it, event by event: `restoredBatches` is quicker. */
export async function* restoredEvents(
  history: History,
  selection: Selection = {},
): AsyncGenerator<ReadEvent> {
  for await (const events of restoredBatches(history, selection)) yield* events;
}

/**
 * A history as a reader would yield it, for any format's writer, many events at a time: restore and export are this
 * and a writer. What is damaged becomes a finding, and the rest goes on. A store that is away ends it with its error.
 */
export async function* restoredBatches(
  history: History,
  selection: Selection = {},
): AsyncGenerator<readonly ReadEvent[]> {
  const reader = new RowReader(history);
  const view = new HistoryView(reader);
  const packs = new PackReader(history.vault.store);
  const tables = selection.withoutFiles === true ? undefined : new AttachmentTables(history);
  yield [{ type: "source", source: { format: "keepsake", platform: "keepsake" } }];
  if (isWhole(selection)) yield* restoredSources({ history, view, packs, tables });
  for (const collection of chatCollections(history)) {
    if (selection.chats?.includes(history.entries.get(collection)!.name) === false) continue;
    yield* restoredChat({ history, view, packs, tables, collection }, selection);
  }
}

/** Whether all chats are wanted, with all that is in them. */
function isWhole({ chats, from, until, kinds }: Selection): boolean {
  return [chats, from, until, kinds].every((wish) => wish === undefined);
}

/** What sources had beside their chats: the owner's accounts, and files of no message. */
async function* restoredSources(
  from: Omit<RestoredChat, "collection">,
): AsyncGenerator<readonly ReadEvent[]> {
  const collection = collectionLike(from.history, sourcesName);
  if (collection === undefined) return;
  const { fileOf, finding } = await filesOf({ ...from, collection });
  if (finding !== undefined) yield [{ type: "finding", finding }];
  const events = new Map<string, ReadEvent>();
  for (const note of await new RowReader(from.history).notes(collection)) {
    const file = "file" in note ? fileOf(note.file) : undefined;
    if ("account" in note)
      events.set(note.account.id, {
        type: "account",
        account: note.account,
        avatarFile: fileOf(note.account.avatar),
      });
    else if ("file" in note && file !== undefined)
      events.set(file.path, { type: "file", attachment: note.file, file });
  }
  yield [...events.values()];
}

interface RestoredChat {
  readonly history: History;
  readonly view: HistoryView;
  readonly packs: PackReader;
  readonly tables: AttachmentTables | undefined;
  readonly collection: string;
}

type FileOf = (attachment: Attachment | undefined) => RestoredFile | undefined;

async function* restoredChat(from: RestoredChat, selection: Selection): AsyncGenerator<readonly ReadEvent[]> {
  const { view, collection } = from;
  const described = await view.chat(collection);
  if (described === undefined) return;
  const { fileOf, finding } = await filesOf(from);
  if (finding !== undefined) yield [{ type: "finding", finding }];
  const accounts = [...described.accounts.values()].map((account): ReadEvent => {
    return { type: "account", account, avatarFile: fileOf(account.avatar) };
  });
  const avatarFile = fileOf(described.chat.avatar);
  yield [{ type: "chat", chat: described.chat, avatarFile }, ...accounts];
  try {
    for await (const views of view.batches(collection, selection)) {
      const events: ReadEvent[] = [];
      for (const { message } of views) {
        if (selection.kinds?.includes(message.kind) === false) continue;
        const files = message.attachments?.map(fileOf);
        events.push({ type: "message", message, files });
      }
      yield events;
    }
  } catch (error) {
    if (!isDamage(error)) throw error;
    yield [{ type: "finding", finding: damagedChat(error, collection) }];
  }
}

function damagedChat(error: KeepsakeError, collection: string): Finding {
  return { code: error.code, severity: "error", where: `chat ${collection}` };
}

/** Gives the content of an attachment as a file; undefined if the vault does not hold it. */
async function filesOf(from: RestoredChat): Promise<{ fileOf: FileOf; finding?: Finding }> {
  const { tables, collection } = from;
  try {
    const storedByDigest = await tables?.of(collection);
    const fileOf: FileOf = (attachment) => {
      const stored = attachment?.sha256 === undefined ? undefined : storedByDigest?.get(attachment.sha256);
      return stored && restoredFile(from, stored);
    };
    return { fileOf };
  } catch (error) {
    if (!isDamage(error)) throw error;
    return { fileOf: () => undefined, finding: damagedChat(error, collection) };
  }
}
