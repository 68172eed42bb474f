import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { KeepsakeError } from "../../base/index.ts";
import { folderSource, nodePrimitives } from "../../platform/node/index.ts";
import type { ReadEvent } from "../../model/index.ts";
import { memorySource, memoryTarget } from "../memory.ts";
import { jsonl } from "./index.ts";

const fixtures = join(import.meta.dirname, "fixtures");

test("an export of version 1 is read for ever, and written as it was, byte for byte", async () => {
  const source = await folderSource(join(fixtures, "valid"));
  const target = memoryTarget();
  await jsonl.write!(jsonl.read(source), target, {
    primitives: nodePrimitives,
    now: 0,
    includeExpired: true,
  });
  const paths: string[] = [];
  for await (const file of source.files()) paths.push(file.path);
  expect([...target.written.keys()].sort()).toEqual(paths);
  for (const path of paths.filter((each) => each.startsWith("attachments/")))
    expect(target.written.get(path)).toEqual(new Uint8Array(readFileSync(join(fixtures, "valid", path))));
  expect(withoutTimes(new TextDecoder().decode(target.written.get("history.jsonl")))).toBe(
    withoutTimes(readFileSync(join(fixtures, "valid/history.jsonl"), "utf8")),
  );
});

/** A checkout gives files new times. */
function withoutTimes(text: string): string {
  return text.replaceAll(/"modifiedMs":\d+,/g, "");
}

const expected: Record<string, readonly string[]> = {
  "broken.jsonl": [
    "jsonl.bad-line",
    "model.wrong-type",
    "model.wrong-type",
    "model.missing",
    "jsonl.unsafe-path",
    "jsonl.unsafe-path",
    "jsonl.file-missing",
    "jsonl.file-missing",
    "jsonl.unknown-record",
    "jsonl.count",
    "jsonl.truncated",
  ],
  "newer.jsonl": ["format.newer-version"],
  "truncated.jsonl": ["jsonl.file-missing", "jsonl.truncated"],
};

test("every invalid fixture has its expectation", () => {
  expect(readdirSync(join(fixtures, "invalid")).sort()).toEqual(Object.keys(expected).sort());
});

test.each(Object.entries(expected))("%s gives %j", async (name, codes) => {
  const found: string[] = [];
  try {
    const text = readFileSync(join(fixtures, "invalid", name));
    for await (const event of jsonl.read(memorySource({ "h.jsonl": text })) as AsyncIterable<ReadEvent>)
      if (event.type === "finding") found.push(event.finding.code);
  } catch (error) {
    if (!KeepsakeError.is(error)) throw error;
    found.push(error.code);
  }
  expect(found).toEqual(codes);
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
});
