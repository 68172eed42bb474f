import { throwIfAborted } from "../../base/index.ts";
import {
  eventsOf,
  type Chat,
  type JsonObject,
  type Message,
  type ReadEvent,
  type ReadSteps,
  type SourceFile,
  type SourceInfo,
} from "../../model/index.ts";
import { formatLimits, type FidelityReport, type WriteOptions } from "../format.ts";
import { isObject, parseJson, writeJson } from "../json-values.ts";
import { safePath, TextOutput, WantedPlaces } from "../output.ts";
import { isSafePath, type Target } from "../source.ts";
import { FidelityTally, fleetingPlace, isFleeting } from "../tally.ts";
import { messageJson, type Residue } from "./fields.ts";
import { countLosses, folderOf, inOurWords, pathsOf } from "./foreign.ts";
import { HistoryNames } from "./names.ts";
import { withPaths } from "./parts/media.ts";
import { chatJson, chatResidue } from "./people.ts";

/** Writes a history as Telegram Desktop would have exported it: `result.json`, files beside it. */
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

type Section = "none" | "chats" | "left_chats";

class Writer implements AsyncDisposable {
  readonly #target: Target;
  readonly #options: WriteOptions;
  readonly #tally: FidelityTally = new FidelityTally();
  readonly #names: HistoryNames = new HistoryNames(formatLimits.rememberedIds);
  readonly #places: WantedPlaces;
  #out: TextOutput | undefined;
  #frame: JsonObject | undefined;
  #isSingle = false;
  #section: Section = "none";
  readonly #written: Set<Section> = new Set();
  /** What a message's paths are relative to. */
  #folder = "";
  #chat: { readonly isEmpty: boolean; readonly comma: string; messages: number } | undefined;

  constructor(target: Target, options: WriteOptions) {
    this.#target = target;
    this.#options = options;
    this.#places = new WantedPlaces(target, { ...options, ownNames: /(?:^|\/)result\.json$/ });
  }

  async take(event: ReadEvent): Promise<void> {
    if (event.type === "source") await this.#start(event.source);
    else if (event.type === "chat") await this.#startChat(event.chat, event.avatarFile);
    else if (event.type === "account") {
      this.#names.learn(event.account);
      if (event.avatarFile !== undefined) this.#tally.dropped("avatars");
    } else if (event.type === "message") await this.#message(event.message, event.files ?? []);
    else if (event.type === "file") await this.#looseFile(event.file);
  }

  async close(): Promise<FidelityReport> {
    await this.#endFile();
    return this.#tally.report();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#out?.[Symbol.asyncDispose]();
  }

  async #start(source: SourceInfo): Promise<void> {
    const residue = source.residue?.["telegram"];
    this.#frame = isObject(residue) ? residue : undefined;
    this.#isSingle = (this.#options.variant ?? this.#frame?.["layout"]) === "single";
    if (source.own !== undefined) this.#names.learn(source.own);
    if (this.#isSingle) return;
    await this.#open("result.json");
    const root = isObject(this.#frame?.["root"]) ? this.#frame["root"] : this.#names.aboutOwn(source.own);
    await this.#write(`{\n${Object.entries(root).map(field).join(",\n")}`);
    if (Object.keys(root).length > 0) await this.#write(",\n");
  }

  async #open(path: string): Promise<void> {
    this.#out = await TextOutput.create(this.#target, path);
  }

