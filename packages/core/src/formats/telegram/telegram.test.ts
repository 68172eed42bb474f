import fc from "fast-check";
import { expect, test } from "vitest";
import { bytesToText, concatBytes } from "../../base/index.ts";
import { checkMessage, type ReadEvent } from "../../model/index.ts";
import { testPrimitives } from "../../../testing/primitives.ts";
import { memorySource, memoryTarget } from "../memory.ts";
import { telegram } from "./index.ts";

const primitives = await testPrimitives();

const texts = fc.constantFrom(
  "",
  "Ann",
  "user1",
  "channel2",
  "2024-10-27T02:30:00",
  "1729989000",
  "photos/a.jpg",
);
const placeholders = fc.constantFrom(
  "(File not included. Change data exporting settings to download.)",
  "(File unavailable, please try again later)",
);
const anyValue = fc.oneof(
  { weight: 4, arbitrary: texts },
  { weight: 2, arbitrary: fc.integer() },
  { weight: 1, arbitrary: placeholders },
  { weight: 1, arbitrary: fc.constant(null) },
  { weight: 2, arbitrary: fc.jsonValue({ maxDepth: 3, noUnicodeString: false }) },
);
const entity = fc.record(
  {
    type: fc.constantFrom("plain", "bold", "pre", "mention_name", "custom_emoji", "text_link", "later"),
    text: fc.string(),
    user_id: anyValue,
    document_id: anyValue,
    href: anyValue,
    language: anyValue,
    collapsed: anyValue,
  },
  { requiredKeys: ["type", "text"] },
);

/** Fields that Telegram writes, each with the values that it has, or any. */
const fields: Record<string, fc.Arbitrary<unknown>> = {
  type: fc.constantFrom("message", "service", "unsupported", "later"),
  date: fc.constantFrom("2024-10-27T02:30:00", "1970-01-01T01:00:00", "2024-02-30T00:00:00", "soon"),
  date_unixtime: fc.constantFrom("1729989000", "1729989001", "01", "x", "99999999999"),
  text_entities: fc.oneof(fc.array(entity, { maxLength: 4 }), anyValue),
  media_type: fc.constantFrom("sticker", "video_file", "audio_file", "later"),
  action: fc.constantFrom("phone_call", "pin_message", "later", ""),
};
const otherFields = [
  ..."text from from_id actor actor_id members edited edited_unixtime photo file thumbnail file_name".split(
    " ",
  ),
  ..."file_size duration_seconds width height media_spoiler sticker_emoji performer title mime_type".split(
    " ",
  ),
  ..."self_destruct_period_seconds contact_information contact_vcard location_information place_name".split(
    " ",
  ),
  ..."live_location_period_seconds game_title poll todo_list invoice_information reactions author".split(" "),
  ..."inline_bot_buttons forwarded_from forwarded_from_id saved_from via_bot reply_to_message_id".split(" "),
  ..."reply_to_peer_id information_text discard_reason __proto__ constructor later toString".split(" "),
];
for (const key of otherFields) Object.defineProperty(fields, key, { value: anyValue, enumerable: true });

/** Records that Telegram might write, and records that it never would. */
const anyRecord = fc
  .tuple(
    fc.record(fields, { requiredKeys: [] }),
    fc.subarray(Object.keys(fields), { minLength: 0, maxLength: 9 }),
  )
  .map(([record, keys]) => Object.fromEntries(Object.entries(record).filter(([key]) => keys.includes(key))));

async function roundTrip(
  text: string,
): Promise<{ readonly written: unknown; readonly events: readonly ReadEvent[] }> {
  const events: ReadEvent[] = [];
  for await (const event of telegram.read(memorySource({ "result.json": text }))) events.push(event);
  const target = memoryTarget();
  const options = { primitives, now: 0, includeExpired: true };
  await telegram.write!(asStream(events), target, options);
  return { written: JSON.parse(new TextDecoder().decode(target.written.get("result.json"))), events };
}

