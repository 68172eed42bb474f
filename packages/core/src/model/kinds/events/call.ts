import type { KindEntry } from "../kind.ts";

export type CallResult = "answered" | "missed" | "declined" | "busy" | "cancelled" | "failed" | "ongoing";

export interface CallPayload {
  readonly media?: "voice" | "video";
  readonly group?: boolean;
  readonly result?: CallResult;
  readonly durationMs?: number;
  readonly participants?: readonly string[];
}

export const call: KindEntry<CallPayload> = {
  label: { en: "Call", zh: "通话" },
  check: ({ count, flag, list, object, oneOf, text }) =>
    object<CallPayload>({
      media: oneOf("voice", "video"),
      group: flag,
      result: oneOf("answered", "missed", "declined", "busy", "cancelled", "failed", "ongoing"),
      durationMs: count,
      participants: list(text),
    }),
  texts: () => [],
};
