import type { Chat, Message, Stretch } from "../../model/index.ts";
import { isOfChat, isOfMessage, isOfWholeChat, type Choice, type LeftOut } from "../state/choices.ts";
import { isStretch } from "./ordered.ts";

/** Carries out choices in one run, and counts what they leave out. */
export class Chooser {
  readonly #choices: readonly Choice[];
  /** Choices that are of a chat, by its id. */
  readonly #ofChats = new Map<string, readonly Choice[]>();
  readonly #counts = new Map<string, { messages: number; files: number; bytes: number }>();
  readonly #countedUntil: Readonly<Record<string, number>>;
  /** When the last message that the source shows of each chat was sent. */
  readonly shownUntil: Record<string, number> = {};

  /** Of each chat, what was sent until the time in `countedUntil` was counted at a run before. */
  constructor(choices: readonly Choice[] | undefined, countedUntil: Readonly<Record<string, number>> = {}) {
    this.#choices = choices ?? [];
    this.#countedUntil = countedUntil;
  }

  /** Called with all that the source shows of a chat. */
  see({ id }: Chat, some: readonly Message[] | Stretch): void {
    if (this.#choices.length === 0) return;
    let until = this.shownUntil[id] ?? -Infinity;
    if (isStretch(some)) until = Math.max(until, some.until);
    else for (const { time } of some) until = Math.max(until, time.sent);
    if (until > -Infinity) this.shownUntil[id] = until;
  }

  /** Called with each chat before its messages. */
  begin(chat: Chat): void {
    if (this.#choices.length > 0)
      this.#ofChats.set(
        chat.id,
        this.#choices.filter((choice) => isOfChat(choice, chat)),
      );
  }

  /** The choice that leaves a whole chat out, if there is one. */
  ofWhole(chat: Chat): Choice | undefined {
    return this.#choices.find((choice) => isOfWholeChat(choice, chat));
  }

  /** The choice that leaves a message out, if there is one. */
  ofMessage(message: Message): Choice | undefined {
    return this.#find(message, ({ what }) => what === "messages");
  }

  /** The choice that leaves a message's file of so many bytes out, if there is one: with the message, or alone. */
  ofFile(message: Message, sizeBytes: number): Choice | undefined {
    return this.#find(
      message,
      ({ what, overBytes = -1 }) => what === "messages" || (what === "files" && sizeBytes > overBytes),
    );
  }

  /** Counts what a choice leaves out of a message, unless a run before did. */
  count(
    { id }: Choice,
    { chat, time }: Pick<Message, "chat" | "time">,
    more: { readonly messages: number; readonly files: number; readonly bytes: number },
  ): void {
    if (time.sent <= (this.#countedUntil[chat] ?? -Infinity)) return;
    const sum = this.#counts.get(id) ?? { messages: 0, files: 0, bytes: 0 };
    this.#counts.set(id, {
      messages: sum.messages + more.messages,
      files: sum.files + more.files,
      bytes: sum.bytes + more.bytes,
    });
  }

  /** What was left out, in the order of the choices. */
  get leftOut(): readonly LeftOut[] {
    return this.#choices.flatMap(({ id }) => {
      const counts = this.#counts.get(id);
      return counts === undefined ? [] : [{ choice: id, ...counts }];
    });
  }

  #find(message: Message, isWanted: (choice: Choice) => boolean): Choice | undefined {
    if (this.#choices.length === 0) return undefined;
    const choices = this.#ofChats.get(message.chat) ?? [];
    return choices.find((choice) => isWanted(choice) && isOfMessage(choice, message));
  }
}
