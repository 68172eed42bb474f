/**
 * In which space a chat's native id is unique. `user`: the other side of a direct chat (people, bots, services,
 * oneself). Platforms give the same number to a user, a group and a channel.
 */
export type ChatClass = "user" | "group" | "channel" | "thread" | "list";

export interface ChatIdParts {
  /** Lower case, such as `wechat`. */
  readonly platform: string;
  readonly class: ChatClass;
  readonly nativeId: string;
  /** The id of the owner's own account; counts for class `user` only: two own accounts are two chats. */
  readonly own?: string | undefined;
}

/** `platform:class:nativeId`, with `:own` for class user where it is known; `%` and `:` inside a part are escaped. */
export function chatId(parts: ChatIdParts): string {
  const own = parts.class === "user" && parts.own !== undefined ? [parts.own] : [];
  return [parts.platform, parts.class, parts.nativeId, ...own].map(escapePart).join(":");
}

export interface AccountIdParts {
  readonly platform: string;
  /** An `AccountKind`. */
  readonly kind: string;
  readonly value: string;
  /** For weak identities (kind `name`): the chat's id within which the name stands for one account. */
  readonly chat?: string | undefined;
}

/** `platform:kind:value`, with `:chat` where one is given; `%` and `:` inside a part are escaped. */
export function accountId(parts: AccountIdParts): string {
  const scope = parts.chat === undefined ? [] : [parts.chat];
  return [parts.platform, parts.kind, parts.value, ...scope].map(escapePart).join(":");
}

/** The parts of an id that `chatId` or `accountId` made. */
export function idParts(id: string): string[] {
  return id.split(":").map((part) => part.replace(/%(3A|25)/g, (_, hex) => (hex === "3A" ? ":" : "%")));
}

function escapePart(part: string): string {
  return part.replace(/[%:]/g, (mark) => (mark === ":" ? "%3A" : "%25"));
}
