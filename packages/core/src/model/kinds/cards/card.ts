import type { KindEntry } from "../kind.ts";

export interface CardField {
  readonly name?: string;
  readonly value: string;
}

/** A structured card of an app, a bot or a service; mail and announcements too. */
export interface CardPayload {
  /** The source's own name or number of the card's type. */
  readonly type?: string;
  readonly app?: string;
  readonly title?: string;
  readonly description?: string;
  readonly url?: string;
  readonly fields?: readonly CardField[];
}

function fieldTexts(entry: CardField): (string | undefined)[] {
  return [entry.name, entry.value];
}

export const card: KindEntry<CardPayload> = {
  label: { en: "Card", zh: "卡片" },
  check({ list, must, object, text }) {
    const field = object<CardField>({ name: text, value: must(text) });
    return object<CardPayload>({
      type: text,
      app: text,
      title: text,
      description: text,
      url: text,
      fields: list(field),
    });
  },
  texts: (payload) => [
    payload.title,
    payload.description,
    payload.app,
    ...(payload.fields ?? []).flatMap(fieldTexts),
  ],
};
