import { expect, test } from "vitest";
import { phoneKinds, phonePassword, phoneSource } from "../../../testing/phones/phones.ts";
import { bytesToText } from "../../base/index.ts";
import type { Message, ReadEvent, ReadMemory } from "../../model/index.ts";
import { browserCiphers } from "../../platform/browser/foreign-ciphers.ts";
import { browserPrimitives } from "../../platform/browser/primitives.ts";
import { browserSqlite } from "../../platform/browser/sqlite.ts";
import { detectFormat, formats, wechatIos, type ReadTools } from "../index.ts";

const primitives = await browserPrimitives();
const tools: ReadTools = {
  sqlite: browserSqlite,
  ciphers: browserCiphers,
  primitives,
  password: () => Promise.resolve(phonePassword),
  chooseOwn: ({ length }) => Promise.resolve(length === 1 ? 0 : undefined),
};

test.each(phoneKinds)("WeChat in a %s Apple backup is found and read in a browser", async (kind) => {
  const source = await phoneSource(kind);
  expect((await detectFormat(source, formats)).format).toBe("wechat-ios");
  let kept: string | undefined;
  const memory = (before: string | undefined): ReadMemory => ({
    before,
    keep: (memo) => void (kept = memo),
    sha256Text: (text) => primitives.sha256Text(text),
  });
  const events: ReadEvent[] = [];
  for await (const event of wechatIos.read(source, { tools, memory: memory(undefined) })) events.push(event);
  const messages = events.flatMap((event): Message[] => (event.type === "message" ? [event.message] : []));
  expect(messages.map((message) => message.body?.text ?? message.kind)).toEqual(
    expect.arrayContaining(["吃饭了吗", "吃了", "image", "周末回来吗", "好的", "unknown"]),
  );
  expect(messages).toHaveLength(6);
  expect(messages.find(({ body }) => body?.text === "吃饭了吗")?.nativeIds).toEqual([
    { scheme: "wechat.server", value: "4611686018427387905" },
  ]);
  const files = events.flatMap((event) => (event.type === "message" ? (event.files ?? []) : []));
  let picture = "";
  for await (const piece of files.find((file) => file !== undefined)?.open() ?? [])
    picture += bytesToText(piece);
  expect(picture).toBe("a picture");
  expect(events.filter(({ type }) => type === "finding")).toEqual([]);
  // The second reading passes over all of it.
  const again: ReadEvent[] = [];
  for await (const event of wechatIos.read(source, { tools, memory: memory(kept) })) again.push(event);
  expect(again.filter(({ type }) => type === "message")).toEqual([]);
  expect(again.filter(({ type }) => type === "same")).toHaveLength(2);
});
