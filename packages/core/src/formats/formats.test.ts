import { expect, test } from "vitest";
import { madeHistory } from "../../testing/history/index.ts";
import { testPrimitives } from "../../testing/primitives.ts";
import { checkMessage, compareMessages, type Message, type ReadEvent } from "../model/index.ts";
import { formatName } from "../model/format-names.ts";
import { detectFormat, formats, memorySource, memoryTarget, sourceStamps, type Format } from "./index.ts";

const primitives = await testPrimitives();

async function read(format: Format, source: Parameters<Format["read"]>[0]): Promise<ReadEvent[]> {
  const list: ReadEvent[] = [];
  for await (const event of format.read(source)) list.push(event);
  return list;
}

async function* stream(events: readonly ReadEvent[]): AsyncGenerator<ReadEvent> {
  yield* events;
}

const writable = formats
  .filter((format) => format.write !== undefined)
  .map((format) => [format.id, format] as const);

test.each(formats.map(({ id }) => id))("%s has a name of its own in both languages", (id) => {
  const { en, zh } = formatName(id);
  expect([en === id, zh === id, /\p{Script=Han}/u.test(zh)]).toEqual([false, false, true]);
});

test.each(writable)("%s holds a history of another origin, and says what it loses", async (id, format) => {
  const target = memoryTarget();
  const made = madeHistory({ seed: 3, messages: 400, attachmentBytes: 100_000 });
  const report = await format.write!(made, target, { primitives, now: 0 });
  expect(report.counts.messages).toBe(400);
  expect(report.exact).toBe(id === "jsonl");
  expect((await detectFormat(target.source(), formats)).format).toBe(id);
  const events = await read(format, target.source());
  const messages = events.flatMap((event) => (event.type === "message" ? [event.message] : []));
  expect(messages).toHaveLength(400);
  for (const message of messages)
    expect(checkMessage(message, { chat: "", sent: 0 })).toEqual({ message, findings: [] });
  for (const chat of Map.groupBy(messages, (message: Message) => message.chat).values())
    expect(chat).toEqual(chat.toSorted(compareMessages));
});

test.each(writable)("%s written from what %s itself read is exact", async (_, format) => {
  const first = memoryTarget();
  await format.write!(madeHistory({ seed: 4, messages: 300, attachmentBytes: 50_000 }), first, {
    primitives,
    now: 0,
  });
  const events = await read(format, first.source());
  const second = memoryTarget();
  const report = await format.write!(stream(events), second, { primitives, now: 0 });
  expect(report).toMatchObject({ exact: true, changed: [], dropped: [] });
  const again = await read(format, second.source());
  expect(JSON.stringify(again)).toBe(JSON.stringify(events));
});

test.each(writable)("%s reads the same twice", async (_, format) => {
  const target = memoryTarget();
  await format.write!(madeHistory({ seed: 5, messages: 50 }), target, { primitives, now: 0 });
  expect(JSON.stringify(await read(format, target.source()))).toBe(
    JSON.stringify(await read(format, target.source())),
  );
});

test("what no format knows is unknown, and what one knows broken is said to be broken", async () => {
  await expect(detectFormat(memorySource({ "a.txt": "hello" }), formats)).rejects.toMatchObject({
    code: "format.unknown",
  });
  const broken = memorySource({ "result.json": '{"name":"X","type":"private_group","id":1}' });
  await expect(detectFormat(broken, formats)).rejects.toMatchObject({ code: "format.damaged" });
});

test("stamps come in order of path", async () => {
  const paths: string[] = [];
  for await (const stamp of sourceStamps(memorySource({ b: "1", "a/c": "22", "a.x": "" })))
    paths.push(stamp.path);
  expect(paths).toEqual(["a.x", "a/c", "b"]);
});
