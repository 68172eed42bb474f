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
  /**
   * Made for the window of a plan: it fits no message of which nobody knows the time, and the next of its kind takes
   * its place.
   */
  readonly isWindow?: true | undefined;
}

/** Whether a message falls under one of the rules. */
export function isForgotten(
  rules: readonly ForgetRule[] | undefined,
  { kind, chat, time }: Pick<Message, "kind" | "chat" | "time">,
): boolean {
  return (
    rules?.some((rule) => {
      const isInTime = time.sent >= (rule.from ?? -Infinity) && time.sent < rule.until;
      if (rule.isWindow === true && time.precision === "none") return false;
      return isInTime && rule.kinds?.includes(kind) !== false && rule.chats?.includes(chat) !== false;
    }) === true
  );
}

/** What depends on windows is another where they are; empty for none. */
export function windowText(rules: readonly ForgetRule[] | undefined): string {
  const windows = (rules ?? []).filter(({ isWindow }) => isWindow === true);
  return windows.length === 0 ? "" : JSON.stringify(windows);
}

/** Whether backups leave something out because of a window. */
export function hasWindow({ root: { rules } }: Ruled): boolean {
  return windowsOf(rules).length > 0;
}

/** A history, as far as this takes it. */
interface Ruled {
  readonly root: { readonly rules?: readonly ForgetRule[] | undefined };
}

/** Windows that keep something out. */
export function windowsOf(rules: readonly ForgetRule[] = []): readonly ForgetRule[] {
  return rules.filter(({ isWindow, chats }) => isWindow === true && chats?.length !== 0);
}
