import { expect, test } from "vitest";
import type { MessageOf, Message } from "../message.ts";
import { placeholder } from "./placeholder.ts";
import { searchTexts } from "./search-text.ts";

const base: Message = {
  chat: "wechat:group:1@chatroom",
  kind: "text",
  time: { sent: 0, precision: "s", zone: "utc" },
};

test("body, title, caption, file name and transcript are found", () => {
  const message: MessageOf<"link"> = {
    ...base,
    kind: "link",
    body: { text: "看看这个" },
    payload: { title: "A page", url: "https://example.org/" },
    attachments: [{ state: "present", caption: "c", fileName: "a.pdf", transcript: "t" }],
  };
  expect(searchTexts(message)).toEqual([
    { field: "body", text: "看看这个" },
    { field: "title", text: "A page" },
    { field: "title", text: "https://example.org/" },
    { field: "caption", text: "c" },
    { field: "fileName", text: "a.pdf" },
    { field: "transcript", text: "t" },
  ]);
});

test("what a reply quotes, earlier versions, residue and raw are not found", () => {
  const message: Message = {
    ...base,
    body: { text: "own" },
    reply: { snapshot: { text: "quoted" } },
    revisions: [{ body: { text: "old" } }],
    residue: { text: "residue" },
    raw: { mediaType: "text/plain", text: "raw" },
    attachments: [
      { state: "present", role: "quoted", fileName: "quoted.jpg" },
      { state: "present", role: "old", fileName: "old.jpg" },
    ],
  };
  expect(searchTexts(message)).toEqual([{ field: "body", text: "own" }]);
});

test("the items of a bundle are found at every depth", () => {
  const message: MessageOf<"forwardBundle"> = {
    ...base,
    kind: "forwardBundle",
    payload: {
      title: "群聊的聊天记录",
      items: [
        { kind: "text", body: { text: "first" } },
        {
          kind: "forwardBundle",
          payload: { title: "inner", items: [{ kind: "text", body: { text: "second" } }] },
        },
      ],
    },
  };
  expect(searchTexts(message).map((found) => found.text)).toEqual([
    "群聊的聊天记录",
    "first",
    "inner",
    "second",
  ]);
});

test("every message has a line of text", () => {
  expect(placeholder({ ...base, body: { text: "你好" } }, "zh")).toBe("你好");
  expect(placeholder({ ...base, kind: "image" }, "zh")).toBe("[图片]");
  expect(
    placeholder({ ...base, kind: "file", attachments: [{ state: "missing", fileName: "a.doc" }] }, "en"),
  ).toBe("[File] a.doc");
  expect(placeholder({ ...base, kind: "hologram", payload: { title: 7 } }, "en")).toBe(
    "[Message of an unknown kind]",
  );
  expect(placeholder({ ...base, body: { text: "x" }, deletion: { state: "revokedBySender" } }, "zh")).toBe(
    "[消息已撤回]",
  );
});
