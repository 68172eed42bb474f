import type { Draft, Message, ReadEvent, SourceFile } from "../../src/model/index.ts";
import { madeFile } from "./files.ts";
import { drawKind, kindPlans, meanFactor, type MadeMedia } from "./kinds.ts";
import { dayMs, ownAccount, type ChatPlan, type HistoryPlan } from "./plan.ts";
import { randomOf, type Random } from "./random.ts";
import { sentence } from "./words.ts";
import { sendTimes } from "./times.ts";

type MessageEvent = Extract<ReadEvent, { type: "message" }>;

/** Part of the attachments that somebody else has sent before, byte for byte. */
const repeatedShare = 0.2;

/** A chat's messages in canonical order; on the second day with its changes, and with the new ones last. */
export function* chatMessages(plan: HistoryPlan, chat: ChatPlan): Generator<MessageEvent> {
  const { seed } = plan.options;
  let number = 0;
  for (const sent of sendTimes(`${seed} times ${chat.index}`, chat.messages, plan)) {
    if (!chat.gone.has(number)) yield oneMessage(plan, chat, { number, sent });
    number += 1;
  }
  const lastDay = { startMs: plan.endMs + dayMs, endMs: plan.endMs + 2 * dayMs };
  for (const sent of sendTimes(`${seed} new ${chat.index}`, chat.newMessages, lastDay)) {
    yield oneMessage(plan, chat, { number, sent });
    number += 1;
  }
}

interface Place {
  /** Of the message within its chat. */
  readonly number: number;
  readonly sent: number;
}

function oneMessage(plan: HistoryPlan, chat: ChatPlan, place: Place): MessageEvent {
  const random = randomOf(plan.options.seed, chat.index, place.number);
  const kind = kindPlans[drawKind(random)]!;
  const message: Draft<Message> = {
    chat: chat.chat.id,
    nativeIds: [{ scheme: "wechat.server", value: serverId(random, place.sent) }],
    order: String(place.number + 1),
    time: { sent: place.sent, precision: "s", zone: "utc" },
    ...kind.make(random),
  };
  if (kind.isNotice !== true) message.author = author(random, chat);
  const files =
    kind.media === undefined
      ? undefined
      : [addFile(plan, message, { chat, place, random, media: kind.media })];
  addMarks(message, chat, random);
  if (chat.revoked.has(place.number)) return { type: "message", message: revoked(message, plan.endMs) };
  return files?.[0] === undefined ? { type: "message", message } : { type: "message", message, files };
}

/** Nineteen digits that grow with time: beyond 2^53, as real ones are. */
function serverId(random: Random, sent: number): string {
  return `${Math.floor(sent / 1000)}${String(random.below(1_000_000_000)).padStart(9, "0")}`;
}

function author(random: Random, chat: ChatPlan): string {
  if (random.chance(chat.isGroup ? 0.1 : 0.4)) return ownAccount.id;
  const rank = Math.floor((chat.people.length - 1) * random.unit() ** 2.2);
  return chat.people[1 + rank]!.id;
}

interface FilePlace {
  readonly chat: ChatPlan;
  readonly place: Place;
  readonly random: Random;
  readonly media: MadeMedia;
}

function addFile(plan: HistoryPlan, message: Draft<Message>, at: FilePlace): SourceFile | undefined {
  const { chat, place, random, media } = at;
  const attachment = media.attachment(random);
  const isRepeated = random.chance(repeatedShare);
  const repeated = random.below(Math.ceil(plan.options.messages / 2000));
  const total = plan.options.attachmentBytes ?? 0;
  if (total === 0) {
    message.attachments = [{ state: "omitted", ...attachment }];
    return undefined;
  }
  const name = isRepeated ? `repeated ${repeated}` : `${chat.index} ${place.number}`;
  const id = `${plan.options.seed} ${media.extension} ${name}`;
  const mean = (total / Math.max(1, plan.options.messages) / meanFactor) * media.factor;
  const sizeBytes = Math.max(64, Math.round(mean * randomOf(id, "size").exponential()));
  message.attachments = [{ state: "present", ...attachment, sizeBytes }];
  const path = `media/${chat.index}/${place.number}.${media.extension}`;
  return madeFile(path, place.sent, { id, sizeBytes, isText: media.extension === "txt", magic: media.magic });
}

/** Edits, reactions, stars: seldom, and only on what people said. */
function addMarks(message: Draft<Message>, chat: ChatPlan, random: Random): void {
  const draw = random.unit();
  if (message.author === undefined) return;
  const { sent } = message.time;
  if (draw < 0.002 && message.kind === "text") {
    message.revisions = [{ at: sent, body: { text: sentence(random) } }];
    message.editedAt = sent + 30_000;
  } else if (draw < 0.012 && chat.isGroup) {
    message.reactions = [{ key: random.pick(["👍", "❤️", "😂"]), by: [{ account: author(random, chat) }] }];
  } else if (draw < 0.014) message.flags = { starred: true };
}

function revoked(message: Message, at: number): Message {
  const { chat, nativeIds, order, time, author: sender } = message;
  const left = {
    chat,
    time,
    kind: "deleted",
    deletion: { state: "revokedBySender", at: at + dayMs },
  } as const;
  return {
    ...left,
    ...(nativeIds !== undefined && { nativeIds }),
    ...(order !== undefined && { order }),
    ...(sender !== undefined && { author: sender }),
  };
}
