import type { Account, Chat } from "../../model/index.ts";
import type { ChatNames } from "./message.ts";

/** The first name, and the first name in this chat, that was met of each account. */
export class FirstNames implements ChatNames {
  readonly chat: string;
  readonly platform: string;
  readonly #known: Set<string> = new Set();
  readonly #names: Map<string, string> = new Map();
  readonly #cards: Map<string, string> = new Map();

  constructor(chat: Chat) {
    this.chat = chat.id;
    this.platform = chat.platform;
  }

  learn({ id, names = [] }: Account): void {
    this.#known.add(id);
    const name = names.find(({ kind }) => kind !== "groupCard" && kind !== "alias")?.value;
    if (name !== undefined && !this.#names.has(id)) this.#names.set(id, name);
    const card = names.find((entry) => entry.kind === "groupCard" && entry.chat === this.chat)?.value;
    if (card !== undefined && !this.#cards.has(id)) this.#cards.set(id, card);
  }

  /** Whether an account, and a name of it if one is given, has been met. */
  isKnown(id: string, name: string | undefined): boolean {
    return name === undefined ? this.#known.has(id) : this.#names.has(id);
  }

  nameOf(account: string): string | undefined {
    return this.#names.get(account);
  }

  cardOf(account: string): string | undefined {
    return this.#cards.get(account);
  }
}
