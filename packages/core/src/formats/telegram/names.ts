import type { Account, JsonObject, Message, NativeId } from "../../model/index.ts";
import { messageScheme, type Names } from "./fields.ts";
import type { PathOf } from "./parts/media.ts";
import { accountPeerText, chatPeerText } from "./parts/peers.ts";

/** The names and numbers of a history that is being written. What has no number of Telegram's gets one. */
export class HistoryNames {
  readonly #names: Map<string, string> = new Map();
  readonly #accounts: Map<string, string> = new Map();
  readonly #chats: Map<string, string> = new Map();
  readonly #maxIds: number;
  #messages: Map<string, string> = new Map();
  #lastNumber = 0;

  constructor(maxIds: number) {
    this.#maxIds = maxIds;
  }

  /** The first name of an account is the one that is shown. */
  learn(account: Account): void {
    const name = account.names?.[0]?.value;
    if (name !== undefined && !this.#names.has(account.id)) this.#names.set(account.id, name);
  }

  /** What a full export says of its owner. */
  aboutOwn(own: Account | undefined): JsonObject {
    if (own === undefined) return {};
    const number = Number(this.#peerText(own.id)?.slice(4));
    const information = { user_id: number, first_name: this.#names.get(own.id) ?? "", last_name: "" };
    return { personal_information: information };
  }

  /** The number of a chat that has none of Telegram's. */
  chatNumber(chat: string): string {
    return numbered(this.#chats, chat);
  }

  /** Messages of a chat are numbered anew. */
  startChat(): void {
    this.#messages = new Map();
    this.#lastNumber = 0;
  }

  /** The names that a message's fields need. */
  of(message: Message, pathOf: PathOf = () => undefined): Names {
    const ownKey = keyOf(message.nativeIds?.[0]);
    return {
      pathOf,
      nameOf: (account) => this.#names.get(account),
      peerText: (account) => this.#peerText(account),
      chatPeerText,
      messageNumber: (id) => {
        if (id.scheme === messageScheme) return id.value;
        const key = keyOf(id);
        return key === ownKey ? this.#nextNumber(key) : this.#messages.get(key);
      },
    };
  }

  #peerText(account: string): string | undefined {
    const known = accountPeerText(account);
    if (known !== undefined || account.startsWith("telegram:name:")) return known;
    return `user${numbered(this.#accounts, account)}`;
  }

  #nextNumber(key: string): string {
    this.#lastNumber += 1;
    const number = String(this.#lastNumber);
    if (key === "") return number;
    if (this.#messages.size >= this.#maxIds) this.#messages.delete(this.#messages.keys().next().value!);
    this.#messages.set(key, number);
    return number;
  }
}

function keyOf(id: NativeId | undefined): string {
  return id === undefined || id.scheme === "" ? "" : JSON.stringify([id.scheme, id.value]);
}

function numbered(numbers: Map<string, string>, key: string): string {
  const known = numbers.get(key);
  if (known !== undefined) return known;
  const number = String(numbers.size + 1);
  numbers.set(key, number);
  return number;
}
