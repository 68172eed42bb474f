import { count, flag, list, must, text, type Check } from "../../check/check.ts";
import { object } from "../../check/object.ts";
import { reactor } from "../../check/parts.ts";
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

const option: Check = object<PollOption>({
  text: must(text),
  votes: count,
  chosen: flag,
  by: list(reactor),
});

export const poll: KindEntry<PollPayload> = {
  label: { en: "Poll", zh: "投票" },
  check: object<PollPayload>({
    question: must(text, ""),
    options: must(list(option), []),
    closed: flag,
    voters: count,
    multiple: flag,
    anonymous: flag,
  }),
  texts: (payload) => [payload.question, ...payload.options.map((entry) => entry.text)],
};
