import { expect, test } from "vitest";
import { madeHistory } from "../../testing/history/index.ts";
import { testPrimitives } from "../../testing/primitives.ts";
import { bytesToHex, KeepsakeError } from "../base/index.ts";
import type { ReadEvent } from "../model/index.ts";
import { createVault, memoryStore, newestSnapshot, type Store, type Vault } from "../vault/index.ts";
import { backup } from "./backup.ts";
import { check } from "./care/check.ts";
import { compact } from "./care/compact.ts";
import { copyTo } from "./care/copies/copy.ts";
import { forgetChats } from "./care/forget.ts";
import { planPrune, prune } from "./care/prune.ts";
import { storedAttachments } from "./intake/attachments.ts";
import { keptInventory, type InventoryItem } from "./state/inventory.ts";
import { collectionNamed, emptyContentRoot, emptyRoot, loadHistory, type History } from "./state/state.ts";

const primitives = await testPrimitives();
const WEEK_MS = 7 * 86_400_000;
const day = (text: string): number => Date.parse(text);
const options = { messages: 1500, chats: 5, attachmentBytes: 1_500_000 };
const years = { startMs: day("2016-03-01"), endMs: day("2026-08-01") };

/** A store that remembers which week each object was given. */
function watchedStore() {
  const plain = memoryStore();
  const weeks = new Map<string, number | undefined>();
  const store: Store = {
    ...plain,
    put: async (name, bytes, more) => {
      const outcome = await plain.put(name, bytes, more);
      if (outcome === "stored") weeks.set(name, more?.week);
      return outcome;
    },
  };
  return { store, weeks, objects: plain.objects };
}

async function newVault(store: Store): Promise<Vault> {
  const clock = { now: () => 1_790_000_000_000 };
  const about = { primitives, store, clock, language: "en", deviceName: "test" } as const;
  return (await createVault({ ...about, emptyRoot, emptyContentRoot: emptyContentRoot(primitives) })).vault;
}

const load = async (vault: Vault): Promise<History> => loadHistory(vault, await newestSnapshot(vault));
const read = (seed: number, more: object = {}) => madeHistory({ ...options, ...years, seed, ...more });

/** The weeks of the messages by which each content can have come. */
async function weeksOfMessages(events: AsyncIterable<ReadEvent>): Promise<Map<string, Set<number>>> {
  const weeks = new Map<string, Set<number>>();
  for await (const event of events) {
    if (event.type !== "message") continue;
    const { time } = event.message;
    for (const file of event.files ?? []) {
      if (file === undefined) continue;
      const hash = primitives.sha256Stream();
      for await (const piece of file.open()) hash.update(piece);
      const sha256 = bytesToHex(hash.digest());
      if (time.precision === "none") continue;
      weeks.set(sha256, (weeks.get(sha256) ?? new Set()).add(Math.floor(time.sent / WEEK_MS)));
    }
  }
  return weeks;
}

async function packsOf(history: History): Promise<Map<string, InventoryItem[]>> {
  const packs = new Map<string, InventoryItem[]>();
  for await (const item of keptInventory(history, (error) => expect(error).toBeUndefined())) {
    const items = packs.get(item.ref[0]) ?? [];
    packs.set(item.ref[0], [...items, item]);
  }
  return packs;
}

/**
 * The week of each pack is the newest of the files in it, or none. How many have one. Packs of `before` may hold files
 * that were forgotten since.
 */
async function requireWeeks(
  vault: Vault,
  weeks: ReadonlyMap<string, number | undefined>,
  before: ReadonlySet<string> = new Set(),
): Promise<number> {
  let dated = 0;
  for (const [pack, items] of await packsOf(await load(vault))) {
    const given = weeks.get(`packs/${pack}`);
    const own = items.map(({ week }) => week);
    const newest = own.includes(undefined) ? undefined : Math.max(...(own as number[]));
    if (!before.has(`packs/${pack}`)) expect([pack, given]).toEqual([pack, newest]);
    if (given === undefined) continue;
    expect(given).toBeGreaterThanOrEqual(newest!);
    expect(items.every(({ part }) => part === "attachment")).toBe(true);
    dated++;
  }
  for (const [name, week] of weeks) if (!name.startsWith("packs/")) expect(week).toBeUndefined();
  return dated;
}

test.each([1, 2, 3])("a pack has the newest week of the files in it, or none (history %i)", async (seed) => {
  const { store, weeks, objects } = watchedStore();
  const vault = await newVault(store);
  let puts = 0;
  const dying = {
    ...store,
    put: async (...[name, bytes, more]: Parameters<Store["put"]>) => {
      if (name.startsWith("packs/") && ++puts > 2) throw new KeepsakeError("store.unavailable");
      return store.put(name, bytes, more);
    },
  };
  const source = { name: "phone", read: () => read(seed) };
  await expect(backup({ ...vault, store: dying }, source)).rejects.toThrow(/./);
  await backup(vault, source);
  expect(await requireWeeks(vault, weeks)).toBeGreaterThan(3);

  const known = await weeksOfMessages(read(seed));
  const tables = [...(await storedAttachments(await load(vault))).values()].flat();
  for (const { sha256, week } of tables)
    expect(week === undefined ? !known.has(sha256) : known.get(sha256)!.has(week)).toBe(true);
  expect(tables.filter(({ week }) => week !== undefined).length).toBeGreaterThan(20);

  await backup(vault, { name: "phone", read: () => read(seed, { day2: { messages: 200 } }) });
  await compact(await load(vault), "fold");
  expect(await requireWeeks(vault, weeks)).toBeGreaterThan(3);
  const before = new Set(objects.keys());
  for (const chat of [...(await load(vault)).entries.values()]
    .filter(({ kind }) => kind === "chat")
    .slice(1)) {
    const history = await load(vault);
    await forgetChats(history, new Set([collectionNamed(history, chat.name)!]));
  }
  const history = await load(vault);
  const plan = await planPrune(history);
  expect(plan.repack.length).toBeGreaterThan(0);
  await prune(history, plan);
  expect(await requireWeeks(vault, weeks, before)).toBeGreaterThan(0);
  const anew = [...weeks].filter(([name, week]) => week !== undefined && !before.has(name));
  expect(anew.length).toBeGreaterThan(0);

  const copy = watchedStore();
  await copyTo(await load(vault), copy.store);
  expect(await requireWeeks({ ...vault, store: copy.store }, copy.weeks)).toBeGreaterThan(0);
  expect((await check(await load(vault), { level: "full" })).damages).toEqual([]);
});

test("what is years apart does not share packs, and what belongs to no message is kept for ever", async () => {
  const { store, weeks } = watchedStore();
  const vault = await newVault(store);
  await backup(vault, { name: "phone", read: () => read(7) });
  const packs = await packsOf(await load(vault));
  for (const [pack, items] of packs) {
    if (weeks.get(`packs/${pack}`) === undefined) continue;
    const all = items.map(({ week }) => week!);
    expect(Math.max(...all) - Math.min(...all)).toBeLessThan(104);
  }
  const spans = [...weeks.values()].flatMap((week) => (week === undefined ? [] : [Math.floor(week / 104)]));
  expect(new Set(spans).size).toBeGreaterThan(3);
  const forEver = [...packs.values()]
    .flat()
    .filter(({ part, week }) => part === "attachment" && week === undefined);
  const own = forEver.filter(({ ref: [pack] }) => weeks.get(`packs/${pack}`) !== undefined);
  expect(own).toEqual([]);
});
