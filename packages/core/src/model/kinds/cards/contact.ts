import type { KindEntry } from "../kind.ts";

export interface ContactPayload {
  readonly name?: string;
  /** The account that the card names. */
  readonly account?: string;
  readonly phones?: readonly string[];
  readonly emails?: readonly string[];
  readonly vcard?: string;
  readonly note?: string;
}

export const contact: KindEntry<ContactPayload> = {
  label: { en: "Contact", zh: "名片" },
  check: ({ list, object, text }) =>
    object<ContactPayload>({
      name: text,
      account: text,
      phones: list(text),
      emails: list(text),
      vcard: text,
      note: text,
    }),
  texts: (payload) => [payload.name, ...(payload.phones ?? []), ...(payload.emails ?? []), payload.note],
};
