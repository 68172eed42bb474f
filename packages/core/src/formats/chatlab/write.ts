import { throwIfAborted } from "../../base/index.ts";
import {
  eventsOf,
  type Account,
  type Chat,
  type JsonObject,
  type Message,
  type ReadEvent,
  type ReadSteps,
  type SourceFile,
} from "../../model/index.ts";
import type { FidelityReport, WriteOptions } from "../format.ts";
import { isObject, withDifference, writeJson } from "../json-values.ts";
import { TextOutput } from "../output.ts";
import type { Target } from "../source.ts";
import { FidelityTally, fleetingPlace, isFleeting } from "../tally.ts";
import { avatarText } from "./avatar.ts";
import { FirstNames } from "./first-names.ts";
import type { Form } from "./items.ts";
import { countLosses } from "./losses.ts";
import { messageFields } from "./message.ts";
import { memberFields, metaFields } from "./people.ts";

const newestVersion = "0.0.2";
const oldestVersion = "0.0.1";
/** Fields that version 0.0.1 does not have. */
const sinceSecond = ["roles", "ownerId", "platformMessageId", "replyToMessageId"];

/**
 * Writes each chat of a history to a file of its own. Variants: `json`, `jsonl`, `json-0.0.1`; without one, a chat
 * that was read from ChatLab is written in its own form and any other as `json`.
 */
export async function write(
  events: ReadSteps,
  target: Target,
  options: WriteOptions,
): Promise<FidelityReport> {
  await using writer = new Writer(target, options);
  for await (const step of events) {
    throwIfAborted(options.signal);
    for (const event of eventsOf(step)) await writer.take(event);
  }
  return await writer.close();
}

/** The file that is being written. */
interface ChatOutput {
  readonly out: TextOutput;
  readonly form: Form;
  readonly chat: Chat;
  readonly names: FirstNames;
  /** The members that its own file names, where the chat was read from ChatLab. */
  readonly members: ReadonlySet<string> | undefined;
  /** The list that is open in a document. */
  part: "none" | "members" | "messages";
  isFirst: boolean;
}

class Writer implements AsyncDisposable {
  readonly #target: Target;
  readonly #options: WriteOptions;
  readonly #tally: FidelityTally = new FidelityTally();
  /** Accounts that came before the first chat: they are members of none, but have names. */
  readonly #early: Account[] = [];
  #output: ChatOutput | undefined;

  constructor(target: Target, options: WriteOptions) {
    this.#target = target;
    this.#options = options;
  }

  async take(event: ReadEvent): Promise<void> {
    if (event.type === "chat") await this.#startChat(event.chat, event.avatarFile);
    else if (event.type === "account") await this.#account(event.account, event.avatarFile);
    else if (event.type === "message") await this.#message(event.message);
    else if (event.type === "file") this.#tally.dropped("files of no message");
  }

  async close(): Promise<FidelityReport> {
    await this.#endChat();
    return this.#tally.report();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#output?.out[Symbol.asyncDispose]();
  }

  async #startChat(chat: Chat, avatarFile: SourceFile | undefined): Promise<void> {
    await this.#endChat();
    this.#tally.counts.chats += 1;
    const residue = chatlabResidue(chat.residue);
    const form = this.#formOf(residue);
    const number = String(this.#tally.counts.chats).padStart(4, "0");
    const out = await TextOutput.create(this.#target, `chat-${number}.${form}`);
    const names = new FirstNames(chat);
    for (const account of this.#early) names.learn(account);
    const named = new Set(chat.members?.map((member) => member.account));
    const members = residue === undefined ? undefined : named;
    this.#output = { out, form, chat, names, members, part: "none", isFirst: true };
    if (residue === undefined) this.#tally.changed("chats");
    const avatar = await this.#avatar(chat, avatarFile);
    const made = metaFields(chat, avatar);
    const meta = this.#fit(isObject(residue?.["meta"]) ? withDifference(made, residue["meta"]) : made);
    const header = isObject(residue?.["header"]) ? residue["header"] : this.#header();
    const rest = isObject(residue?.["rest"]) ? residue["rest"] : {};
    await this.#head({ chatlab: header, meta, ...rest }, this.#output);
  }

  async #avatar({ avatar }: Chat | Account, file: SourceFile | undefined): Promise<string | undefined> {
    const text = await avatarText(avatar, file);
    if (file !== undefined && text === undefined) this.#tally.dropped("avatars");
    return text;
  }

  #formOf(residue: JsonObject | undefined): Form {
    const wanted = this.#options.variant ?? residue?.["form"];
    return wanted === "jsonl" ? "jsonl" : "json";
  }

