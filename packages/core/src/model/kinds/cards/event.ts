import type { KindEntry } from "../kind.ts";

/** An invitation to something with a date. */
export interface EventPayload {
  readonly title?: string;
  readonly description?: string;
  readonly place?: string;
  readonly startsAt?: number;
  readonly endsAt?: number;
  readonly url?: string;
  readonly cancelled?: boolean;
}

export const event: KindEntry<EventPayload> = {
  label: { en: "Event", zh: "日程" },
  check: ({ flag, integer, object, text }) =>
    object<EventPayload>({
      title: text,
      description: text,
      place: text,
      startsAt: integer,
      endsAt: integer,
      url: text,
      cancelled: flag,
    }),
  texts: (payload) => [payload.title, payload.description, payload.place],
};
