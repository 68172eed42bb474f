import type { Chat, ChatKind, Message } from "../../model/index.ts";

/**
 * What backups leave out from now on, whatever source it comes from: all that every part of the choice fits. What the
 * vault holds already stays. Kept sealed in the root.
 */
export interface Choice {
  /** What a person names it by: 4 random bytes in hex. */
  readonly id: string;
  /** Whether messages are left out, or their files alone. */
  readonly what: "messages" | "files";
  /** Chats by id. */
  readonly chats?: readonly string[] | undefined;
  readonly chatKinds?: readonly (ChatKind | (string & {}))[] | undefined;
  /** Kinds of message. */
  readonly kinds?: readonly string[] | undefined;
  /** Messages of this time or later, milliseconds. */
  readonly from?: number | undefined;
  /** Messages before this time. */
  readonly until?: number | undefined;
  /** Files of more bytes than this. */
  readonly overBytes?: number | undefined;
}

/** What a vault says of choices. */
export interface Chosen {
  /** What backups leave out; absent if nothing. */
  readonly choices?: readonly Choice[] | undefined;
  /** Ids of choices that were removed, so that no copy brings them back; absent if none were. */
  readonly removedChoices?: readonly string[] | undefined;
}

/** These choices and no others, in place of those before. */
export function chosenAnew(before: Chosen, choices: readonly Choice[]): Chosen {
  const known = [...(before.removedChoices ?? []), ...(before.choices ?? []).map(({ id }) => id)];
  const removed = new Set(known);
  for (const { id } of choices) removed.delete(id);
  return { choices, ...(known.length > 0 && { removedChoices: [...removed] }) };
}

/** What either of two copies leaves out. What one has removed, the other does not bring back. */
export function joinChosen(ours: Chosen, theirs: Chosen): Chosen {
  const removed = new Set([...(ours.removedChoices ?? []), ...(theirs.removedChoices ?? [])]);
  const all = [...(theirs.choices ?? []), ...(ours.choices ?? [])];
  const choices = new Map(all.map((choice) => [choice.id, choice]));
  for (const id of removed) choices.delete(id);
  return {
    ...(all.length > 0 && { choices: [...choices.values()] }),
    ...(removed.size > 0 && { removedChoices: [...removed] }),
  };
}

/** What a choice has left out of a source. */
export interface LeftOut {
  readonly choice: string;
  readonly messages: number;
  readonly files: number;
  readonly bytes: number;
}

/** Whether a choice is of a chat. */
export function isOfChat({ chats, chatKinds }: Choice, { id, kind }: Pick<Chat, "id" | "kind">): boolean {
  return chats?.includes(id) !== false && chatKinds?.includes(kind) !== false;
}

/** Whether a choice of its chat is of a message. One of which nobody knows the time is of no span of time. */
export function isOfMessage(
  { kinds, from, until }: Choice,
  { kind, time }: Pick<Message, "kind" | "time">,
): boolean {
  if (kinds?.includes(kind) === false) return false;
  if (from === undefined && until === undefined) return true;
  return time.precision !== "none" && time.sent >= (from ?? -Infinity) && time.sent < (until ?? Infinity);
}

/** Whether a choice of a chat is of all its messages. */
export function isOfWholeChat(choice: Choice, chat: Pick<Chat, "id" | "kind">): boolean {
  const { what, kinds, from, until } = choice;
  const isAll = [kinds, from, until].every((part) => part === undefined);
  return what === "messages" && isAll && isOfChat(choice, chat);
}

/** What depends on choices is another where they are; empty for none. */
export function choicesText(choices: readonly Choice[] | undefined): string {
  const list = (choices ?? []).toSorted((a, b) => (a.id < b.id ? -1 : 1));
  return list.length === 0 ? "" : JSON.stringify(list);
}

/** What was left out, each choice once. */
export function sumLeftOut(counts: readonly LeftOut[]): LeftOut[] {
  const sums = new Map<string, LeftOut>();
  for (const { choice, messages, files, bytes } of counts) {
    const sum = sums.get(choice) ?? { choice, messages: 0, files: 0, bytes: 0 };
    sums.set(choice, {
      choice,
      messages: sum.messages + messages,
      files: sum.files + files,
      bytes: sum.bytes + bytes,
    });
  }
  return [...sums.values()];
}
