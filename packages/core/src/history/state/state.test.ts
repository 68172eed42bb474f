import { expect, test } from "vitest";
import { testPrimitives } from "../../../testing/primitives.ts";
import type { ReadEvent } from "../../model/index.ts";
import { createVault, directoryEntries, memoryStore, newestSnapshot } from "../../vault/index.ts";
import { backup } from "../backup.ts";
import { RowReader } from "../rows/read.ts";
import { chatCollections } from "./chats.ts";
import { readSources } from "./sources.ts";
import { emptyContentRoot, emptyRoot, loadHistory } from "./state.ts";

const primitives = await testPrimitives();

// oxlint-disable-next-line typescript/require-await -- readers are asynchronous
async function* chatsNamedLikeOurs(): AsyncGenerator<ReadEvent> {
  yield { type: "source", source: { format: "made", platform: "odd" } };
  for (const id of ["sources", "delta", ""]) {
    yield { type: "chat", chat: { id, platform: "odd", kind: "direct" } };
    const time = { sent: 1_700_000_000_000, precision: "s", zone: "utc" } as const;
    yield { type: "message", message: { chat: id, time, kind: "text", body: { text: `in "${id}"` } } };
  }
}

test("a chat whose id is a word of ours is a chat like any other", async () => {
  const { vault } = await createVault({
    primitives,
    store: memoryStore(),
    clock: { now: () => 1_700_000_000_000 },
    language: "en",
    deviceName: "test",
    emptyRoot,
    emptyContentRoot: emptyContentRoot(primitives),
  });
  for (let run = 0; run < 2; run++) await backup(vault, { name: "phone", read: chatsNamedLikeOurs });
  const snapshot = await newestSnapshot(vault);
  const history = await loadHistory(vault, snapshot);
  const names = chatCollections(history).map((id) => history.entries.get(id)!.name);
  expect(names.toSorted()).toEqual(["", "delta", "sources"]);
  expect(snapshot.head.counts).toMatchObject({ chats: 3, messages: 3 });
  const { sources, runs } = await readSources(new RowReader(history));
  expect([sources.size, runs.length]).toEqual([1, 2]);
  const kinds = directoryEntries(snapshot.directory).map(({ kind }) => kind);
  expect(new Set(kinds)).toEqual(new Set(["chat", "sources", "delta"]));
  expect(kinds.filter((kind) => kind === "sources")).toHaveLength(1);
});
