import { describe, expect, test } from "vitest";
import { madeHistory } from "../../testing/history/index.ts";
import { testPrimitives } from "../../testing/primitives.ts";
import { memoryFile } from "../formats/index.ts";
import type { Chat, Message, ReadEvent } from "../model/index.ts";
import { createVault, memoryStore } from "../vault/index.ts";
import { backup } from "./backup.ts";
import { emptyContentRoot, emptyRoot } from "./state/state.ts";
import { weigh } from "./weigh.ts";

const primitives = await testPrimitives();
const clock = { now: () => 1_790_000_000_000 };
const options = { seed: "weigh", messages: 3000, chats: 12, attachmentBytes: 3_000_000 };
const source = { read: () => madeHistory(options) };

/** What a backup of the same source stores. */
async function storedBytes(): Promise<number> {
  const { vault } = await createVault({
    primitives,
    clock,
    store: memoryStore(),
    language: "en",
    deviceName: "test",
    emptyRoot,
    emptyContentRoot: emptyContentRoot(primitives),
  });
  const { packs } = await backup(vault, { name: "phone", ...source });
  return packs.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
}

describe("a source that is weighed", () => {
  test("weighs what a backup of it stores", async () => {
    const { filesBytes, textBytes, survey } = await weigh(source, { primitives, clock });
    const stored = await storedBytes();
    expect(Math.abs(filesBytes + textBytes - stored)).toBeLessThan(0.02 * stored);
    expect(textBytes).toBeGreaterThan(0);
    expect(survey.chats.reduce((sum, { messages }) => sum + messages, 0)).toBe(3000);
    const byMonth = [...survey.byMonth.values()];
    expect(byMonth.reduce((sum, { messages }) => sum + messages, 0)).toBe(3000);
    const bytes = survey.chats.reduce((sum, chat) => sum + chat.bytes, 0);
    expect(byMonth.reduce((sum, each) => sum + each.bytes, 0)).toBe(bytes);
  });

  test("weighs a file that is there twice once, and says how much that saves", async () => {
    const content = new Uint8Array(500_000).map((_, i) => i * 7);
    const chat: Chat = { id: "test:group:x", platform: "test", kind: "group", title: "x" };
    async function* twice(): AsyncGenerator<ReadEvent> {
      yield { type: "source", source: { format: "test", platform: "test" } };
      yield { type: "chat", chat };
      for (const order of ["1", "2"]) {
        const message: Message = {
          chat: chat.id,
          kind: "image",
          order,
          time: { sent: 1_700_000_000_000 + Number(order), precision: "s", zone: "utc" },
          nativeIds: [{ scheme: "test", value: order }],
          attachments: [{ state: "present", kind: "image" }],
        };
        yield { type: "message", message, files: [memoryFile(`${order}.jpg`, content)] };
      }
    }
    const { duplicateBytes, filesBytes, survey } = await weigh({ read: twice }, { primitives, clock });
    expect(survey.chats[0]).toMatchObject({ files: 2, bytes: 1_000_000 });
    expect(duplicateBytes).toBe(500_000);
    expect(filesBytes).toBeLessThan(600_000);
  });

  test("weighs less without what is left out", async () => {
    const all = await weigh(source, { primitives, clock });
    const choices = [{ what: "files", overBytes: 1000 } as const];
    const less = await weigh(source, { primitives, clock, choices });
    expect(less.filesBytes).toBeLessThan(all.filesBytes);
    expect(less.survey.leftOut.reduce((sum, { bytes }) => sum + bytes, 0)).toBeGreaterThan(0);
  });

  test("can be stopped", async () => {
    const stop = new AbortController();
    stop.abort();
    await expect(weigh(source, { primitives, clock, signal: stop.signal })).rejects.toMatchObject({
      code: "base.aborted",
    });
  });
});
