import fc from "fast-check";
import { expect, test } from "vitest";
import type { Message } from "../message.ts";
import { canonicalText } from "./canonical.ts";
import { contentText, contentTextIn } from "./content.ts";

const message: Message = {
  chat: "telegram:group:7",
  author: "telegram:userId:1",
  kind: "text",
  body: { text: "好的" },
  time: { sent: 1_700_000_000_000, precision: "s", zone: "utc" },
};

test("residue, order and raw are no content", () => {
  const again: Message = {
    ...message,
    residue: { file: "chats/chat_02/result.json" },
    order: "17",
    raw: { mediaType: "text/plain", text: "12:03 好的" },
  };
  expect(contentText(again)).toBe(contentText(message));
});

test("raw is the content of a message that was not understood", () => {
  const first: Message = { ...message, kind: "unknown", raw: { mediaType: "text/xml", text: "<a/>" } };
  const second: Message = { ...first, raw: { mediaType: "text/xml", text: "<b/>" } };
  expect(contentText(first)).not.toBe(contentText(second));
});

test("a time that only holds a place is no content", () => {
  const first: Message = { ...message, time: { sent: 0, precision: "none", zone: "unknown" } };
  const second: Message = { ...message, time: { sent: 5, precision: "none", zone: "unknown" } };
  expect(contentText(first)).toBe(contentText(second));
});

test("ordinal, edits, deletion and what moved aside are content", () => {
  const others: Partial<Message>[] = [
    { ordinal: 1 },
    { editedAt: 5 },
    { deletion: { state: "revokedBySender" } },
    { invalid: { "/x": 1 } },
  ];
  for (const other of others) expect(contentText({ ...message, ...other })).not.toBe(contentText(message));
});

test("the content found in a message's text is the content, whatever stands further in", () => {
  const small = fc.oneof(fc.constantFrom("1", '","order":"1', "\\", 'x"', "\ud800"), fc.string());
  const inner = fc.record(
    { order: small, residue: fc.jsonValue({ maxDepth: 2 }), raw: fc.constant(1), text: small },
    { requiredKeys: [] },
  );
  const fields = fc.record(
    {
      order: small,
      residue: fc.oneof(
        fc.constant({ telegram: {} }),
        inner,
        fc.dictionary(small, fc.jsonValue({ maxDepth: 1 })),
      ),
      raw: fc.constant({ mediaType: "text/plain", text: ',"order":"1"' }),
      payload: fc.oneof(inner, fc.record({ deep: inner }), fc.constant({ a: 1, residue: { telegram: {} } })),
      body: fc.record({ text: small }),
      kind: fc.constantFrom("text", "unknown"),
      time: fc.record({
        sent: fc.constant(5),
        precision: fc.constantFrom("s", "none"),
        zone: fc.constant("utc"),
      }),
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(fields, (other) => {
      const text = canonicalText({ ...message, ...other });
      const read = JSON.parse(text) as Message;
      expect(contentTextIn(text, read)).toBe(contentText(read));
    }),
    { numRuns: 2000 },
  );
});
