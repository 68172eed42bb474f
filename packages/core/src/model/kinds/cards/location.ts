import type { KindEntry } from "../kind.ts";

/** A place. Degrees are the source's own digits. */
export interface LocationPayload {
  readonly latitude?: string;
  readonly longitude?: string;
  readonly title?: string;
  readonly address?: string;
  readonly url?: string;
}

export const location: KindEntry<LocationPayload> = {
  label: { en: "Location", zh: "位置" },
  check: ({ object, text }) =>
    object<LocationPayload>({
      latitude: text,
      longitude: text,
      title: text,
      address: text,
      url: text,
    }),
  texts: (payload) => [payload.title, payload.address],
};
