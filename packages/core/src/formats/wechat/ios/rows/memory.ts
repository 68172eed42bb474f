import type { ReadMemory } from "../../../../model/index.ts";
import type { BlockNote } from "./blocks.ts";

/** A reader of another version reads everything once: what it makes of a row may be more. */
const VERSION = 2;

/** What was found of one chat: its blocks by database. */
export interface ChatNote {
  readonly id: string;
  readonly tables: Readonly<Record<string, readonly BlockNote[]>>;
}

interface MemoJson {
  readonly version: number;
  readonly account: string;
  readonly chats: Readonly<Record<string, ChatNote>>;
}

/** What the last reading of an account found, and what this one finds. */
export class AccountMemory {
  readonly #memory: ReadMemory;
  readonly #account: string;
  readonly #before: MemoJson["chats"];
  readonly #now: Record<string, ChatNote> = {};

  constructor(memory: ReadMemory, account: string) {
    this.#memory = memory;
    this.#account = account;
    const memo = memory.before === undefined ? undefined : (JSON.parse(memory.before) as MemoJson);
    const isOurs = memo?.version === VERSION && memo.account === account;
    this.#before = isOurs ? memo.chats : {};
  }

  /** Of the chat with this hash, if it goes by the same id. */
  before(hash: string, id: string): ChatNote | undefined {
    const note = Object.hasOwn(this.#before, hash) ? this.#before[hash] : undefined;
    return note?.id === id ? note : undefined;
  }

  sha256Text(text: string): string {
    return this.#memory.sha256Text(text);
  }

  /** Takes down a chat; one that is not is read whole next time. */
  note(hash: string, note: ChatNote): void {
    this.#now[hash] = note;
  }

  keep(): void {
    const memo: MemoJson = { version: VERSION, account: this.#account, chats: this.#now };
    this.#memory.keep(JSON.stringify(memo));
  }
}
