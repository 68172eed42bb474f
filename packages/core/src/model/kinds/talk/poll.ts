import type { KindEntry } from "../kind.ts";
import type { Reactor } from "../../parts/marks.ts";

export interface PollOption {
  readonly text: string;
  readonly votes?: number;
  /** Whether the owner chose it. */
  readonly chosen?: boolean;
  readonly by?: readonly Reactor[];
}

export interface PollPayload {
  readonly question: string;
  readonly options: readonly PollOption[];
  readonly closed?: boolean;
  readonly voters?: number;
  readonly multiple?: boolean;
  readonly anonymous?: boolean;
}

export const poll: KindEntry<PollPayload> = {
  label: { en: "Poll", zh: "投票" },
  check({ count, flag, list, must, object, reactor, text }) {
    const option = object<PollOption>({
      text: must(text),
      votes: count,
      chosen: flag,
      by: list(reactor),
    });
    return object<PollPayload>({
      question: must(text, ""),
      options: must(list(option), []),
      closed: flag,
      voters: count,
      multiple: flag,
      anonymous: flag,
    });
  },
  texts: (payload) => [payload.question, ...payload.options.map((entry) => entry.text)],
};
