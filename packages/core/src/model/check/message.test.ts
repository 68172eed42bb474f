import { expect, test } from "vitest";
import fc from "fast-check";
import { canonicalText } from "../canonical/canonical.ts";
import type { Message } from "../message.ts";
import { placeholder } from "../text/placeholder.ts";
import { searchTexts } from "../text/search-text.ts";
import { checkMessage, type CheckedMessage } from "./message.ts";

const context = { chat: "x:group:1", sent: 7 };
const whole: Message = {
  chat: "x:group:1",
  nativeIds: [{ scheme: "x.message", value: "9007199254740993" }],
  ordinal: 0,
  order: "17",
  author: "x:uid:1",
  authorName: "小王",
  viaBot: "x:uid:9",
  signature: "editor",
  time: { sent: 1, precision: "s", zone: "offset", offsetMinutes: 480, raw: "08:00", received: 2, server: 3 },
  direction: "in",
  kind: "text",
  body: {
    text: "hi 😀",
    spans: [{ start: 0, length: 2, type: "textLink", url: "https://example.org" }],
    format: "markdown",
    html: "<b>hi</b>",
  },
  mentions: [{ account: "x:uid:2", name: "b" }, { all: true }],
  attachments: [
    {
      state: "present",
      stateReason: "r",
      role: "thumb",
      kind: "image",
      sha256: "0".repeat(64),
      sizeBytes: 1,
      mime: "image/png",
      fileName: "a.png",
      width: 1,
      height: 1,
      durationMs: 1,
      caption: "c",
      spoiler: true,
      viewOnce: true,
      hashes: [{ algorithm: "md5", value: "x" }],
      ref: "https://example.org/a.png",
      transcript: "t",
      waveform: "AA==",
      blurHash: "b",
    },
  ],
  reply: {
    target: { scheme: "x.message", value: "1" },
    chat: "x:group:2",
    range: { start: 0, length: 1 },
    snapshot: { author: "x:uid:2", authorName: "b", kind: "text", text: "q", sent: 1, attached: [0] },
  },
  forward: {
    from: "x:uid:3",
    fromName: "c",
    time: { sent: 1, precision: "s", zone: "utc" },
    chat: "x:group:3",
    chatName: "d",
    target: { scheme: "x.message", value: "2" },
    savedFrom: "e",
  },
  reactions: [{ key: "👍", type: "emoji", count: 3, by: [{ account: "x:uid:2", name: "b", at: 5 }] }],
  revisions: [{ at: 1, body: { text: "h" }, attached: [0], payload: { a: 1 } }],
  editedAt: 4,
  deletion: { state: "deletedLocally", by: "x:uid:1", at: 5, contentRetained: true },
  ephemeral: { ttlMs: 1, startedAt: 2, expiresAt: 3, viewOnce: false, policyApplied: "kept" },
  receipts: [{ account: "x:uid:2", state: "read", at: 6 }],
  flags: { pinned: true, starred: true, important: true, broadcast: false, silent: true },
  buttons: [[{ text: "ok", type: "callback", url: "u", data: "d" }]],
  thread: { scheme: "x.message", value: "1" },
  album: { id: "1", basis: "asserted" },
  fidelity: "structured",
  residue: { path: "a/b" },
  raw: { mediaType: "text/xml", text: "<a/>" },
};

const check = (value: unknown): CheckedMessage => checkMessage(value, context);

test("a message with every field passes as it is, without a finding", () => {
  expect(check(whole)).toEqual({ message: whole, findings: [] });
});

test("checking twice is checking once", () => {
  fc.assert(
    fc.property(almostMessages(), (value) => {
      const once = check(value).message;
      expect(check(once)).toEqual({ message: once, findings: [] });
    }),
  );
});

test("nothing that a JSON value says is lost, and every checked message can be written, shown and searched", () => {
  fc.assert(
    fc.property(almostMessages(), (value) => {
      const text = canonicalText(check(value).message);
      for (const leaf of leaves(value)) expect(text).toContain(JSON.stringify(leaf).slice(1, -1));
      const { message } = check(value);
      expect(placeholder(message, "zh")).not.toBe("");
      expect(searchTexts(message).every((found) => typeof found.text === "string")).toBe(true);
    }),
  );
});

test("any value at all becomes a message", () => {
  fc.assert(
    fc.property(fc.anything({ withBigInt: true, withDate: true, withNullPrototype: true }), (value) => {
      canonicalText(check(value).message);
    }),
  );
});

