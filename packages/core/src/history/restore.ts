import { KeepsakeError, type Finding } from "../base/index.ts";
import type { Attachment, ByteRange, ReadEvent, SourceFile } from "../model/index.ts";
import { PackReader } from "../vault/index.ts";
import { chatCollections } from "./state/chats.ts";
import { readAttachment, type StoredAttachment } from "./rows/attachments.ts";
import { RowReader } from "./rows/read.ts";
import type { History } from "./state/state.ts";
import { HistoryView } from "./view.ts";
import { storedAttachments } from "./intake/attachments.ts";

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
}

/**
 * A history as a reader would yield it, for any format's writer: restore and export are this and a writer.
 * What cannot be read becomes a finding, and the rest goes on.
 */
export async function* restoredEvents(
  history: History,
  selection: Selection = {},
): AsyncGenerator<ReadEvent> {
  const reader = new RowReader(history);
  const view = new HistoryView(reader);
  const files = selection.withoutFiles === true ? undefined : await filesByCollection(history);
  yield { type: "source", source: { format: "keepsake", platform: "keepsake" } };
  for (const collection of chatCollections(history)) {
    if (selection.chats?.includes(history.entries.get(collection)!.name) === false) continue;
    yield* restoredChat({ history, view, collection, files: files?.get(collection) }, selection);
  }
}

interface RestoredChat {
  readonly history: History;
  readonly view: HistoryView;
  readonly collection: string;
  readonly files: ReadonlyMap<string, StoredAttachment> | undefined;
}

async function* restoredChat(from: RestoredChat, selection: Selection): AsyncGenerator<ReadEvent> {
  const { view, collection } = from;
  const described = await view.chat(collection);
  if (described === undefined) return;
  yield { type: "chat", chat: described.chat, avatarFile: fileOf(from, described.chat.avatar) };
  for (const account of described.accounts.values()) {
    yield { type: "account", account, avatarFile: fileOf(from, account.avatar) };
  }
  try {
    for await (const { message } of view.messages(collection, selection)) {
      if (selection.kinds?.includes(message.kind) === false) continue;
      const files = message.attachments?.map((attachment) => fileOf(from, attachment));
      yield { type: "message", message, files };
    }
  } catch (error) {
    if (!KeepsakeError.is(error)) throw error;
    yield { type: "finding", finding: damagedChat(error, collection) };
  }
}

function damagedChat(error: KeepsakeError, collection: string): Finding {
  return { code: error.code, severity: "error", where: `chat ${collection}` };
}

async function filesByCollection(history: History): Promise<Map<string, Map<string, StoredAttachment>>> {
  const all = await storedAttachments(history);
  return new Map([...all].map(([id, rows]) => [id, new Map(rows.map((row) => [row.sha256, row]))]));
}

/** An attachment's content as a file; undefined if the vault does not hold it. */
function fileOf(
  { history, files }: RestoredChat,
  attachment: Attachment | undefined,
): SourceFile | undefined {
  const stored = attachment?.sha256 === undefined ? undefined : files?.get(attachment.sha256);
  if (stored === undefined) return undefined;
  return {
    path: `attachments/${stored.sha256.slice(0, 2)}/${stored.sha256}`,
    sizeBytes: stored.sizeBytes,
    open: (range) => openStored(history, stored, range),
  };
}

async function* openStored(
  history: History,
  stored: StoredAttachment,
  range?: ByteRange,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const { primitives, store, id } = history.vault;
  const { start = 0, end = stored.sizeBytes } = range ?? {};
  let offset = 0;
  for await (const part of readAttachment(primitives, new PackReader(store), id, stored)) {
    const slice = part.subarray(Math.max(0, start - offset), Math.max(0, end - offset));
    offset += part.length;
    if (slice.length > 0) yield slice;
  }
}
