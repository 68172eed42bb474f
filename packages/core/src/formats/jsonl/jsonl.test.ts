import fc from "fast-check";
import { expect, test } from "vitest";
import { textToBytes } from "../../base/index.ts";
import { checkMessage, type JsonValue, type Message, type ReadEvent } from "../../model/index.ts";
import { madeHistory } from "../../../testing/history/index.ts";
import { testPrimitives } from "../../../testing/primitives.ts";
import { memoryFile, memorySource, memoryTarget } from "../memory.ts";
import { readBytes } from "../source.ts";
import { jsonl } from "./index.ts";

const options = { primitives: await testPrimitives(), now: 0, includeExpired: true };

async function collect(events: AsyncIterable<ReadEvent>): Promise<ReadEvent[]> {
  const list: ReadEvent[] = [];
  for await (const event of events) list.push(event);
  return list;
}

async function* stream(events: readonly ReadEvent[]): AsyncGenerator<ReadEvent> {
  yield* events;
}

/** An event with the bytes of its files in place of the files. */
async function withBytes(event: ReadEvent): Promise<unknown> {
  if (event.type === "message" && event.files !== undefined) {
    const bytes: unknown[] = [];
    for (const file of event.files) bytes.push(file && (await readBytes(file, 1e9)));
    return { ...event, files: bytes };
  }
  return event.type === "file" ? { ...event, file: await readBytes(event.file, 1e9) } : event;
}

test("what is written comes back, files included", async () => {
  const events = await collect(madeHistory({ seed: 1, messages: 300, attachmentBytes: 200_000 }));
  const target = memoryTarget();
  const report = await jsonl.write!(stream(events), target, options);
  expect(report).toMatchObject({ exact: true, counts: { messages: 300 } });
  expect(await jsonl.detect(target.source())).toMatchObject({ format: "jsonl", version: "1", confidence: 1 });
  const back = await collect(jsonl.read(target.source()));
  expect(await Promise.all(back.map(withBytes))).toEqual(await Promise.all(events.map(withBytes)));
});

/** As JSON has it: without a negative zero. */
function asParsed(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value)) as unknown;
}

test("any message comes back, with fields that nobody knows", async () => {
  const anyMessage = fc
    .tuple(fc.jsonValue({ maxDepth: 4 }), fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 3 })))
    .map(([body, rest]) => checkMessage(asParsed({ ...rest, body }), { chat: "a:b:c", sent: 5 }).message);
  await fc.assert(
    fc.asyncProperty(fc.array(anyMessage, { maxLength: 5 }), async (messages) => {
      const events = [source, chat, ...messages.map((message) => ({ type: "message", message }) as const)];
      const target = memoryTarget();
      await jsonl.write!(stream(events), target, options);
      expect(await collect(jsonl.read(target.source()))).toEqual(events);
    }),
    { numRuns: 100 },
  );
});

const source: ReadEvent = {
  type: "source",
  source: { format: "made", platform: "a", residue: { x: [1, null] } },
};
const chat: ReadEvent = { type: "chat", chat: { id: "a:b:c", platform: "a", kind: "direct" } };
const message: Message = {
  chat: "a:b:c",
  kind: "text",
  body: { text: "once" },
  time: { sent: 1, precision: "s", zone: "utc" },
};

test("what was to be seen once, or is past its time, is a place only, unless it is asked for", async () => {
  const once: Message = {
    ...message,
    attachments: [{ state: "present", viewOnce: true }],
    raw: { mediaType: "x" },
  };
  const past: Message = { ...message, ephemeral: { expiresAt: 5 } };
  const file = memoryFile("a", "secret");
  const events = [
    source,
    chat,
    { type: "message", message: once, files: [file] },
    { type: "message", message: past },
  ];
  const target = memoryTarget();
  const asked = { ...options, includeExpired: false, now: 5 };
  const report = await jsonl.write!(stream(events as ReadEvent[]), target, asked);
  expect(report.dropped).toEqual([{ what: "expired or seen once", count: 2 }]);
  expect([...target.written.keys()]).toEqual(["history.jsonl"]);
  const text = new TextDecoder().decode(target.written.get("history.jsonl"));
  expect(text).not.toMatch(/once"}|secret/);
  const [, , first] = await collect(jsonl.read(target.source()));
  expect(first).toMatchObject({ message: { kind: "deleted", deletion: { state: "expired" } } });
});

test("fields beside the message, such as where it was seen, are kept", async () => {
  const provenance: JsonValue = [{ source: "1", run: "2" }];
  const events = [source, chat, { type: "message", message, provenance } as ReadEvent];
  const target = memoryTarget();
  await jsonl.write!(stream(events), target, options);
  expect(await collect(jsonl.read(target.source()))).toEqual(events);
});

const header = '{"format":"keepsake.jsonl","type":"header","version":1}\n';
const chatLine = '{"type":"chat","chat":{"id":"a:b:c","platform":"a","kind":"direct"}}\n';
const said =
  '{"type":"message","message":{"chat":"a:b:c","kind":"text","body":{"text":"a"},"time":{"sent":1,"precision":"s","zone":"utc"}}}\n';

async function codes(text: string | Uint8Array): Promise<string[]> {
  const events = await collect(jsonl.read(memorySource({ "history.jsonl": text })));
  return events.flatMap((event) => (event.type === "finding" ? [event.finding.code] : []));
}

test("a file that ends in the middle of a line is read up to there, with a finding", async () => {
  expect(await codes(header + chatLine + said + said.slice(0, 40))).toEqual(["jsonl.truncated"]);
});

test.each([
  ["a line that is no JSON", "{\n", "jsonl.bad-line"],
  ["a record that nobody knows", '{"type":"later"}\n', "jsonl.unknown-record"],
  ["a chat without id", '{"type":"chat","chat":{}}\n', "jsonl.bad-record"],
  ["a source that is none", '{"type":"source","source":5}\n', "jsonl.bad-record"],
  ["a message that is none", '{"type":"message","message":5}\n', "model.wrong-type"],
  [
    "a file that is not there",
    said.replace("}\n", ',"files":[{"path":"attachments/00/0"}]}\n'),
    "jsonl.file-missing",
  ],
  ["a path that leads out", said.replace("}\n", ',"files":[{"path":"../a"}]}\n'), "jsonl.unsafe-path"],
])("%s is a finding, and what follows is read", async (_, line, code) => {
  const count = line.includes('"message":') ? 2 : 1;
  const end = `{"type":"end","chats":1,"messages":${count},"attachments":0}\n`;
  expect(await codes(header + chatLine + line + said + end)).toEqual([code]);
});

test("bytes that are no UTF-8 are a finding", async () => {
  const bytes = textToBytes(header + chatLine + said + '{"type":"end","messages":1}\n');
  bytes[bytes.indexOf(0x61, header.length + chatLine.length + 60)] = 0xff;
  expect(await codes(bytes)).toContain("jsonl.bad-utf8");
});

test("a newer version is refused, and what is no export of ours is not mine", async () => {
  const newer = memorySource({ "h.jsonl": header.replace('"version":1', '"version":2') });
  await expect(collect(jsonl.read(newer))).rejects.toMatchObject({ code: "format.newer-version" });
  for (const text of ["", "{}\n", "[1]\n", "{", '{"type":"header"}\n'])
    expect(await jsonl.detect(memorySource({ "h.jsonl": text }))).toBeNull();
});
