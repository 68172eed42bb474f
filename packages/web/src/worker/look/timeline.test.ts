import type { ReadEvent } from "@keepsake/core/model";
import { chatCollections } from "@keepsake/core/history";
import { expect, test } from "vitest";
import { eventsFrom, vaultOf } from "../../../../core/testing/history/vault.ts";
import { Session } from "../session.ts";
import { Timeline } from "./timeline.ts";

const MINUTE_MS = 60_000;

test("a moment leads to the first message from it on, however much was said that day before it", async () => {
  const start = Date.UTC(2024, 4, 1);
  const message = (i: number): ReadEvent => ({
    type: "message",
    message: {
      chat: "wechat:user:a",
      kind: "text",
      body: { text: String(i) },
      nativeIds: [{ scheme: "wechat.server", value: String(i) }],
      time: { sent: start + i * MINUTE_MS, precision: "s", zone: "utc" },
    },
  });
  const session = new Session("http://keepsake.test");
  const { vault, snapshot } = await vaultOf(await session.primitives(), [
    [
      "phone",
      () =>
        eventsFrom([
          { type: "source", source: { format: "made", platform: "wechat" } },
          { type: "chat", chat: { id: "wechat:user:a", platform: "wechat", kind: "direct" } },
          ...Array.from({ length: 2_000 }, (_, i) => message(i)),
        ]),
    ],
  ]);
  const { history } = await session.show(vault, snapshot, true);
  const timeline = new Timeline(session);
  const [collection] = chatCollections(history);
  for (const minute of [0, 1, 700, 1439, 1440, 1999]) {
    const at = { timeMs: start + minute * MINUTE_MS };
    const { lines } = await timeline.around(collection!, at, { before: 5, after: 5 });
    expect(lines.find(({ message: { time } }) => time.sent >= at.timeMs)?.message.body?.text).toBe(
      String(minute),
    );
    expect(lines.length).toBe(5 + Math.min(5, 2_000 - minute) - Math.max(0, 5 - minute));
  }
  const after = { timeMs: start + 3_000 * MINUTE_MS };
  const { lines, isEnd } = await timeline.around(collection!, after, { before: 5, after: 5 });
  expect([lines.at(-1)?.message.body?.text, isEnd]).toEqual(["1999", true]);
});
