import fc from "fast-check";
import {
  ordinals,
  recordSet,
  type Message,
  type Precision,
  type RecordSet,
  type SeenRecord,
} from "../../src/model/index.ts";

/** The chat of all these records. */
const chat = "wechat:group:1@chatroom";
const unitMs: Readonly<Record<Precision, number>> = { ms: 1, s: 1000, min: 60_000, day: 86_400_000, none: 1 };

/** A digest that is the content itself: as good as a hash for laws, and readable when a law fails. */
export function record(message: Message, seen: { source?: string; asOf?: number } = {}): SeenRecord {
  const { residue: _, order: __, ...content } = message;
  const place = { source: seen.source ?? "a", run: "1", asOf: seen.asOf ?? 0 };
  return { digest: JSON.stringify(content), message, seen: [place] };
}

/** A text message in the one chat of these tests, its time cut down to its precision. */
export function said(
  text: string,
  sent: number,
  rest: Partial<Message> & { precision?: Precision } = {},
): Message {
  const { precision = "ms", ...more } = rest;
  const cut = Math.floor(sent / unitMs[precision]) * unitMs[precision];
  return {
    chat,
    author: "wechat:wxid:a",
    kind: "text",
    body: { text },
    time: { sent: cut, precision, zone: "utc" },
    ...more,
  };
}

const messages: fc.Arbitrary<Message> = fc
  .record({
    text: fc.constantFrom("好的", "ok", "嗯"),
    sent: fc.integer({ min: 0, max: 180_000 }),
    precision: fc.constantFrom("ms", "s", "min", "day", "none") as fc.Arbitrary<Precision>,
    ordinal: fc.option(fc.integer({ min: 1, max: 2 }), { nil: undefined }),
    ids: fc.uniqueArray(fc.constantFrom("1", "2", "3", "4"), { maxLength: 2 }),
    editedAt: fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined }),
    isRevoked: fc.boolean(),
    file: fc.constantFrom("x", "y"),
  })
  .map(({ text, sent, precision, ordinal, ids, editedAt, isRevoked, file }) =>
    said(text, sent, {
      precision,
      ...(ordinal !== undefined && { ordinal }),
      ...(ids.length > 0 && { nativeIds: ids.map((value) => ({ scheme: "wechat.server", value })) }),
      ...(editedAt !== undefined && { editedAt }),
      ...(isRevoked && { deletion: { state: "revokedBySender" } as const }),
      residue: { file },
    }),
  );

/** Any records: with and without native ids, at every precision. */
export const anyRecords: fc.Arbitrary<SeenRecord[]> = fc.array(
  fc
    .record({ message: messages, source: fc.constantFrom("a", "b"), asOf: fc.integer({ min: 0, max: 3 }) })
    .map(({ message, source, asOf }) => record(message, { source, asOf })),
  { maxLength: 14 },
);

/** A set of any records. */
export const anySet: fc.Arbitrary<RecordSet> = anyRecords.map(recordSet);

/** What a source without ids that knows this precision would hold of a conversation. */
export function exported(texts: readonly (readonly [string, number])[], precision: Precision): SeenRecord[] {
  const number = ordinals();
  const sorted = [...texts].sort((a, b) => a[1] - b[1]);
  return sorted.map(([text, sent]) => record(number(said(text, sent, { precision })), { source: precision }));
}
