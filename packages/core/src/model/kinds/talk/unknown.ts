import type { KindEntry } from "../kind.ts";

/** What the reader did not understand; `raw` holds it. */
export interface UnknownPayload {
  /** The source's own name or number of the type. */
  readonly sourceType?: string;
}

export const unknown: KindEntry<UnknownPayload> = {
  label: { en: "Message of an unknown kind", zh: "未知类型的消息" },
  check: ({ object, text }) =>
    object<UnknownPayload>({
      sourceType: text,
    }),
  texts: (payload) => [payload.sourceType],
};
