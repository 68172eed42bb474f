import { expect, test } from "vitest";
import { kinds } from "../../model/index.ts";
import { SILENT_FIELDS } from "./text-lines.ts";

test.each(Object.entries(kinds))("%s is found by no field that is left out", (_, entry) => {
  const asked = new Set<unknown>();
  const payload = new Proxy({}, { get: (_target, name) => (asked.add(name), []) });
  entry.texts(payload as never);
  expect([...asked].filter((name) => SILENT_FIELDS.includes(name as string))).toEqual([]);
});
