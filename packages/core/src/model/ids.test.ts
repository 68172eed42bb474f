import { expect, test } from "vitest";
import fc from "fast-check";
import { accountId, chatId, idParts } from "./ids.ts";

test("an id gives its parts back, whatever they hold", () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), fc.string(), (nativeId, own, value) => {
      const account = accountId({ platform: "line", kind: "name", value });
      expect(idParts(account)).toEqual(["line", "name", value]);
      const chat = chatId({ platform: "line", class: "user", nativeId, own });
      expect(idParts(chat)).toEqual(["line", "user", nativeId, own]);
    }),
  );
});

test("a user, a group and a channel of one number are three chats", () => {
  const ids = (["user", "group", "channel"] as const).map((space) =>
    chatId({ platform: "telegram", class: space, nativeId: "4" }),
  );
  expect(new Set(ids).size).toBe(3);
});

test("two own accounts have two chats with one friend, and one group", () => {
  const id = (space: "user" | "group", own: string): string =>
    chatId({ platform: "wechat", class: space, nativeId: "x", own });
  expect(id("user", "wechat:wxid:a")).not.toBe(id("user", "wechat:wxid:b"));
  expect(id("group", "wechat:wxid:a")).toBe(id("group", "wechat:wxid:b"));
});

test("a weak identity can be held to its chat", () => {
  expect(accountId({ platform: "line", kind: "name", value: "Li: 小", chat: "line:group:a" })).toBe(
    "line:name:Li%3A 小:line%3Agroup%3Aa",
  );
});
