import { historyAt, type History, type Selection } from "@keepsake/core/history";
import { kinds } from "@keepsake/core/model";
import type { Context } from "../../context.ts";
import { chatsNamed } from "../titles.ts";

/** The version that was asked for, or the newest. */
export async function historyAsked({ input }: Context, newest: History): Promise<History> {
  const number = input.number("snapshot", 1);
  return number === undefined ? newest : historyAt(newest, number);
}

/** What of a history is to come out. */
export async function selectionFrom({ input }: Context, history: History): Promise<Selection> {
  const named = await chatsNamed(history, input.list("chat"));
  return {
    chats: named?.map(({ id }) => id),
    from: input.time("from"),
    until: input.time("until"),
    kinds: input.someOf("kind", messageKinds),
    includeExpired: input.flag("includeExpired"),
  };
}

/** Kinds of message that there are. */
export const messageKinds: readonly string[] = Object.keys(kinds);
