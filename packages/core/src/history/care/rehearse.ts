import { inSteps, throwIfAborted, type Report } from "../../base/index.ts";
import { chatCollections } from "../state/chats.ts";
import { recountLog } from "./check.ts";
import { readAttachment } from "../rows/attachments.ts";
import { RowReader } from "../rows/read.ts";
import { summaryOf, type History } from "../state/state.ts";
import { logRoots } from "../write/logs.ts";
import { storedAttachments } from "../intake/attachments.ts";
import { isDamage, PackReader } from "../../vault/index.ts";

export interface RehearseOptions {
  /** About how many messages are restored. */
  readonly messages?: number | undefined;
  /** About how many bytes of attachments are. */
  readonly attachmentBytes?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly report?: Report | undefined;
}

/** What a rehearsal restored into nothing, and what did not come out as it went in. */
export interface Rehearsal {
  readonly chats: number;
  readonly messages: number;
  readonly attachments: number;
  readonly attachmentBytes: number;
  /** Chats whose messages or attachments failed, by id. */
  readonly failedChats: readonly string[];
}

const MESSAGES = 20_000;
const ATTACHMENT_BYTES = 64 * 1024 * 1024;

/** Restores a random sample, chat by chat, into nothing, and compares it with what the head commits to. */
export async function rehearse(history: History, options: RehearseOptions = {}): Promise<Rehearsal> {
  const { messages = MESSAGES, attachmentBytes = ATTACHMENT_BYTES, signal } = options;
  const done = { chats: 0, messages: 0, attachments: 0, attachmentBytes: 0 };
  const failed = new Set<string>();
  const reader = new RowReader(history);
  const roots = logRoots(history);
  const tell = (): void => options.report?.({ type: "progress", stage: "verify", done: { ...done } });
  const nameOf = (collection: string): string => history.entries.get(collection)!.name;
  for (const collection of shuffled(history, chatCollections(history))) {
    throwIfAborted(signal);
    if (done.messages >= messages) break;
    const root = await recountLog(reader, collection, tell).catch(onlyDamage);
    if (root !== roots.get(collection)) failed.add(nameOf(collection));
    done.chats++;
    done.messages += summaryOf(history, collection).messages;
    tell();
  }
  const { primitives, store, id } = history.vault;
  const files = [...(await storedAttachments(history))].flatMap(([collection, rows]) =>
    rows.map((row) => ({ collection, row })),
  );
  const step = inSteps(options.report, "verify");
  let bytes = 0;
  for (const { collection, row } of shuffled(history, files)) {
    throwIfAborted(signal);
    if (done.attachmentBytes >= attachmentBytes) break;
    const isWhole = await drain(readAttachment(primitives, new PackReader(store), id, row), (more) => {
      bytes += more;
      step({ ...done, bytes });
    });
    if (!isWhole) failed.add(nameOf(collection));
    done.attachments++;
    done.attachmentBytes += row.sizeBytes;
  }
  return { ...done, failedChats: [...failed] };
}

async function drain(parts: AsyncIterable<Uint8Array>, onPart: (bytes: number) => void): Promise<boolean> {
  try {
    for await (const part of parts) onPart(part.length);
    return true;
  } catch (error) {
    return onlyDamage(error) ?? false;
  }
}

/** Damage is what a rehearsal looks for; what stands in its way otherwise, it throws. */
function onlyDamage(error: unknown): undefined {
  if (!isDamage(error)) throw error;
  return undefined;
}

function shuffled<T>({ vault }: History, items: readonly T[]): T[] {
  const mixed = [...items];
  for (let i = mixed.length - 1; i > 0; i--) {
    const j = new DataView(vault.primitives.random(4).buffer).getUint32(0) % (i + 1);
    [mixed[i], mixed[j]] = [mixed[j]!, mixed[i]!];
  }
  return mixed;
}
