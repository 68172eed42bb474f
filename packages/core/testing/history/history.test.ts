import { expect, test } from "vitest";
import { testPrimitives } from "../primitives.ts";
import { bytesToHex, concatBytes, type Bytes } from "../../src/base/index.ts";
import {
  canonicalText,
  checkMessage,
  compareMessages,
  type Message,
  type ReadEvent,
} from "../../src/model/index.ts";
import { historyEvents, madeHistory, type HistoryOptions } from "./index.ts";

type MessageEvent = Extract<ReadEvent, { type: "message" }>;

const small: HistoryOptions = { seed: "a", messages: 4000, attachmentBytes: 3_000_000 };

function messagesOf(options: HistoryOptions): MessageEvent[] {
  return [...historyEvents(options)].filter((event) => event.type === "message");
}

async function bytesOf(chunks: AsyncIterable<Bytes>): Promise<Bytes> {
  const all: Bytes[] = [];
  for await (const chunk of chunks) all.push(chunk);
  return concatBytes(...all);
}

test("the same seed gives the same history, another seed another one", async () => {
  const events: ReadEvent[] = [];
  for await (const event of madeHistory(small)) events.push(event);
  const text = JSON.stringify(events);
  expect(JSON.stringify([...historyEvents(small)])).toBe(text);
  expect(JSON.stringify([...historyEvents({ ...small, seed: "b" })])).not.toBe(text);
});

test.each([1, 10, 333, 4000])("a history of %d messages has so many", (messages) => {
  expect(messagesOf({ seed: 1, messages }).length).toBe(messages);
});

test("messages follow their chat and its accounts, in canonical order, within the years", () => {
  const accounts = new Set<string>();
  let chat = "";
  let last: Message | undefined;
  const violations: string[] = [];
  for (const event of historyEvents(small)) {
    if (event.type === "account") accounts.add(event.account.id);
    if (event.type === "chat") [chat, last] = [event.chat.id, undefined];
    if (event.type !== "message") continue;
    const { message } = event;
    if (message.chat !== chat) violations.push("another chat");
    if (message.author !== undefined && !accounts.has(message.author)) violations.push("unknown author");
    if (last !== undefined && compareMessages(last, message) >= 0) violations.push("out of order");
    if (message.time.sent < Date.UTC(2021, 0, 1)) violations.push("too early");
    if (message.time.sent > Date.UTC(2026, 0, 3)) violations.push("too late");
    last = message;
  }
  expect(violations).toEqual([]);
});

test("every message passes validation as it is", () => {
  for (const { message } of messagesOf(small)) {
    expect(checkMessage(message, { chat: "", sent: 0 })).toEqual({ message, findings: [] });
  }
});

test("the mix is that of a real history", () => {
  const events = [...historyEvents({ seed: 2, messages: 30_000 })];
  const share = (test: (event: ReadEvent) => boolean): number => events.filter(test).length;
  expect(
    share((e) => e.type === "message" && e.message.kind === "text" && !e.message.reply) / 30_000,
  ).toBeCloseTo(0.655, 1);
  expect(share((e) => e.type === "message" && e.message.kind === "image") / 30_000).toBeCloseTo(0.066, 1);
  const groups = share((e) => e.type === "chat" && e.chat.kind === "group");
  expect(groups / share((e) => e.type === "chat")).toBeCloseTo(0.42, 0);
});

test("files hold what they say, a fifth of them what another one holds, and together what was asked for", async () => {
  const primitives = await testPrimitives();
  const files = messagesOf(small).flatMap((event) => event.files ?? []);
  const digests = new Map<string, number>();
  let total = 0;
  for (const file of files) {
    const bytes = await bytesOf(file!.open());
    expect(bytes.length).toBe(file!.sizeBytes);
    total += bytes.length;
    const digest = bytesToHex(primitives.sha256(bytes));
    digests.set(digest, (digests.get(digest) ?? 0) + 1);
  }
  expect(total / 3_000_000).toBeGreaterThan(0.6);
  expect(total / 3_000_000).toBeLessThan(1.6);
  const repeated = files.length - digests.size;
  expect(repeated / files.length).toBeGreaterThan(0.12);
  expect(repeated / files.length).toBeLessThan(0.25);
});

test("a range of a file is that part of it", async () => {
  const [event] = messagesOf({ seed: 5, messages: 200, chats: 1, attachmentBytes: 40_000_000 }).filter(
    ({ files }) => (files?.[0]?.sizeBytes ?? 0) > 200_000,
  );
  const file = event!.files![0]!;
  const whole = await bytesOf(file.open());
  expect(await bytesOf(file.open({ start: 65_000, end: 140_001 }))).toEqual(whole.slice(65_000, 140_001));
  expect(await bytesOf(file.open({ start: 199_999 }))).toEqual(whole.slice(199_999));
});

test("without attachment bytes no file is there, and the messages say so", () => {
  const events = messagesOf({ seed: 3, messages: 500 });
  expect(events.every((event) => event.files === undefined)).toBe(true);
  const states = events.flatMap(({ message }) => (message.attachments ?? []).map((one) => one.state));
  expect(new Set(states)).toEqual(new Set(["omitted"]));
});

test("the second day is the first, with news, thirty revoked and twenty gone", () => {
  const byId = (events: MessageEvent[]): Map<string, Message> =>
    new Map(events.map(({ message }) => [`${message.chat} ${message.nativeIds![0]!.value}`, message]));
  const first = byId(messagesOf(small));
  const second = byId(messagesOf({ ...small, day2: { messages: 250 } }));
  const news = [...second.keys()].filter((id) => !first.has(id));
  const gone = [...first.keys()].filter((id) => !second.has(id));
  const changed = [...second].filter(
    ([id, now]) => first.has(id) && canonicalText(first.get(id)) !== canonicalText(now),
  );
  expect([news.length, gone.length]).toEqual([250, 20]);
  expect(changed.every(([, message]) => message.deletion?.state === "revokedBySender")).toBe(true);
  expect(changed.length).toBe(30);
});