test("any record comes back as it was, and is a valid message meanwhile", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyRecord, { minLength: 1, maxLength: 4 }), async (records) => {
      const messages = records.map((record, place) => ({ ...record, id: place + 1 }));
      const text = JSON.stringify({ name: "X", type: "private_group", id: 5, messages });
      const { written, events } = await roundTrip(text);
      const list = (written as { messages: { id: number }[] }).messages.sort((a, b) => a.id - b.id);
      expect({ ...(written as object), messages: list }).toEqual(JSON.parse(text));
      for (const event of events)
        if (event.type === "message")
          expect(checkMessage(event.message, { chat: "", sent: 0 })).toEqual({
            message: event.message,
            findings: [],
          });
    }),
    { numRuns: 500 },
  );
});

test("any head of a chat comes back as it was", async () => {
  const head = fc.record(
    { name: anyValue, type: fc.constantFrom("personal_chat", "", "later", 5), id: anyValue, later: anyValue },
    { requiredKeys: [] },
  );
  await fc.assert(
    fc.asyncProperty(fc.array(head, { maxLength: 3 }), async (heads) => {
      const chats = { about: "", list: heads.map((fieldsOf) => ({ ...fieldsOf, messages: [] })) };
      const text = JSON.stringify({ about: "a", contacts: { list: [] }, chats, left_chats: { list: [] } });
      const { written } = await roundTrip(text);
      expect(written).toEqual(JSON.parse(text));
    }),
    { numRuns: 200 },
  );
});

test("a file whose place another one has taken gets a place of its own, and its message names that", async () => {
  const custom = { type: "custom_emoji", text: "x", document_id: "stickers/a.webp" };
  const runs = { text: [custom], text_entities: [custom] };
  const exports: readonly (readonly object[])[] = [
    [
      { id: 1, file: "files/IMG.JPG", thumbnail: "files/same.jpg" },
      { id: 2, file: "files/img.jpg" },
      { id: 3, ...runs },
    ],
    [
      { id: 4, file: "files/IMG.JPG", thumbnail: "files/same.jpg", text: "files/IMG.JPG" },
      { id: 5, photo: "result.JSON" },
      { id: 6, ...runs },
    ],
  ];
  const events: ReadEvent[] = [];
  const wanted: string[] = [];
  for (const [place, messages] of exports.entries()) {
    const files: Record<string, string> = {};
    for (const path of ["files/IMG.JPG", "files/img.jpg", "stickers/a.webp", "result.JSON"])
      files[path] = `${path} of ${place}`;
    files["files/same.jpg"] = "the same";
    const chat = { name: "A", type: "personal_chat", id: 7, messages: messages.map(complete) };
    const source = memorySource({ ...files, "result.json": JSON.stringify(chat) });
    for await (const event of telegram.read(source)) {
      if (place === 0 || event.type === "message") events.push(event);
      if (event.type === "message") wanted.push(...(await filesOf(event)));
    }
  }
  expect(wanted.length).toBe(8);
  const target = memoryTarget();
  await telegram.write!(asStream(events), target, { primitives, now: 0 });
  const names = [...target.written.keys()].map((path) => path.toLowerCase());
  expect(new Set(names).size).toBe(names.length);
  expect(names.filter((name) => name.startsWith("files/same")).length).toBe(1);
  const found: string[] = [];
  for await (const event of telegram.read(target.source()))
    if (event.type === "message") found.push(...(await filesOf(event)));
  expect(found).toEqual(wanted);
});

function complete(message: object): object {
  const when = { date: "2026-01-02T03:04:05", date_unixtime: "1767323045" };
  return { type: "message", ...when, from: "A", from_id: "user2", text: "", ...message };
}

/** The number of a message with the content of each of its files. */
async function filesOf({ message, files = [] }: Extract<ReadEvent, { type: "message" }>): Promise<string[]> {
  const contents: string[] = [];
  for (const file of files) {
    const pieces: Uint8Array[] = [];
    for await (const piece of file?.open() ?? []) pieces.push(piece);
    contents.push(`${message.nativeIds![0]!.value}: ${bytesToText(concatBytes(...pieces))}`);
  }
  return contents;
}

// oxlint-disable-next-line typescript/require-await -- a list where a stream is wanted
async function* asStream(events: readonly ReadEvent[]): AsyncGenerator<ReadEvent> {
  yield* events;
}
