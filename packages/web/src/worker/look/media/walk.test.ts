import { chatCollections, type MessageView } from "@keepsake/core/history";
import { madeHistory } from "@keepsake/core/testing/history";
import { beforeAll, expect, test } from "vitest";
import { vaultOf } from "../../../../../core/testing/history/vault.ts";
import { Session } from "../../session.ts";
import { Timeline } from "../timeline.ts";
import { mediaTabs, sentIn } from "./items.ts";
import { MediaWalk } from "./walk.ts";

const made = { seed: "media", messages: 15_000, chats: 3, attachmentBytes: 900_000 };

let session: Session;
const shown = new Map<string, MessageView[]>();
beforeAll(async () => {
  session = new Session("http://keepsake.test");
  const { vault, snapshot } = await vaultOf(await session.primitives(), [
    ["phone", () => madeHistory(made)],
    ["phone", () => madeHistory({ ...made, day2: { messages: 60 } })],
  ]);
  const { history, view } = await session.show(vault, snapshot, true);
  for (const collection of chatCollections(history)) {
    const views: MessageView[] = [];
    for await (const each of view.messages(collection)) views.push(each);
    shown.set(collection, views);
  }
}, 60_000);

test("all that was sent is found, once, the newest first, and each leads to its message", async () => {
  const { history, view } = session.open;
  const walk = new MediaWalk(history, view);
  const counts: number[] = [];
  while (walk.until > -Infinity) {
    await walk.step();
    for (const tab of mediaTabs) {
      const times = walk.found(tab).map(({ sent }) => sent);
      expect(times).toEqual(times.toSorted((a, b) => b - a));
    }
    counts.push(walk.found("pictures").length);
  }
  expect(counts.length).toBeGreaterThan(chatCollections(history).length);
  expect(counts[0]).toBeLessThan(counts.at(-1)! / 2);
  const all = [...shown.values()].flat().map(({ message }) => message);
  for (const tab of mediaTabs) {
    const expected = all.flatMap((message) =>
      sentIn(message)
        .filter((sent) => sent.tab === tab)
        .map(({ main, link }) => JSON.stringify([message.chat, message.time.sent, main?.sha256, link?.url])),
    );
    const found = walk.found(tab);
    const chats = new Map([...shown].map(([collection, views]) => [collection, views[0]!.message.chat]));
    expect(expected.length).toBeGreaterThan(5);
    expect(
      found
        .map(({ collection, sent, main, link }) =>
          JSON.stringify([chats.get(collection), sent, main?.sha256, link?.url]),
        )
        .sort(),
    ).toEqual(expected.sort());
  }
  const timeline = new Timeline(session);
  for (const item of mediaTabs.flatMap((tab) => walk.found(tab).filter((_, i) => i % 50 === 0))) {
    const { lines } = await timeline.around(item.collection, { key: item.key }, { before: 0, after: 1 });
    expect(lines[0]!.message.time.sent).toBe(item.sent);
    expect(sentIn(lines[0]!.message).map(({ main }) => main?.sha256)).toContain(item.main?.sha256);
  }
});

test("one chat is walked by itself", async () => {
  const { history, view } = session.open;
  const [collection] = chatCollections(history);
  const walk = new MediaWalk(history, view, collection);
  while (walk.until > -Infinity) await walk.step();
  expect(walk.found("pictures").length).toBeGreaterThan(0);
  expect(walk.found("pictures").every((item) => item.collection === collection)).toBe(true);
});

test("nothing that was taken back or meant to be seen once is listed", () => {
  const base = { chat: "c", kind: "image", time: { sent: 0, precision: "s", zone: "utc" } } as const;
  const attachments = [{ state: "present", sha256: "a".repeat(64) }] as const;
  expect(sentIn({ ...base, attachments }).length).toBe(1);
  expect(sentIn({ ...base, attachments, deletion: { state: "revokedBySender" } })).toEqual([]);
  expect(sentIn({ ...base, attachments, ephemeral: { viewOnce: true } })).toEqual([]);
  expect(sentIn({ ...base, attachments: [{ ...attachments[0], viewOnce: true }] })).toEqual([]);
  expect(sentIn({ ...base, attachments: [{ ...attachments[0], role: "quoted" }] })).toEqual([]);
});

test("addresses are web addresses alone, each once", () => {
  const message = {
    chat: "c",
    kind: "text",
    time: { sent: 0, precision: "s", zone: "utc" },
    body: {
      text: "看 https://example.org/a，还有 http://example.com 和 https://example.org/a javascript:alert(1)",
      spans: [{ type: "textLink", start: 0, length: 1, url: "javascript:alert(1)" }],
    },
  } as const;
  expect(sentIn(message).map(({ link }) => link?.url)).toEqual([
    "https://example.org/a",
    "http://example.com",
  ]);
});
