import type { Attachment, Message } from "../../src/model/index.ts";
import { dayMs } from "../history/plan.ts";
import { randomOf, type Random } from "../history/random.ts";
import { sendTimes } from "../history/times.ts";
import { attach, laterFiles, type Attached, type LaterFile } from "./attached.ts";
import { mediaPlan, type FileContent, type MediaPlan } from "./files.ts";
import type { MadeContent, Said, Scene } from "./kinds/made.ts";
import { revoked } from "./kinds/notice.ts";
import { drawContent, type DrawContent } from "./kinds/table.ts";
import { serverId } from "./kinds/xml.ts";
import { accountOf, md5 } from "./names.ts";
import { chatIdOf, namesIn, readName } from "./people.ts";
import { isOlderStill, type AccountPlan, type ChatPlan, type PhonePlan } from "./plan.ts";

/** A row as the phone keeps it, and the message that it is to be. */
export interface MadeRow {
  readonly number: number;
  readonly server: string | undefined;
  readonly sentSeconds: number;
  readonly isOwn: boolean;
  readonly type: number;
  readonly text: string;
  readonly source: string | undefined;
  readonly message: Message;
  /** What is in its files, in step with the message's attachments. */
  readonly contents: readonly (FileContent | undefined)[];
  /** What lies on the phone, by the place below the account's folder. */
  readonly media: Attached["media"];
}

/** What the day after makes of a row. */
interface Change {
  readonly isRevoked?: boolean | undefined;
  /** A row of that day: with the file that it brings, or with none. */
  readonly later?: LaterFile | null | undefined;
}

/** Rows that come in later than they were sent, and by how many seconds at most. */
const lateShare = 0.01;
const latestSeconds = 600;
/** Notices without an id of the server. */
const lacksServer = 0.3;
/** Rows of groups that do not say who sent them. */
const lacksSender = 0.003;

/** The rows of one chat, made one by one: a row is the same whenever it is made. */
export class ChatRows {
  readonly #plan: PhonePlan;
  readonly #account: AccountPlan;
  readonly #chat: ChatPlan;
  readonly #seed: string;
  readonly #draw: DrawContent;
  readonly #names: ReadonlyMap<string, string>;
  readonly #people: readonly string[];
  readonly #media: MediaPlan | undefined;
  readonly #id: string;
  readonly #hash: string;
  #before: Said | undefined;

  constructor(plan: PhonePlan, account: AccountPlan, chat: ChatPlan) {
    const { generation, options } = plan;
    const place = chat.place === "self" ? "direct" : chat.place;
    this.#plan = plan;
    this.#account = account;
    this.#chat = chat;
    this.#seed = `${options.seed} ${account.index} ${chat.index}`;
    this.#draw = drawContent(place, { isEven: options.isEven === true, isFuture: generation.isFuture });
    this.#names = namesIn(plan, chat);
    const isGroup = chat.place === "group";
    this.#people = isGroup ? chat.members.map(({ person }) => person.userName) : [chat.person.userName];
    this.#media = mediaPlan(plan);
    this.#id = chatIdOf(account, chat);
    this.#hash = md5(chat.person.userName);
  }

