import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { KeepsakeError } from "../../base/index.ts";
import { nodePrimitives } from "../../platform/node/index.ts";
import { checkMessage, compareMessages, type Message, type ReadEvent } from "../../model/index.ts";
import { memorySource, memoryTarget } from "../memory.ts";
import { parseOddJson } from "../json-values.ts";
import { telegram } from "./index.ts";

const fixtures = join(import.meta.dirname, "fixtures");
const options = { primitives: nodePrimitives, now: 0, includeExpired: true };
const media = {
  "chats/chat_001/photos/photo_1@27-10-2024_02-37-00.jpg": "jpeg",
  "chats/chat_001/files/report (1).pdf": "pdf",
  "chats/chat_001/files/report (1).pdf_thumb.jpg": "th",
  "chats/chat_001/stickers/sticker (62).webp": "webp",
  "chats/chat_001/contacts/contact_1.vcard": "vcard",
  "profile_pictures/photo_1.jpg": "me",
};

async function collect(events: AsyncIterable<ReadEvent>): Promise<ReadEvent[]> {
  const list: ReadEvent[] = [];
  for await (const event of events) list.push(event);
  return list;
}

async function all(text: Uint8Array | string, files: Record<string, string> = {}): Promise<ReadEvent[]> {
  return collect(telegram.read(memorySource({ "result.json": text, ...files })));
}

function messages(events: readonly ReadEvent[]): Message[] {
  return events.flatMap((event) => (event.type === "message" ? [event.message] : []));
}

async function* stream(events: readonly ReadEvent[]): AsyncGenerator<ReadEvent> {
  yield* events;
}

test.each(readdirSync(join(fixtures, "valid")))("%s comes back as it was written", async (name) => {
  const text = readFileSync(join(fixtures, "valid", name), "utf8");
  const events = await all(text, media);
  const target = memoryTarget();
  const report = await telegram.write!(stream(events), target, options);
  expect(report).toMatchObject({ exact: true, changed: [], dropped: [] });
  const written = new TextDecoder().decode(target.written.get("result.json"));
  expect(sortedById(parseOddJson(written))).toEqual(sortedById(parseOddJson(text)));
  expect(await collect(telegram.read(target.source()))).toEqual(
    (await all(text, media)).map((event) => ({ ...event, ...anyFiles(event) })),
  );
});

/** Files are equal if they are in the same place and of the same size. */
function anyFiles(event: ReadEvent): object {
  const like = (file: object | undefined): unknown =>
    file && { ...file, open: expect.any(Function) as unknown };
  if (event.type === "message" && event.files !== undefined) return { files: event.files.map(like) };
  return event.type === "file" ? { file: like(event.file) } : {};
}

/** Messages are written in canonical order, which may be better than the one that they came in. */
function sortedById(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortedById);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([key, field]) => [key, sortedById(field)] as const);
  const object = Object.fromEntries(entries);
  const list = object["messages"];
  if (Array.isArray(list) && list.every((entry: { id?: number }) => typeof entry.id === "number"))
    list.sort((a: { id: number }, b: { id: number }) => a.id - b.id);
  return object;
}

test.each(readdirSync(join(fixtures, "valid")))("%s gives valid messages in order", async (name) => {
  const events = await all(readFileSync(join(fixtures, "valid", name)), media);
  for (const message of messages(events))
    expect(checkMessage(message, { chat: "", sent: 0 })).toEqual({ message, findings: [] });
  const chats = Map.groupBy(messages(events), (message) => message.chat);
  for (const list of chats.values()) expect(list).toEqual([...list].sort(compareMessages));
});

const expected: Record<string, readonly string[]> = {
  "bad-utf8.json": ["telegram.bad-message"],
  "broken-message.json": ["telegram.bad-message"],
  "missing-file.json": ["telegram.file-missing"],
  "no-id.json": ["telegram.no-chat-id"],
  "not-an-object.json": Array<string>(4).fill("telegram.bad-message"),
  "proto.json": [],
  "too-deep.json": ["telegram.bad-message"],
  "truncated.json": ["telegram.truncated", "telegram.bad-message"],
  "unsafe-path.json": ["telegram.unsafe-path"],
  "wrong-types.json": [],
};

test("every invalid fixture has its expectation", () => {
  expect(readdirSync(join(fixtures, "invalid")).sort()).toEqual(Object.keys(expected).sort());
});

test.each(Object.entries(expected))("%s gives findings %j and every message", async (name, codes) => {
  const events = await all(readFileSync(join(fixtures, "invalid", name)));
  const findings = events.flatMap((event) => (event.type === "finding" ? [event.finding.code] : []));
  expect(findings).toEqual(codes);
  expect(messages(events).length).toBeGreaterThan(0);
  for (const message of messages(events))
    expect(checkMessage(message, { chat: "", sent: 0 })).toEqual({ message, findings: [] });
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
});

test("the full fixture is understood", async () => {
  const events = await all(readFileSync(join(fixtures, "valid/full.json")), media);
  expect(events[0]).toMatchObject({ type: "source", source: { own: { id: "telegram:userId:1" } } });
  const kinds = Map.groupBy(messages(events), (message) => message.kind);
  expect([...kinds.keys()].sort()).toMatchInlineSnapshot(`
    [
      "audio",
      "call",
      "card",
      "contact",
      "file",
      "game",
      "image",
      "invoice",
      "liveLocation",
      "location",
      "poll",
      "sticker",
      "system",
      "text",
      "unknown",
      "video",
      "voice",
    ]
  `);
  expect(kinds.get("location")![0]!.payload).toEqual({ latitude: "31.230416", longitude: "121.4737010" });
  expect(kinds.get("text")![0]!.body).toEqual({ text: "hello\u0007 \\x41 你好 👋" });
  const old = messages(events).filter((message) => message.chat === "telegram:group:10");
  expect(old[0]).toMatchObject({ author: "telegram:userId:4", time: { zone: "floating" } });
  expect(old[0]!.editedAt).toBeUndefined();
  expect(old[1]).toMatchObject({ author: "telegram:userId:1", editedAt: Date.UTC(2019, 4, 2, 10) });
});

test("in a chat between two the owner is the one whom the chat is not with", async () => {
  const [source, chat] = await all(readFileSync(join(fixtures, "valid/single.json")));
  expect(source).toMatchObject({ source: { own: { id: "telegram:userId:5000000001" } } });
  expect(chat!.type === "chat" || chat!.type === "account").toBe(true);
});

test("what is no export of Telegram is not mine, and what breaks off before its messages is broken", async () => {
  const detect = (text: string): Promise<unknown> => telegram.detect(memorySource({ "result.json": text }));
  for (const text of ["", "[]", "{", "hello", '{"a":1}', '{"chatlab":{},"messages":[]}'])
    expect(await detect(text)).toBeNull();
  await expect(detect('{"name":"X","type":"private_group","id":1}')).rejects.toThrow(KeepsakeError);
  expect(await detect('{"name":"X","type":"private_group","id":1,"messages":[')).toMatchObject({
    confidence: 0.9,
  });
});
