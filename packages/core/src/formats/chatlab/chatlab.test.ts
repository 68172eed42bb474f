import fc from "fast-check";
import { expect, test } from "vitest";
import { canonicalText, checkMessage, type ReadEvent } from "../../model/index.ts";
import { testPrimitives } from "../../../testing/primitives.ts";
import { memorySource, memoryTarget } from "../memory.ts";
import { chatlab } from "./index.ts";

const primitives = await testPrimitives();

const anyValue = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.constantFrom("", "1", "甲", "乙", "data:image/png;base64,AAAA", "data:image/png;base64,A"),
  },
  { weight: 2, arbitrary: fc.integer() },
  { weight: 1, arbitrary: fc.constant(null) },
  { weight: 2, arbitrary: fc.jsonValue({ maxDepth: 3 }) },
);

/** Objects with some of these fields, of any value. */
function anyObject(keys: string, known: Record<string, fc.Arbitrary<unknown>> = {}): fc.Arbitrary<object> {
  const fields: Record<string, fc.Arbitrary<unknown>> = { ...known };
  for (const key of keys.split(" "))
    Object.defineProperty(fields, key, { value: anyValue, enumerable: true });
  return fc.record(fields, { requiredKeys: [] });
}

const anyMessage = anyObject(
  "sender accountName groupNickname content platformMessageId replyToMessageId later __proto__",
  {
    timestamp: fc.oneof(fc.integer({ min: 0, max: 2e9 }), anyValue),
    type: fc.constantFrom(0, 1, 2, 3, 4, 5, 7, 8, 20, 21, 22, 23, 24, 25, 26, 27, 80, 81, 99, 1000, "0"),
  },
);
const anyMember = anyObject("accountName groupNickname aliases avatar roles later", {});
const anyMeta = anyObject("name platform groupId groupAvatar ownerId later", {
  type: fc.constantFrom("group", "private", 5),
});

test("any document comes back as it was, and its messages are valid meanwhile", async () => {
  const document = fc.record({
    meta: anyMeta,
    members: fc.array(anyMember, { maxLength: 3 }),
    messages: fc.array(anyMessage, { maxLength: 5 }),
  });
  await fc.assert(
    fc.asyncProperty(document, async ({ meta, members, messages }) => {
      const named = members.map((member, place) => ({ ...member, platformId: `m${place}` }));
      const given = { chatlab: { version: "0.0.2" }, meta, members: named, messages };
      const events: ReadEvent[] = [];
      const source = memorySource({ "a.json": JSON.stringify(given) });
      for await (const event of chatlab.read(source)) events.push(event);
      const stream = async function* (): AsyncGenerator<ReadEvent> {
        yield* events;
      };
      const target = memoryTarget();
      await chatlab.write!(stream(), target, { primitives, now: 0, includeExpired: true });
      const written: unknown = JSON.parse(new TextDecoder().decode(target.written.get("chat-0001.json")));
      expect(inAnyOrder(written)).toEqual(inAnyOrder(JSON.parse(JSON.stringify(given))));
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

/** Messages are written in canonical order. */
function inAnyOrder(value: unknown): unknown {
  const { messages, ...rest } = value as { messages: readonly unknown[] };
  return { ...rest, messages: messages.map(canonicalText).sort() };
}