  #write(text: string): Promise<void> | undefined {
    return this.#out?.add(text);
  }

  async #startChat(chat: Chat, avatar: SourceFile | undefined): Promise<void> {
    this.#tally.counts.chats += 1;
    if (avatar !== undefined) this.#tally.dropped("avatars");
    const residue = chatResidue(chat);
    const head = Object.entries(chatJson(chat, this.#names.chatNumber(chat.id)));
    this.#names.startChat();
    if (this.#isSingle) await this.#startFile();
    else {
      await this.#endChat();
      await this.#enter(residue["left"] === true ? "left_chats" : "chats");
      await this.#write("{\n");
    }
    if (chat.residue?.["telegram"] === undefined) this.#tally.changed("chats");
    await this.#write(head.map(field).join(",\n"));
    const comma = head.length === 0 ? "" : ",\n";
    this.#chat = { isEmpty: residue["empty"] === true, comma, messages: 0 };
  }

  /** Telegram writes each chat exported alone to a folder of its own. */
  async #startFile(): Promise<void> {
    await this.#endFile();
    this.#folder = this.#tally.counts.chats === 1 ? "" : `chat_${this.#tally.counts.chats}/`;
    await this.#open(`${this.#folder}result.json`);
    await this.#write("{\n");
  }

  async #enter(wanted: Section): Promise<void> {
    const isClosed = this.#section !== wanted && this.#written.has(wanted);
    if (isClosed) this.#tally.changed("chats that were left");
    if (isClosed || this.#section === wanted) await this.#write(",\n");
    else {
      await this.#endSection();
      await this.#startSection(wanted);
    }
  }

  async #startSection(section: Section): Promise<void> {
    const about = this.#frame?.[section === "chats" ? "chatsAbout" : "leftAbout"];
    if (this.#written.size > 0) await this.#write(",\n");
    const fields = isObject(about) ? Object.entries(about).map((entry) => `${field(entry)},\n`) : [];
    await this.#write(`${JSON.stringify(section)}: {\n${fields.join("")}"list": [\n`);
    this.#section = section;
    this.#written.add(section);
  }

  async #endSection(): Promise<void> {
    if (this.#section !== "none") await this.#write("\n]\n}");
    this.#section = "none";
  }

  async #endChat(): Promise<void> {
    if (this.#chat === undefined) return;
    if (this.#chat.messages > 0) await this.#write("\n]\n}");
    else await this.#write(this.#chat.isEmpty ? "\n}" : `${this.#chat.comma}"messages": []\n}`);
    this.#chat = undefined;
  }

  async #endFile(): Promise<void> {
    if (this.#out === undefined) return;
    await this.#endChat();
    if (!this.#isSingle) {
      await this.#endSection();
      for (const section of ["chats", "left_chats"] as const) {
        const about = this.#frame?.[section === "chats" ? "chatsAbout" : "leftAbout"];
        const isWanted = about !== undefined || (section === "chats" && this.#frame === undefined);
        if (!isWanted || this.#written.has(section)) continue;
        await this.#startSection(section);
        await this.#endSection();
      }
      await this.#write(this.#written.size === 0 ? '"about": ""\n}\n' : "\n}\n");
    } else await this.#write("\n");
    await this.#out.close();
    this.#out = undefined;
  }

  async #message(given: Message, files: readonly (SourceFile | undefined)[]): Promise<void> {
    const isGone = this.#options.includeExpired !== true && isFleeting(given, this.#options.now);
    if (isGone) this.#tally.dropped("expired or seen once");
    const message = isGone ? fleetingPlace(given) : given;
    const text = await this.#text(message, isGone ? [] : files);
    if (text === undefined || this.#chat === undefined) return this.#tally.dropped("broken records");
    const before = this.#chat.messages === 0 ? `${this.#chat.comma}"messages": [\n` : ",\n";
    await this.#write(before + text);
    this.#chat.messages += 1;
    this.#tally.counts.messages += 1;
  }

  async #text(message: Message, files: readonly (SourceFile | undefined)[]): Promise<string | undefined> {
    const residue = message.residue?.["telegram"];
    if (!isObject(residue)) return this.#foreignText(message, files);
    if (message.kind === "unknown") return rawText(message);
    const json = messageJson(message, residue as Residue, this.#names.of(message));
    countLosses(message, this.#tally, true);
    const moved = message.attachments && (await this.#putAll(json, message, files));
    if (moved === undefined || moved.size === 0) return writeJson(json);
    this.#tally.changed("paths of attachments");
    return writeJson(withPaths(json, moved));
  }

  /** Puts the files of a message of Telegram's; the paths at which they lie, where these are not the wanted ones. */
  async #putAll(
    json: JsonObject,
    message: Message,
    files: readonly (SourceFile | undefined)[],
  ): Promise<ReadonlyMap<string, string>> {
    const moved = new Map<string, string>();
    const paths = pathsOf(json, message);
    for (const [place, attachment] of message.attachments!.entries()) {
      const [path, file] = [paths[place], files[place]];
      if (file !== undefined && path !== undefined) {
        const there = await this.#put(path, file);
        if (there !== undefined && there !== path) moved.set(path, there);
      } else if (file !== undefined || attachment.state === "present") this.#tally.dropped("attachments");
    }
    return moved;
  }

  /** A message that was not read from Telegram. */
  async #foreignText(message: Message, files: readonly (SourceFile | undefined)[]): Promise<string> {
    countLosses(message, this.#tally, false);
    const paths = new Map<number, string>();
    for (const [place, attachment] of (message.attachments ?? []).entries()) {
      const folder = folderOf(attachment);
      const file = files[place];
      if (folder === undefined) this.#tally.dropped(`attachments of role ${attachment.role}`);
      else if (file !== undefined) {
        const name = attachment.fileName ?? file.path.slice(file.path.lastIndexOf("/") + 1);
        const path = safePath(`chats/${this.#tally.counts.chats}/${folder}/${name}`);
        const there = await this.#put(path, file);
        if (there !== undefined) paths.set(place, there);
      } else if (attachment.state === "present") this.#tally.dropped("attachments");
    }
    const words = inOurWords(message, this.#tally);
    return writeJson(
      messageJson(
        words,
        {},
        this.#names.of(message, (place) => paths.get(place)),
      ),
    );
  }

  /** Where it lies in the folder; undefined where it has no place in it. */
  async #put(path: string, file: SourceFile, folder: string = this.#folder): Promise<string | undefined> {
    if (!isSafePath(folder + path)) {
      this.#tally.dropped("attachments with an unsafe path");
      return undefined;
    }
    this.#tally.counts.attachments += 1;
    return (await this.#places.put(folder + path, file)).slice(folder.length);
  }

  async #looseFile(file: SourceFile): Promise<void> {
    if (this.#frame === undefined) this.#tally.dropped("files of no message");
    else await this.#put(file.path, file, "");
  }
}

function field([key, value]: readonly [string, unknown]): string {
  return `${JSON.stringify(key)}: ${writeJson(value)}`;
}

/** The words of a record that was not understood; undefined if they are no JSON. */
function rawText({ raw }: Message): string | undefined {
  const text = raw?.mediaType === "application/json" ? raw.text : undefined;
  const value = text === undefined ? undefined : parseJson(text);
  return value === undefined ? undefined : writeJson(value);
}
