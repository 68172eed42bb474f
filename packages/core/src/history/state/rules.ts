import type { Message } from "../../model/index.ts";

/** Messages that were forgotten: all that every part of the rule fits. Kept sealed in the root. */
export interface ForgetRule {
  readonly kinds?: readonly string[] | undefined;
  /** Chats by id. */
  readonly chats?: readonly string[] | undefined;
  /** Messages of this time or later, milliseconds. */
  readonly from?: number | undefined;
  /** Messages before this time: what comes later is kept. */
  readonly until: number;
}

/** Whether a message falls under one of the rules. */
export function isForgotten(
  rules: readonly ForgetRule[] | undefined,
  { kind, chat, time }: Pick<Message, "kind" | "chat" | "time">,
): boolean {
  return (
    rules?.some((rule) => {
      const isInTime = time.sent >= (rule.from ?? -Infinity) && time.sent < rule.until;
      return isInTime && rule.kinds?.includes(kind) !== false && rule.chats?.includes(chat) !== false;
    }) === true
  );
}
