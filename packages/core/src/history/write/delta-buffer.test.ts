import { expect, test } from "vitest";
import { bytesToHex } from "../../base/index.ts";
import { testPrimitives } from "../../../testing/primitives.ts";
import type { Message } from "../../model/index.ts";
import { emptyLog, PackWriter } from "../../vault/index.ts";
import { memoryStore } from "../../vault/store/index.ts";
import { DeltaBuffer } from "./delta-buffer.ts";

const id = (byte: number): Uint8Array<ArrayBuffer> => new Uint8Array(32).fill(byte);

/** The rows of the deltas that are written while chats come with so many messages of so many characters each. */
async function rowsOfDeltas(chats: number, messages: number, characters: number): Promise<number[]> {
  const primitives = await testPrimitives();
  const vaultId = id(1).slice(0, 16);
  const options = { primitives, store: memoryStore(), vaultId, key: id(2), epoch: 0 };
  const buffer = new DeltaBuffer(primitives, new PackWriter(options), vaultId);
  for (let chat = 0; chat < chats; chat++) {
    const collection = bytesToHex(id(chat + 3).slice(0, 16));
    const rows = Array.from({ length: messages }, (_, i) => ({
      run: "r",
      message: messageOf(i, characters),
    }));
    await buffer.add({ vaultId, collection, key: id(4), saltKey: id(5), epoch: 0 }, emptyLog, rows);
  }
  await buffer.flush();
  return buffer.written.map(({ index }) => index.parts.reduce((sum, part) => sum + part.rows, 0));
}

function messageOf(number: number, characters: number): Message {
  return {
    chat: "c",
    kind: "text",
    nativeIds: [{ scheme: "n", value: String(number) }],
    time: { sent: number, precision: "ms", zone: "utc" },
    body: { text: "字".repeat(characters) },
  } as unknown as Message;
}

test("a delta is written once it holds many rows, or few with much in them", async () => {
  expect(await rowsOfDeltas(10, 200, 10)).toEqual([2000]);
  expect(await rowsOfDeltas(10, 4000, 1)).toEqual([20_000, 20_000]);
  expect(await rowsOfDeltas(10, 200, 5000)).toEqual([1000, 1000]);
});
