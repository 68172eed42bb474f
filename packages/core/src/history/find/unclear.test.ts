import { expect, test } from "vitest";
import { eventsFrom, vaultOf } from "../../../testing/history/vault.ts";
import { testPrimitives } from "../../../testing/primitives.ts";
import { newestSnapshot } from "../../vault/index.ts";
import { compact } from "../care/compact.ts";
import type { ReadEvent, SourceFile } from "../../model/index.ts";
import { loadHistory } from "../state/state.ts";
import { OpenTexts } from "./open-texts.ts";

const primitives = await testPrimitives();
const chat = "line:group:1";
const author = "line:user:2";
const sent = Date.UTC(2024, 3, 5, 8);

function photo(text: string): ReadEvent {
  const bytes = new TextEncoder().encode(text);
  const file: SourceFile = {
    path: `${text}.jpg`,
    sizeBytes: bytes.length,
    modifiedMs: sent,
    // oxlint-disable-next-line typescript/require-await -- the port is asynchronous
    async *open() {
      yield bytes;
    },
  };
  const attachments = [
    { kind: "image", state: "present", mime: "image/jpeg", sizeBytes: bytes.length },
  ] as const;
  const time = { sent, precision: "min", zone: "utc" } as const;
  return { type: "message", message: { chat, author, kind: "image", time, attachments }, files: [file] };
}

/** Two photos that only their files tell apart, of an app that numbers nothing; then a text on the same day. */
const events: readonly ReadEvent[] = [
  { type: "source", source: { format: "made", formatVersion: "1", platform: "line" } },
  { type: "chat", chat: { id: chat, platform: "line", kind: "group", title: "Family" } },
  photo("one"),
  photo("two"),
  {
    type: "message",
    message: {
      chat,
      author,
      kind: "text",
      body: { text: "the letter" },
      time: { sent: sent + 60_000, precision: "min", zone: "utc" },
    },
  },
  {
    type: "message",
    message: {
      chat,
      author,
      kind: "text",
      body: { text: "something else" },
      time: { sent: sent + 120_000, precision: "min", zone: "utc" },
    },
  },
];

test.each(["in a delta", "in a segment"])(
  "a hit leads to its own message where texts alone do not tell messages apart: %s",
  async (where) => {
    const { vault, snapshot } = await vaultOf(primitives, [["phone", () => eventsFrom(events)]]);
    const read = await loadHistory(vault, snapshot);
    const isFolded = where === "in a segment";
    if (isFolded) await compact(read, "fold");
    const history = isFolded ? await loadHistory(vault, await newestSnapshot(vault)) : read;
    expect(history.deltas.length).toBe(isFolded ? 0 : 1);
    const readOn = OpenTexts.closed(history);
    await readOn.readOn();
    for (const texts of [await OpenTexts.open(history), readOn]) {
      const [hit, ...more] = texts.find({ text: "letter" });
      expect(more).toEqual([]);
      expect((await texts.viewOf(hit!))?.message.body?.text).toBe("the letter");
    }
  },
);
