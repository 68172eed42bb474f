import { count, flag, integer, jsonObject, list, must, oneOf, text, type Check } from "./check.ts";
import { object } from "./object.ts";
import { reactor } from "./parts.ts";

/** What the payload of a kind is checked with. Kinds are handed it: who only shows messages loads none of it. */
export interface Checks {
  readonly count: Check;
  readonly flag: Check;
  readonly integer: Check;
  readonly jsonObject: Check;
  readonly list: typeof list;
  readonly must: typeof must;
  readonly object: typeof object;
  readonly oneOf: typeof oneOf;
  readonly reactor: Check;
  readonly text: Check;
}

export const checks: Checks = {
  count,
  flag,
  integer,
  jsonObject,
  list,
  must,
  object,
  oneOf,
  reactor,
  text,
};
