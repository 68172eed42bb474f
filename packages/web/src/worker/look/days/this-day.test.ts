import type { Message, ReadEvent } from "@keepsake/core/model";
import { expect, test } from "vitest";
import { eventsFrom, vaultOf } from "../../../../../core/testing/history/vault.ts";
import { Session } from "../../session.ts";
import { ThisDay, type Remembered } from "./this-day.ts";

const day = { month: 4, day: 17 };
let number = 0;

function said(chat: string, author: string, at: Date, text: string, more: Partial<Message> = {}): ReadEvent {
  return {
    type: "message",
    message: {
      chat,
      author: `wechat:wxid:${author}`,
      kind: "text",
      body: { text },
      nativeIds: [{ scheme: "wechat.server", value: String(number++) }],
      time: { sent: at.getTime(), precision: "s", zone: "utc" },
      ...more,
    },
  };
}

const chat = (id: string): ReadEvent => ({
  type: "chat",
  chat: { id, platform: "wechat", kind: "group", own: ["wechat:wxid:me"], title: `The ${id}` },
});

/** An exchange of so many messages that begins at an hour. */
function exchange(id: string, year: number, hour: number, count: number): ReadEvent[] {
  return Array.from({ length: count }, (_, i) =>
    said(id, i % 2 === 0 ? "me" : "a", new Date(year, 4, 17, hour, i), `${id} ${year} ${i}`),
  );
}

async function remembered(events: readonly ReadEvent[]): Promise<readonly Remembered[]> {
  const source: ReadEvent = { type: "source", source: { format: "made", platform: "wechat" } };
  const session = new Session("http://keepsake.test");
  const { vault, snapshot } = await vaultOf(await session.primitives(), [
    ["phone", () => eventsFrom([source, ...events])],
  ]);
  await session.show(vault, snapshot, true);
  return new ThisDay(session).years(day, 2026);
}

test("of each year the chat in which most was said, from where its longest exchange began", async () => {
  const years = await remembered([
    chat("small"),
    ...exchange("small", 2021, 9, 3),
    ...exchange("small", 2022, 9, 6),
    chat("large"),
    ...exchange("large", 2021, 8, 2),
    ...exchange("large", 2021, 20, 12),
    said("large", "a", new Date(2021, 4, 18, 0, 0), "the day after"),
    ...exchange("large", 2026, 9, 30),
  ]);
  expect(years.map(({ year, title, messages }) => [year, title, messages])).toEqual([
    [2022, "The small", 6],
    [2021, "The large", 14],
  ]);
  expect(years[1]!.sent).toBe(new Date(2021, 4, 17, 20, 0).getTime());
  expect(years[1]!.lines.map(({ text, isOwn }) => [text, isOwn])).toEqual([
    ["large 2021 0", true],
    ["large 2021 1", false],
    ["large 2021 2", true],
    ["large 2021 3", false],
  ]);
});

test("nothing that was deleted, taken back or meant to go away comes up by itself", async () => {
  const at = (minute: number): Date => new Date(2020, 4, 17, 12, minute);
  const years = await remembered([
    chat("g"),
    said("g", "a", at(0), "secret one", { ephemeral: { viewOnce: true } }),
    said("g", "me", at(1), "secret two", { deletion: { state: "deletedLocally", contentRetained: true } }),
    said("g", "a", at(2), "secret three", { deletion: { state: "revokedBySender", contentRetained: true } }),
    said("g", "a", at(3), "secret four", { ephemeral: { ttlMs: 5_000 } }),
    said("g", "me", at(4), "plain"),
    said("g", "a", at(5), "words"),
  ]);
  expect(years[0]!.lines.map(({ text }) => text)).toEqual(["plain", "words"]);
  expect(JSON.stringify(years)).not.toContain("secret");
  expect(
    await remembered([chat("g"), said("g", "a", at(0), "x", { ephemeral: { viewOnce: true } })]),
  ).toEqual([]);
});
