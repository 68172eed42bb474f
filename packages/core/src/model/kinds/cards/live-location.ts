import type { KindEntry } from "../kind.ts";
import type { LocationPayload } from "./location.ts";

export interface LiveLocationPayload extends LocationPayload {
  readonly periodMs?: number;
  readonly endedAt?: number;
}

export const liveLocation: KindEntry<LiveLocationPayload> = {
  label: { en: "Live location", zh: "实时位置" },
  check: ({ count, integer, object, text }) =>
    object<LiveLocationPayload>({
      latitude: text,
      longitude: text,
      title: text,
      address: text,
      url: text,
      periodMs: count,
      endedAt: integer,
    }),
  texts: (payload) => [payload.title, payload.address],
};