  #header(): JsonObject {
    const version = this.#isOld ? oldestVersion : newestVersion;
    return { version, exportedAt: Math.floor(this.#options.now / 1000), generator: "Keepsake" };
  }

  get #isOld(): boolean {
    return this.#options.variant === `json-${oldestVersion}`;
  }

  /** An object without the fields that the wanted version does not have. */
  #fit(fields: JsonObject): JsonObject {
    if (!this.#isOld) return fields;
    const gone = sinceSecond.filter((key) => Object.hasOwn(fields, key));
    for (const key of gone) this.#tally.dropped(key);
    return Object.fromEntries(Object.entries(fields).filter(([key]) => !gone.includes(key)));
  }

  async #head(fields: JsonObject, { out, form }: ChatOutput): Promise<void> {
    const texts = Object.entries(fields).map(([key, value]) => `${JSON.stringify(key)}: ${writeJson(value)}`);
    const line = `${writeJson({ _type: "header", ...fields })}\n`;
    await out.add(form === "jsonl" ? line : `{\n${texts.join(",\n")},\n`);
  }

  async #account(account: Account, avatarFile: SourceFile | undefined): Promise<void> {
    const output = this.#output;
    if (output === undefined) this.#early.push(account);
    output?.names.learn(account);
    if (output === undefined) return;
    if (output.part === "messages" && output.form === "json") {
      // Messages name their senders; what else there is to say of them came too late.
      if ((account.names?.length ?? 0) > 1 || avatarFile !== undefined) this.#tally.dropped("late members");
      return;
    }
    await this.#member(account, avatarFile, output);
  }

  async #member(account: Account, avatarFile: SourceFile | undefined, output: ChatOutput): Promise<void> {
    const residue = chatlabResidue(account.residue);
    // Who is only named by messages needs no line of their own.
    if (output.members?.has(account.id) === false && residue === undefined) return;
    const avatar = await this.#avatar(account, avatarFile);
    const made = memberFields(account, output.chat.id, avatar);
    const fields = this.#fit(residue === undefined ? made : withDifference(made, residue));
    await this.#openList("members", output);
    await this.#add("member", fields, output);
  }

  /** Opens a list of the document, and closes the one before it. */
  async #openList(wanted: "members" | "messages", output: ChatOutput): Promise<void> {
    if (output.part === wanted) return;
    const isBare = output.part === "none" && wanted === "messages";
    const hasNone = chatlabResidue(output.chat.residue)?.["noMembers"] === true;
    const before = output.part === "members" ? "\n],\n" : isBare && !hasNone ? '"members": [],\n' : "";
    if (output.form === "json") await output.out.add(`${before}"${wanted}": [`);
    output.part = wanted;
    output.isFirst = true;
  }

  async #message(given: Message): Promise<void> {
    const output = this.#output;
    if (output === undefined) return this.#tally.dropped("messages of no chat");
    const isGone = this.#options.includeExpired !== true && isFleeting(given, this.#options.now);
    if (isGone) this.#tally.dropped("expired or seen once");
    const message = isGone ? fleetingPlace(given) : given;
    const residue = chatlabResidue(message.residue);
    if (residue !== undefined && message.kind === "unknown" && message.raw?.mediaType === "text/plain")
      return this.#tally.dropped("broken records");
    countLosses(message, this.#tally, residue !== undefined);
    const made = messageFields(message, output.names);
    const fields = this.#fit(residue === undefined ? made : withDifference(made, residue));
    await this.#openList("messages", output);
    await this.#add("message", fields, output);
    this.#tally.counts.messages += 1;
  }

  #add(type: string, fields: JsonObject, output: ChatOutput): Promise<void> | undefined {
    if (output.form === "jsonl") return output.out.add(`${writeJson({ _type: type, ...fields })}\n`);
    const comma = output.isFirst ? "\n" : ",\n";
    output.isFirst = false;
    return output.out.add(comma + writeJson(fields));
  }

  async #endChat(): Promise<void> {
    const output = this.#output;
    if (output === undefined) return;
    await this.#openList("messages", output);
    if (output.form === "json") await output.out.add("\n]\n}\n");
    await output.out.close();
    this.#output = undefined;
  }
}

function chatlabResidue(residue: JsonObject | undefined): JsonObject | undefined {
  const own = residue?.["chatlab"];
  return isObject(own) ? own : undefined;
}
