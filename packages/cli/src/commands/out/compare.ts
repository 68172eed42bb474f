import { bytesToHex, KeepsakeError, type Finding, type Primitives } from "@keepsake/core/base";
import { fleetingPlace, isFleeting, jsonl, type FidelityReport } from "@keepsake/core/formats";
import { contentDigest, type Attachment, type ReadEvent, type SourceFile } from "@keepsake/core/model";
import { folderSource } from "@keepsake/core/node";

/** What of a chat went out, or came back. */
export interface ChatTally {
  readonly chat: string;
  messages: number;
  attachments: number;
  /** Of the contents of all messages, in their order. */
  readonly digest: string;
}

/** One thing that the target lacks. */
export interface Missing {
  readonly what: "messages" | "content" | "attachments" | "chats" | "damaged";
  readonly chat?: string;
  readonly count: number;
}

/** Counts a history chat by chat, in one pass. */
export class Counted {
  readonly #primitives: Primitives;
  readonly #chats: Map<string, { tally: ChatTally; hash: ReturnType<Primitives["sha256Stream"]> }> =
    new Map();
  readonly damaged: Finding[] = [];
  /** Attachments that were said to be there and were not to be had, by chat. */
  readonly lacking: Map<string, number> = new Map();
  #chat = "";
  #tallies: readonly ChatTally[] | undefined;

  constructor(primitives: Primitives) {
    this.#primitives = primitives;
  }

  take(event: ReadEvent): void {
    if (event.type === "finding" && event.finding.severity === "error") this.damaged.push(event.finding);
    if (event.type === "chat") this.#begin(event.chat.id);
    if (event.type === "message") this.#count(event);
  }

  /** What was counted, once all has passed. */
  get chats(): readonly ChatTally[] {
    this.#tallies ??= [...this.#chats.values()].map(({ tally, hash }) => {
      return { ...tally, digest: bytesToHex(hash.digest()) };
    });
    return this.#tallies;
  }

  #begin(chat: string): void {
    this.#chat = chat;
    if (this.#chats.has(chat)) return;
    const tally = { chat, messages: 0, attachments: 0, digest: "" };
    this.#chats.set(chat, { tally, hash: this.#primitives.sha256Stream() });
  }

  #count({ message, files }: Extract<ReadEvent, { type: "message" }>): void {
    const counted = this.#chats.get(this.#chat);
    if (counted === undefined) return;
    counted.tally.messages++;
    counted.hash.update(new TextEncoder().encode(contentDigest(message, this.#primitives)));
    for (const [i, attachment] of (message.attachments ?? []).entries()) {
      if (files?.[i] !== undefined) counted.tally.attachments++;
      else if (isPromised(attachment)) this.lacking.set(this.#chat, (this.lacking.get(this.#chat) ?? 0) + 1);
    }
  }
}

function isPromised({ state, sha256 }: Attachment): boolean {
  return state === "present" && sha256 !== undefined;
}

/** The events as they pass, counted; what a readable export leaves out is counted as the place that is left of it. */
export async function* counting(
  events: AsyncIterable<ReadEvent>,
  counted: Counted,
  { includeExpired, now }: { readonly includeExpired: boolean; readonly now: number },
): AsyncGenerator<ReadEvent> {
  for await (const event of events) {
    const isLeftOut = event.type === "message" && !includeExpired && isFleeting(event.message, now);
    counted.take(isLeftOut ? { type: "message", message: fleetingPlace(event.message) } : event);
    yield event;
  }
}

/**
 * Reads our own export back and compares it with what went out: every message's content, and every byte of every
 * attachment against the digest that its message states.
 */
export async function compareBack(
  target: string,
  sent: Counted,
  primitives: Primitives,
): Promise<readonly Missing[]> {
  const back = new Counted(primitives);
  const files = new FileDigests(primitives);
  const wrong = new Map<string, number>();
  let chat = "";
  for await (const event of jsonl.read(await folderSource(target))) {
    back.take(event);
    if (event.type === "chat") chat = event.chat.id;
    if (event.type === "message") wrong.set(chat, (wrong.get(chat) ?? 0) + (await files.wrongIn(event)));
  }
  const backById = new Map(back.chats.map((each) => [each.chat, each]));
  return sent.chats.flatMap((each) => differences(each, backById.get(each.chat), wrong.get(each.chat) ?? 0));
}

/** Digests of files, each read once however many messages have it. */
class FileDigests {
  readonly #primitives: Primitives;
  readonly #known: Map<string, string> = new Map();

  constructor(primitives: Primitives) {
    this.#primitives = primitives;
  }

  /** How many of a message's files are not what it says of them. */
  async wrongIn({ message, files }: Extract<ReadEvent, { type: "message" }>): Promise<number> {
    let wrong = 0;
    for (const [i, file] of (files ?? []).entries()) {
      const stated = message.attachments?.[i]?.sha256;
      if (file !== undefined && stated !== undefined && (await this.#digestOf(file)) !== stated) wrong++;
    }
    return wrong;
  }

  async #digestOf(file: SourceFile): Promise<string> {
    const known = this.#known.get(file.path);
    if (known !== undefined) return known;
    const digest = await digestOf(file, this.#primitives);
    this.#known.set(file.path, digest);
    return digest;
  }
}

async function digestOf(file: SourceFile, primitives: Primitives): Promise<string> {
  const hash = primitives.sha256Stream();
  try {
    for await (const piece of file.open()) hash.update(piece);
  } catch (error) {
    if (KeepsakeError.is(error, "format.unreadable")) return "";
    throw error;
  }
  return bytesToHex(hash.digest());
}

function differences(sent: ChatTally, back: ChatTally | undefined, wrong: number): Missing[] {
  const { chat } = sent;
  if (back === undefined) return [{ what: "messages", chat, count: sent.messages }];
  const list: Missing[] = [];
  const messages = sent.messages - back.messages;
  if (messages !== 0) list.push({ what: "messages", chat, count: Math.abs(messages) });
  else if (back.digest !== sent.digest) list.push({ what: "content", chat, count: sent.messages });
  const attachments = sent.attachments - back.attachments + wrong;
  if (attachments > 0) list.push({ what: "attachments", chat, count: attachments });
  return list;
}

/** For formats that do not give everything back: the counts of what went out and of what was written. */
export function compareCounts(sent: Counted, { counts }: FidelityReport): readonly Missing[] {
  const messages = sent.chats.reduce((sum, each) => sum + each.messages, 0) - counts.messages;
  const chats = sent.chats.length - counts.chats;
  return [
    ...(chats > 0 ? [{ what: "chats", count: chats } as const] : []),
    ...(messages > 0 ? [{ what: "messages", count: messages } as const] : []),
  ];
}

/** What the vault itself could not give. */
export function lackingIn(sent: Counted): readonly Missing[] {
  return [
    ...[...sent.lacking].map(([chat, count]) => ({ what: "attachments", chat, count }) as const),
    ...(sent.damaged.length > 0 ? [{ what: "damaged", count: sent.damaged.length } as const] : []),
  ];
}
