import { expect, test } from "vitest";
import { historyEvents } from "../../../testing/history/index.ts";
import { testPrimitives } from "../../../testing/primitives.ts";
import type { Message } from "../../model/index.ts";
import {
  createVault,
  emptyLog,
  memoryStore,
  newestSnapshot,
  packWriter,
  PackReader,
  type Vault,
} from "../../vault/index.ts";
import { isMessageRow, LANE, LANES } from "../rows/row.ts";
import { sealRows } from "../rows/seal-rows.ts";
import { readSegment, type RowKeys, type Segment } from "../rows/segment.ts";
import { emptyContentRoot, emptyRoot, loadHistory } from "../state/state.ts";
import { Resume } from "./resume.ts";
import { SegmentBuilder } from "./segments.ts";

const primitives = await testPrimitives();
const clock = { now: () => 1_790_000_000_000 };
const messages = [...historyEvents({ seed: 5, messages: 12_000, chats: 1 })]
  .flatMap((event): Message[] => (event.type === "message" ? [event.message] : []))
  .sort((a, b) => a.time.sent - b.time.sent);

test("a run that is cut off before the packs of all lanes are full uploads none of the full ones again", async () => {
  const store = memoryStore();
  const options = { primitives, store, clock, language: "en", deviceName: "test" } as const;
  const made = { ...options, emptyRoot, emptyContentRoot: emptyContentRoot(primitives) };
  const { vault } = await createVault(made);
  const keys = keysOf(vault);
  const first = await build(vault, keys);
  const textPacks = packsOf(first, LANE.text);
  const kept = new Set([...textPacks].filter((name) => store.objects.has(`packs/${name}`)));
  expect(kept.size).toBeGreaterThan(0);
  expect([...packsOf(first, LANE.head)].some((name) => store.objects.has(`packs/${name}`))).toBe(false);

  const again = await build(vault, keys, { isFinished: true });
  expect([...kept].every((name) => packsOf(again, LANE.text).has(name))).toBe(true);
  expect(again.map(({ digest }) => digest)).toEqual(first.map(({ digest }) => digest));
  const readers = Array.from({ length: LANES }, () => new PackReader(store));
  const read: Message[] = [];
  for (const segment of again)
    for (const row of await readSegment(primitives, readers, keys, { segment }))
      if (isMessageRow(row)) read.push(row.message);
  expect(read).toEqual(messages);
});

test("messages that are long fill a segment sooner", async () => {
  const store = memoryStore();
  const options = { primitives, store, clock, language: "en", deviceName: "test" } as const;
  const made = { ...options, emptyRoot, emptyContentRoot: emptyContentRoot(primitives) };
  const { vault } = await createVault(made);
  const long = messages
    .slice(0, 60)
    .map((message): Message => ({ ...message, body: { text: "长".repeat(100_000) } }));
  const segments = await build(vault, keysOf(vault), { isFinished: true, of: long });
  expect(segments.map(({ rows }) => rows)).toEqual([21, 21, 18]);
});

/** One run: texts fill small packs, the other lanes none; unless it is finished, what is not full is lost. */
async function build(
  vault: Vault,
  keys: RowKeys,
  {
    isFinished = false,
    of = messages,
  }: { readonly isFinished?: boolean; readonly of?: readonly Message[] } = {},
): Promise<readonly Segment[]> {
  const { root } = await loadHistory(vault, await newestSnapshot(vault));
  const resume = await Resume.open(vault, root);
  const onStored = resume.noteStored.bind(resume);
  const writers = Array.from({ length: LANES }, (_, lane) =>
    packWriter(vault, { onStored, ...(lane === LANE.text && { aimBytes: 40_000 }) }),
  );
  const target = {
    primitives,
    seal: sealRows.bind(undefined, primitives),
    writers,
    keys,
    run: "run",
    resume,
  };
  const builder = new SegmentBuilder(target, emptyLog);
  for (const message of of) await builder.add(message);
  await builder.finish();
  if (isFinished) for (const writer of writers) await writer.flush();
  else await new Promise((done) => setTimeout(done, 50));
  return builder.segments;
}

function keysOf(vault: Vault): RowKeys {
  const [key, saltKey] = [primitives.random(32), primitives.random(32)];
  return { vaultId: vault.id, collection: "ab".repeat(16), key, epoch: 0, saltKey };
}

function packsOf(segments: readonly Segment[], lane: number | undefined): Set<string> {
  return new Set(segments.flatMap(({ lanes }) => lanes[lane!]?.[0] ?? []));
}
