import { expect, test } from "vitest";
import type { Message } from "../../model/index.ts";
import { encodeTable, SharedRoom } from "../../vault/index.ts";
import { LANES } from "../rows/row.ts";
import type { Segment } from "../rows/segment.ts";
import { rowLanes } from "../rows/write-segment.ts";
import { Shared } from "./columns.ts";
import { BlockWriter } from "./text-block.ts";
import { ColumnLines, writeMessage } from "./text-lines.ts";

const file = { state: "omitted", mediaType: "audio/ogg" };
const contents = [
  { kind: "text", body: { text: "早上好" } },
  { kind: "voice", attachments: [{ ...file, transcript: "在路上" }] },
  { kind: "file", attachments: [{ ...file, fileName: "a.pdf", caption: "合同" }], body: { text: "看" } },
  { kind: "image", attachments: [{ ...file, role: "old", fileName: "gone.jpg" }] },
  { kind: "image", attachments: [{ ...file, role: "quoted", caption: "not said here" }] },
  {
    kind: "image",
    attachments: [
      { ...file, fileName: "1.jpg" },
      { ...file, role: "old", fileName: "2.jpg" },
    ],
  },
  { kind: "image", attachments: [file] },
  {
    kind: "link",
    payload: { title: "题", url: "https://example.org" },
    body: { text: "https://example.org" },
  },
  { kind: "sticker", payload: { id: "7" }, attachments: [file] },
];
const messages = contents.map((content, i) => {
  return { chat: "a:b:c", time: { sent: i, precision: "s" }, ...content } as unknown as Message;
});

test("columns give the texts that the messages themselves give, in their order", () => {
  const rows = messages.map((message, leaf) => ({ message, run: "r", leaf }));
  const lanes = encodeTable(rows as never, rowLanes, LANES).map(({ bytes }) => bytes);
  const shared = new Shared();
  const lines = ColumnLines.of({ rows: rows.length } as Segment, lanes, shared);
  expect(lines).toBeInstanceOf(ColumnLines);
  const [fromColumns, fromMessages] = [new BlockWriter(), new BlockWriter()];
  (lines as ColumnLines).write(fromColumns, 0, rows.length);
  for (const message of messages) writeMessage(fromMessages, shared, message);
  const about = { collection: "c", chat: "a:b:c" };
  const block = fromColumns.finish(about);
  expect(block).toEqual(fromMessages.finish(about));
  expect(block.folded.split("\u0000")).toEqual([
    "早上好",
    "在路上",
    "看",
    "合同",
    "a.pdf",
    "1.jpg",
    "https://example.org",
    "题",
    "https://example.org",
    "",
  ]);
});

test("what lay in a room does not show in what lies there next", () => {
  const about = { collection: "c", chat: "a:b:c" };
  const lanesOf = (some: readonly Message[]): Uint8Array<ArrayBuffer>[] => {
    const rows = some.map((message, leaf) => ({ message, run: "r", leaf }));
    return encodeTable(rows as never, rowLanes, LANES).map(({ bytes }) => bytes.slice());
  };
  const blockOf = (some: readonly Message[], room: SharedRoom): unknown => {
    const lines = ColumnLines.of({ rows: some.length } as Segment, lanesOf(some), new Shared(), room);
    const writer = new BlockWriter();
    (lines as ColumnLines).write(writer, 0, some.length);
    const block = writer.finish(about);
    expect((lines as ColumnLines).release()).toBe(room);
    return block;
  };
  const room = new SharedRoom();
  for (let count = messages.length; count > 0; count--) {
    const some = messages.slice(-count);
    expect(blockOf(some, room)).toEqual(blockOf(some, new SharedRoom()));
  }
});
