import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { nodePrimitives } from "../../platform/node/index.ts";
import {
  canonicalText,
  checkMessage,
  compareMessages,
  type Message,
  type ReadEvent,
} from "../../model/index.ts";
import { memorySource, memoryTarget } from "../memory.ts";
import { isObject, parseOddJson } from "../json-values.ts";
import { chatlab } from "./index.ts";

const fixtures = join(import.meta.dirname, "fixtures");
const options = { primitives: nodePrimitives, now: 0, includeExpired: true };

async function collect(events: AsyncIterable<ReadEvent>): Promise<ReadEvent[]> {
  const list: ReadEvent[] = [];
  for await (const event of events) list.push(event);
  return list;
}

async function* stream(events: readonly ReadEvent[]): AsyncGenerator<ReadEvent> {
  yield* events;
}

function all(name: string, text: string | Uint8Array): Promise<ReadEvent[]> {
  return collect(chatlab.read(memorySource({ [name]: text })));
}

function messages(events: readonly ReadEvent[]): Message[] {
  return events.flatMap((event) => (event.type === "message" ? [event.message] : []));
}

/** The values of a file: of a document as it is, of lines each one. */
function values(name: string, text: string): unknown {
  if (name.endsWith(".json")) return parseOddJson(text);
  const lines = text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  return lines.map((line) => parseOddJson(line));
}

const valid = readdirSync(join(fixtures, "valid"));

test.each(valid)("%s comes back as it was written", async (name) => {
  const text = readFileSync(join(fixtures, "valid", name), "utf8");
  const events = await all(name, text);
  const target = memoryTarget();
  const report = await chatlab.write!(stream(events), target, options);
  expect(report).toMatchObject({ exact: true });
  const [[path, bytes] = ["", new Uint8Array()]] = target.written;
  const written = values(name, new TextDecoder().decode(bytes));
  expect(inTimeOrder(written)).toEqual(inTimeOrder(values(name, text)));
  expect(path).toMatch(name.endsWith("l") ? /^chat-0001\.jsonl$/ : /^chat-0001\.json$/);
});

/** Messages come back in canonical order, which may be better than the one that they came in. */
function inTimeOrder(value: unknown): unknown {
  const sorted = (list: readonly unknown[]): unknown[] =>
    list.toSorted((a, b) => (canonicalText(a) < canonicalText(b) ? -1 : 1));
  if (Array.isArray(value)) return sorted(value);
  return isObject(value) ? { ...value, messages: sorted(value["messages"] as unknown[]) } : value;
}

test.each(valid)("%s gives valid messages in order", async (name) => {
  const events = await all(name, readFileSync(join(fixtures, "valid", name)));
  const list = messages(events);
  for (const message of list)
    expect(checkMessage(message, { chat: "", sent: 0 })).toEqual({ message, findings: [] });
  expect(list).toEqual(list.toSorted(compareMessages));
});

const expected: Record<string, readonly string[]> = {
  "broken-message.json": ["chatlab.bad-member", "chatlab.bad-message", "chatlab.bad-message"],
  "lines.jsonl": [
    "chatlab.bad-message",
    "chatlab.bad-message",
    "chatlab.unknown-record",
    "chatlab.unknown-record",
  ],
  "no-group-id.json": ["chatlab.no-chat-id"],
  "truncated.json": ["chatlab.bad-member", "chatlab.bad-message", "chatlab.truncated"],
  "wrong-types.json": ["chatlab.no-chat-id"],
};

test("every invalid fixture has its expectation", () => {
  expect(readdirSync(join(fixtures, "invalid")).sort()).toEqual(Object.keys(expected).sort());
});

test.each(Object.entries(expected))("%s gives findings %j and every message", async (name, codes) => {
  const events = await all(name, readFileSync(join(fixtures, "invalid", name)));
  expect(events.flatMap((event) => (event.type === "finding" ? [event.finding.code] : []))).toEqual(codes);
  expect(messages(events).length).toBeGreaterThan(0);
  for (const message of messages(events))
    expect(checkMessage(message, { chat: "", sent: 0 })).toEqual({ message, findings: [] });
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
});

test("everything is understood", async () => {
  const events = await all("a.json", readFileSync(join(fixtures, "valid/everything.json")));
  expect(events[1]).toMatchObject({
    chat: {
      id: "qq:group:42",
      title: "群",
      avatar: { state: "present", mime: "image/png" },
      members: [{ account: "qq:uin:1", role: "owner", title: "群主甲" }, { role: "admin" }, {}],
    },
    avatarFile: { sizeBytes: 8 },
  });
  expect(new Set(messages(events).map(({ kind }) => kind))).toContain("redPacket");
  expect(messages(events).filter((message) => message.ordinal === 1)).toHaveLength(1);
});

test("in a chat between two the other side is found once it is known who the owner is", async () => {
  const source = memorySource({ "a.json": readFileSync(join(fixtures, "valid/private-0.0.1.json")) });
  const unknown = await collect(chatlab.read(source));
  expect(unknown[1]).toMatchObject({ chat: { id: "wechat:user:wxid_a wxid_b" } });
  const known = await collect(chatlab.read(source, { own: "wechat:wxid:wxid_a" }));
  expect(known[1]).toMatchObject({ chat: { id: "wechat:user:wxid_b:wechat%3Awxid%3Awxid_a" } });
});

test("version 0.0.1 leaves out what it does not have, and says so", async () => {
  const events = await all("a.json", readFileSync(join(fixtures, "valid/group.json")));
  const target = memoryTarget();
  const report = await chatlab.write!(stream(events), target, { ...options, variant: "json-0.0.1" });
  expect(report.dropped.map(({ what }) => what)).toEqual([
    "ownerId",
    "platformMessageId",
    "replyToMessageId",
    "roles",
  ]);
});

test("what is not ChatLab's is not mine", async () => {
  for (const text of ["", "{}", "[]", '{"messages":["chatlab\\": {"]}', '{"a":{"chatlab":{}}}', "\u0000"])
    expect(await chatlab.detect(memorySource({ "a.json": text }))).toBeNull();
});