  /** Those of the first day, or what the day after has made of them, in the order in which the phone wrote them. */
  *all({ isLater = false }: { readonly isLater?: boolean | undefined } = {}): Generator<MadeRow> {
    const { rows, later } = this.#chat;
    const random = randomOf(this.#seed, "late");
    this.#before = undefined;
    let number = 0;
    for (const sent of sendTimes(`${this.#seed} times`, rows, this.#plan)) {
      number += 1;
      const sentSeconds = sent / 1000 - (random.chance(lateShare) ? random.below(latestSeconds) : 0);
      const isRevoked = isLater && later.revoked.has(number);
      const row = this.#row(number, sentSeconds, isRevoked ? { isRevoked } : {});
      if (!isLater || !later.gone.has(number)) yield row;
    }
    if (isLater) yield* this.later();
  }

  /** What the day after adds; some of it brings files where the phone has files at all. */
  *later(): Generator<MadeRow> {
    const { rows, later } = this.#chat;
    const span = { startMs: this.#plan.endMs + dayMs, endMs: this.#plan.endMs + 2 * dayMs };
    const files = laterFiles(this.#plan, this.#account, this.#chat);
    this.#before = undefined;
    let number = rows;
    for (const sent of sendTimes(`${this.#seed} later`, later.rows, span)) {
      number += 1;
      yield this.#row(number, sent / 1000, { later: files.get(number) ?? null });
    }
  }

  /** What the day after takes back, without the times. */
  *revoked(): Generator<MadeRow> {
    for (const number of this.#chat.later.revoked) yield this.#row(number, 0, { isRevoked: true });
  }

  #row(number: number, sentSeconds: number, { isRevoked, later }: Change): MadeRow {
    const random = randomOf(this.#seed, number);
    const scene = this.#scene(random, number, sentSeconds);
    const lacks = { server: random.chance(lacksServer), sender: random.chance(lacksSender) };
    const content = this.#content(scene, { isRevoked, later });
    const isWithout = lacks.server && content.type === 10000 && content.says.kind === "system";
    const server = isWithout || isOlderStill(this.#plan, this.#chat) ? undefined : scene.server;
    const line = lineOf(scene, content, lacks.sender);
    const { attachments, contents, media } = attach(content.files ?? [], {
      name: `${this.#seed} ${number}`,
      folder: `${this.#hash}/${number}`,
      media: this.#media,
      later: later === null ? null : later?.content,
    });
    return {
      number,
      server,
      sentSeconds,
      isOwn: scene.isOwn,
      type: content.type,
      text: line + content.text,
      source: this.#plan.generation.hasBeside ? content.source : undefined,
      message: this.#message(scene, { content, line, server, attachments }),
      contents,
      media,
    };
  }

  #content(scene: Scene, { isRevoked, later }: Change): MadeContent {
    const { number } = scene;
    const make = later?.make ?? this.#draw(scene.random, number);
    const content = make(scene);
    // What answers it later was written while it was still there.
    this.#before = this.#saidIn(scene, content) ?? this.#before;
    return isRevoked === true
      ? revoked({ ...scene, random: randomOf(this.#seed, number, "revoked") })
      : content;
  }

  #scene(random: Random, number: number, sentSeconds: number): Scene {
    const own = this.#account.own.userName;
    const { place, naming } = this.#chat;
    const isOwn = random.chance({ group: 0.1, direct: 0.4, official: 0, self: 0.95 }[place]);
    const other = this.#people[Math.floor(this.#people.length * random.unit() ** 2.2)]!;
    return {
      random,
      chat: readName(this.#chat),
      own,
      isGroup: place === "group",
      isNamed: naming !== "nobody",
      sender: isOwn ? own : other,
      isOwn,
      people: this.#people,
      sentSeconds,
      number,
      server: serverId(random),
      before: this.#before,
      nameOf: (user) => this.#names.get(user),
    };
  }

  #saidIn({ server, sender, sentSeconds }: Scene, { type, text }: MadeContent): Said | undefined {
    return type === 1 && text !== "" ? { server, sender, sentSeconds, text } : undefined;
  }

  #message(scene: Scene, { content, line, server, attachments }: MessageParts): Message {
    const { mentions, ...said } = content.says;
    const id = server ?? (content.text.includes("<newmsgid>") ? scene.server : undefined);
    return {
      ...said,
      ...(!isNotice(content) && authorOf(scene, line)),
      ...(this.#plan.generation.hasBeside && mentions !== undefined && { mentions }),
      ...rawOf(content, line),
      chat: this.#id,
      ...(id !== undefined && { nativeIds: [{ scheme: "wechat.server", value: id }] }),
      order: String(scene.number),
      time: { sent: scene.sentSeconds * 1000, precision: "s", zone: "utc" },
      ...(attachments.length > 0 && { attachments }),
    };
  }
}

interface MessageParts {
  readonly content: MadeContent;
  readonly line: string;
  readonly server: string | undefined;
  readonly attachments: readonly Attachment[];
}

/** What the app says, not a person. */
function isNotice({ says }: MadeContent): boolean {
  return says.kind === "system" || says.kind === "deleted";
}

const withoutLine: ReadonlySet<number> = new Set([51, 52, 64, 9999, 10000]);

/** The line before a row that came in through a group: its sender, or of some notices the group. */
function lineOf(
  { isGroup, isOwn, isNamed, sender, chat, number }: Scene,
  { type }: MadeContent,
  isLacking: boolean,
): string {
  if (!isGroup || isOwn || withoutLine.has(type)) return "";
  if (type === 10002) return isNamed && number % 2 === 0 ? `${chat}:\n` : "";
  return isLacking ? "" : `${sender}:\n`;
}

/** Of a chat that nobody names, only what the rows themselves say is known. */
function authorOf(
  { isOwn, isGroup, isNamed, sender }: Scene,
  line: string,
): Pick<Message, "author" | "direction"> {
  const isKnown = isOwn || (isGroup ? line !== "" : isNamed);
  return isKnown ? { author: accountOf(sender) } : { direction: "in" };
}

/** A row's own text, where it says more than the words that are shown. */
function rawOf(content: MadeContent, line: string): Pick<Message, "raw"> {
  const { says, text } = content;
  const whole = line + text;
  const isShown = (says.body?.text ?? "") === (isNotice(content) ? whole : text);
  return says.kind !== "unknown" && isShown ? {} : { raw: { mediaType: mediaTypeOf(text), text: whole } };
}

function mediaTypeOf(text: string): string {
  if (text.startsWith("{")) return "application/json";
  return text.startsWith("<") ? "text/xml" : "text/plain";
}
