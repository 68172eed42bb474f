import type { Message } from "@keepsake/core/model";
import { beforeEach, expect, test } from "vitest";
import { language } from "../state/language.ts";
import { happenings } from "../words/system.ts";
import { happeningText } from "./happening.ts";

const account = (id: string, name: string): object => ({
  [id]: { id, platform: "p", kind: "userId", value: id, names: [{ value: name, kind: "display" }] },
});
const accounts = { ...account("p:1", "小红"), ...account("p:2", "Tom") } as never;

const notice = (payload: object, text?: string): Message => ({
  chat: "c",
  kind: "system",
  time: { sent: 0, precision: "s", zone: "utc" },
  payload: { action: "x", ...payload },
  ...(text !== undefined && { body: { text } }),
});

beforeEach(() => {
  language.value = "en";
});

test("what happened is said with the names of who did it and to whom", () => {
  const added = notice({ meaning: "member.add", actor: "p:1", targets: ["p:2"] });
  expect(happeningText(added, { accounts })).toBe("小红 added Tom to the group");
  language.value = "zh";
  expect(happeningText(added, { accounts })).toBe("小红邀请Tom加入了群聊");
  const renamed = notice({ meaning: "title.change", actorName: "阿强", params: { title: "家" } });
  expect(happeningText(renamed, { accounts })).toBe("阿强将群名改为“家”");
});

test("the source's own words stand before ours", () => {
  expect(happeningText(notice({ meaning: "poke", actor: "p:1" }, "小红 拍了拍我的肩膀"), { accounts })).toBe(
    "小红 拍了拍我的肩膀",
  );
});

test("where nothing is known of it, the kind is said", () => {
  expect(happeningText(notice({ meaning: "member.add", actor: "p:9" }), { accounts })).toBe("[Notice]");
  expect(happeningText(notice({ meaning: "of.tomorrow", actorName: "Tom" }), { accounts })).toBe(
    "[Notice] Tom",
  );
  expect(happeningText(notice({ meaning: 7, targets: "x", params: "y" }), { accounts })).toBe("[Notice]");
});

test("both languages have a sentence for the same meanings", () => {
  expect(Object.keys(happenings.zh).sort()).toEqual(Object.keys(happenings.en).sort());
});
