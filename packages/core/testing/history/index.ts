import type { ReadEvent } from "../../src/model/index.ts";
import { chatMessages } from "./messages.ts";
import { ownAccount, planHistory, platform, type HistoryOptions } from "./plan.ts";

export type { HistoryOptions } from "./plan.ts";

/**
 * A history that nobody lived, as a reader would yield it: the same for the same options, everywhere, and of any
 * length in the same memory. With `day2`, the same history a day later.
 */
// oxlint-disable-next-line typescript/require-await -- readers are asynchronous
export async function* madeHistory(options: HistoryOptions): AsyncGenerator<ReadEvent> {
  yield* historyEvents(options);
}

/** The events of `madeHistory`, for those who need not wait. */
export function* historyEvents(options: HistoryOptions): Generator<ReadEvent> {
  const plan = planHistory(options);
  yield {
    type: "source",
    source: { format: "made", formatVersion: "1", platform, own: ownAccount, generator: "keepsake testing" },
  };
  yield { type: "account", account: ownAccount };
  for (const chat of plan.chats) {
    if (chat.messages + chat.newMessages === 0) continue;
    yield { type: "chat", chat: chat.chat };
    for (const account of chat.people) if (account !== ownAccount) yield { type: "account", account };
    yield* chatMessages(plan, chat);
  }
}