test.each<[string, object, string[]]>([
  ["a wrong type", { body: 5 }, ["/body"]],
  ["a wrong type deep inside", { reply: { snapshot: { text: 5 } } }, ["/reply/snapshot/text"]],
  ["a null", { editedAt: null }, ["/editedAt"]],
  ["a broken number", { editedAt: 1.5 }, ["/editedAt"]],
  ["a number beyond 2^53", { time: { ...whole.time, server: 2 ** 60 } }, ["/time/server"]],
  ["a negative size", { attachments: [{ state: "present", sizeBytes: -1 }] }, ["/attachments/0/sizeBytes"]],
  ["an attachment that is none", { attachments: ["x"] }, ["/attachments/0"]],
  ["a word that is none of the list", { deletion: { state: "gone" } }, ["/deletion"]],
  [
    "a span beyond the text",
    { body: { text: "a", spans: [{ start: 1, length: 1, type: "bold" }] } },
    ["/body/spans"],
  ],
  [
    "an upper-case digest",
    { attachments: [{ state: "present", sha256: "A".repeat(64) }] },
    ["/attachments/0/sha256"],
  ],
  ["a name with a slash", { flags: { "a/b~": () => 1 } }, ["/flags/a~1b~0"]],
  [
    "a payload of another shape",
    { kind: "poll", payload: { question: 1, options: [{}] } },
    ["/payload/options/0", "/payload/question"],
  ],
])("moved aside, not dropped: %s", (_, fields, paths) => {
  const base = { chat: "x:group:1", kind: "text", time: { sent: 1, precision: "s", zone: "utc" } };
  const { message, findings } = check({ ...base, ...fields });
  expect(Object.keys(message.invalid ?? {}).sort()).toEqual(paths);
  expect(findings.length).toBeGreaterThanOrEqual(paths.length);
});

test("unknown fields stay where they are, unknown kinds keep their payload", () => {
  const value = {
    ...whole,
    kind: "hologram",
    payload: { x: [1.5, null] },
    later: { deep: null },
    constructor: "c",
  };
  expect(check(value)).toEqual({ message: value, findings: [] });
});

test("a field named __proto__ is data at every level", () => {
  const text = '{"__proto__":{"a":1},"body":{"__proto__":2,"text":"x"},"chat":"x","kind":"text",';
  const value: unknown = JSON.parse(text + '"time":{"precision":"s","sent":1,"zone":"utc"}}');
  const { message } = check(value);
  expect(canonicalText(message)).toBe(canonicalText(value));
  expect(Object.getPrototypeOf(message)).toBe(Object.prototype);
});

test("what stands in is said: chat, time and kind of a record that has none", () => {
  const { message, findings } = check({});
  expect(message).toEqual({
    chat: "x:group:1",
    kind: "unknown",
    time: { sent: 7, precision: "none", zone: "unknown" },
  });
  expect(findings.map((finding) => finding.where ?? "").sort()).toEqual(["/chat", "/kind", "/time"]);
});

test("bundles inside bundles are followed to the limit and kept beyond it", () => {
  let item: object = { kind: "text", body: { text: "innermost" } };
  for (let i = 0; i < 40; i++) item = { kind: "forwardBundle", payload: { items: [item] } };
  const { message, findings } = check({ ...whole, ...item });
  expect(findings).toEqual([expect.objectContaining({ code: "model.over-limit" })]);
  expect(canonicalText(message)).toContain("innermost");
});

test("nesting without end is kept as text", () => {
  let deep: unknown = "innermost";
  for (let i = 0; i < 100_000; i++) deep = [deep];
  const { message } = check({ ...whole, later: deep, body: deep });
  expect(canonicalText(message).split("innermost").length).toBe(3);
});

test("no finding holds a name that the source chose", () => {
  const marker = "MARKER";
  const { findings } = check({
    ...whole,
    [marker]: () => 1,
    body: { [marker]: 1n, text: 5 },
    kind: { [marker]: 1 },
  });
  expect(findings.length).toBeGreaterThan(2);
  expect(JSON.stringify(findings)).not.toContain(marker);
});

test("native ids are put in order, once each; empty lists are absent", () => {
  const ids = [
    { scheme: "b", value: "1" },
    { scheme: "a", value: "2" },
    { scheme: "b", value: "1" },
  ];
  const { message } = check({ ...whole, nativeIds: ids, mentions: [] });
  expect(message.nativeIds).toEqual([ids[1], ids[0]]);
  expect("mentions" in message).toBe(false);
});

/** Messages with some of their fields replaced by something else. */
function almostMessages(): fc.Arbitrary<Record<string, unknown>> {
  const other = fc.jsonValue({ maxDepth: 3 });
  const broken = fc.dictionary(fc.constantFrom(...Object.keys(whole), "later", "payload"), other, {
    maxKeys: 4,
  });
  return broken.map((fields) => ({ ...whole, ...fields }));
}

function leaves(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(leaves) : [];
}
