import type { Check } from "../check/check.ts";
import type { Checks } from "../check/checks.ts";
import type { JsonObject } from "../json.ts";

/** A few words in each language that Keepsake speaks. */
export interface Label {
  readonly en: string;
  readonly zh: string;
}

/** What there is to know of one kind of message. */
export interface KindEntry<P extends object> {
  /** What stands for the message where there is no text of it. */
  readonly label: Label;
  /** How its payload is checked. */
  readonly check: (checks: Checks) => Check;
  /** The texts in a payload that are searched and shown, the most telling first. */
  texts(payload: P): readonly (string | undefined)[];
}

/** A kind that has no payload of its own. */
export function plainKind(label: Label): KindEntry<JsonObject> {
  return { label, check: ({ jsonObject }) => jsonObject, texts: () => [] };
}
