import { describe, expect, test } from "vitest";
import { historyEvents, madeHistory } from "../../../testing/history/index.ts";
import { testPrimitives } from "../../../testing/primitives.ts";
import { canonicalText, type ReadEvent } from "../../model/index.ts";
import {
  createVault,
  memoryStore,
  newestSnapshot,
  openVault,
  type MemoryStore,
  type Snapshot,
  type Vault,
} from "../../vault/index.ts";
import { meterStore } from "../../vault/store/index.ts";
import { backup } from "../backup.ts";
import { check } from "./check.ts";
import { compact, planCompact } from "./compact.ts";
import { copyTo, repair } from "./copies/copy.ts";
import { diff } from "../diff.ts";
import { forgetMessages, planForgetMessages } from "./forget-messages.ts";
import { forgetChats, forgetSnapshots, planForgetSnapshots } from "./forget.ts";
import { planPrune, prune } from "./prune.ts";
import { restoredEvents } from "../restore.ts";
import { rotate } from "./rotate.ts";
import { historyAt } from "../state/snapshots.ts";
import {
  collectionNamed,
  emptyContentRoot,
  emptyRoot,
  isChat,
  loadHistory,
  manifestOf,
  type History,
} from "../state/state.ts";
import { planUndo, undo } from "./undo.ts";

const primitives = await testPrimitives();

function sizeOf(names: readonly string[], { objects }: MemoryStore): number {
  return names.reduce((sum, name) => sum + objects.get(name)!.length, 0);
}

let now = 1_790_000_000_000;
const clock = { now: () => (now += 1000) };
const dayMs = 86_400_000;

async function makeVault() {
  const store = memoryStore();
  const options = { primitives, store, clock, language: "en", deviceName: "test" } as const;
  return {
    store,
    ...(await createVault({ ...options, emptyRoot, emptyContentRoot: emptyContentRoot(primitives) })),
  };
}

const load = async (vault: Vault): Promise<History> => loadHistory(vault, await newestSnapshot(vault));

const from = (events: () => Iterable<ReadEvent> | AsyncIterable<ReadEvent>, name = "phone") => ({
  name,
  async *read() {
    yield* events();
  },
});

async function allTexts(history: History): Promise<string[]> {
  const texts: string[] = [];
  for await (const event of restoredEvents(history)) {
    if (event.type === "finding") throw new TypeError(event.finding.code);
    if (event.type === "message") texts.push(canonicalText(event.message));
  }
  return texts.sort();
}

const full = async (vault: Vault) => (await check(await load(vault), { level: "full" })).damages;

function done(result: Snapshot | "raced"): Snapshot {
  if (result === "raced") throw new TypeError("raced");
  return result;
}

const options = { seed: 1, messages: 3000, chats: 6, attachmentBytes: 400_000 };

describe("check", () => {
  test("finds nothing in a vault that is whole, at every level", async () => {
    const { vault } = await makeVault();
    await backup(
      vault,
      from(() => madeHistory(options)),
    );
    await backup(
      vault,
      from(() => madeHistory({ ...options, day2: { messages: 300 } })),
    );
    for (const level of ["structure", "sample", "full"] as const) {
      const result = await check(await load(vault), { level });
      expect(result.damages).toEqual([]);
      expect(result.unknownPacks).toEqual([]);
    }
  });

  test("names every pack that is missing, short or altered, and every planted one", async () => {
    const { vault, store } = await makeVault();
    const first = await load(vault);
    await backup(
      vault,
      from(() => madeHistory(options)),
    );
    // The key directory of the version before is needed by nobody.
    const isNeeded = (name: string): boolean => !name.endsWith(first.snapshot.head.directory[0]);
    const packs = [...store.objects.keys()].filter((name) => name.startsWith("packs/")).filter(isNeeded);
    for (const name of packs) {
      const bytes = store.objects.get(name)!;
      const history = await load(vault);
      store.objects.delete(name);
      const named = (await check(history, { level: "structure" })).damages.map(({ pack }) => `packs/${pack}`);
      expect(named).toContain(name);
      store.objects.set(name, bytes);
    }
    store.objects.set("packs/" + "0".repeat(26), primitives.random(4096));
    expect((await check(await load(vault), { level: "structure" })).unknownPacks).toEqual(["0".repeat(26)]);
  });
});

describe("compaction", () => {
  for (const plan of ["merge-deltas", "fold"] as const) {
    test(`by ${plan} changes nothing of the content`, async () => {
      const { vault } = await makeVault();
      await backup(
        vault,
        from(() => madeHistory(options)),
      );
      for (const messages of [100, 200, 400]) {
        await backup(
          vault,
          from(() => madeHistory({ ...options, day2: { messages } })),
        );
      }
      await backup(
        vault,
        from(() => madeHistory({ ...options, seed: 5, messages: 900 }), "old phone"),
      );
      const before = await load(vault);
      expect(before.deltas.length).toBeGreaterThan(2);
      const texts = await allTexts(before);
      const snapshot = done(await compact(before, plan));
      expect(snapshot.head.contentRoot).toBe(before.snapshot.head.contentRoot);
      expect(snapshot.head.counts).toEqual(before.snapshot.head.counts);
      const after = await load(vault);
      expect(after.deltas).toHaveLength(plan === "fold" ? 0 : 1);
      expect(await allTexts(after)).toEqual(texts);
      expect(await full(vault)).toEqual([]);
      const again = await backup(
        vault,
        from(() => madeHistory({ ...options, day2: { messages: 400 } })),
      );
      expect(again.chats.reduce((sum, chat) => sum + chat.added, 0)).toBe(0);
    });
  }

  test("writes little anew, however often a little is added, and leaves few pieces", async () => {
    const { vault } = await makeVault();
    const [first, each, rounds] = [3000, 20, 25];
    const all = [...historyEvents({ seed: 3, messages: first + each * rounds, chats: 1 })];
    let written = 0;
    let before = new Set<string>();
    for (let round = 0; round <= rounds; round++) {
      let i = 0;
      const end = first + each * round;
      await backup(
        vault,
        from(() => all.filter((event) => event.type !== "message" || i++ < end)),
      );
      if (round > 0) done(await compact(await load(vault), "fold"));
      const history = await load(vault);
      const collection = [...history.tree.keys()].find((id) => isChat(history, id))!;
      const { messages, late } = (await manifestOf(history, collection))!;
      expect(late).toEqual([]);
      expect(messages.reduce((sum, { rows }) => sum + rows, 0)).toBe(end);
      expect(messages.length).toBeLessThan(8);
      const pieces = new Map(messages.map(({ lanes, rows }) => [JSON.stringify(lanes), rows]));
      if (round > 0) for (const [name, rows] of pieces) written += before.has(name) ? 0 : rows;
      before = new Set(pieces.keys());
    }
    expect(written).toBeLessThan(6 * each * rounds);
    expect(await full(vault)).toEqual([]);
  });

  test("is planned once there are more than 32 deltas", async () => {
    const { vault } = await makeVault();
    const all = [...historyEvents({ seed: 3, messages: 40, chats: 1 })];
    for (let n = 1; n <= 35; n++) {
      let i = 0;
      await backup(
        vault,
        from(() => all.filter((event) => event.type !== "message" || i++ < n)),
      );
    }
    const history = await load(vault);
    expect(history.deltas).toHaveLength(35);
    expect(planCompact(history)).toBe("merge-deltas");
    await compact(history, "merge-deltas");
    expect((await load(vault)).deltas).toHaveLength(1);
    expect(await full(vault)).toEqual([]);
  });
});

describe("forget and prune", () => {
  test("of versions frees what only they needed, and not before the quarantine is over", async () => {
    const { vault, store } = await makeVault();
    await backup(
      vault,
      from(() => madeHistory(options)),
    );
    // Enough for what lies before it to be written anew with it.
    await backup(
      vault,
      from(() => madeHistory({ ...options, day2: { messages: 1500 } })),
    );
    done(await compact(await load(vault), "fold"));
    const texts = await allTexts(await load(vault));
    const { forget } = await planForgetSnapshots(await load(vault), { last: 1 });
    done(await forgetSnapshots(await load(vault), forget));
    const plan = await planPrune(await load(vault));
    expect(plan.giveUp.length).toBeGreaterThan(0);
    expect(plan.remove).toEqual([]);
    const before = store.objects.size;
    done(await prune(await load(vault), plan));
    expect((await planPrune(await load(vault))).remove).toEqual([]);
    now += 8 * dayMs;
    const later = await planPrune(await load(vault));
    expect(new Set(later.remove)).toEqual(new Set(plan.giveUp));
    done(await prune(await load(vault), later));
    expect(store.objects.size).toBeLessThan(before);
    expect(await allTexts(await load(vault))).toEqual(texts);
    expect(await full(vault)).toEqual([]);
    await expect(historyAt(await load(vault), forget[0]!)).rejects.toMatchObject({ code: "store.not-found" });
  });

  test("of a chat takes it out of every version, and leaves the others", async () => {
    const { vault } = await makeVault();
    const first = (
      await backup(
        vault,
        from(() => madeHistory(options)),
      )
    ).snapshot;
    const result = await backup(
      vault,
      from(() => madeHistory({ ...options, day2: { messages: 300 } })),
    );
    const { chat, collection } = result.chats[0]!;
    const others = (await allTexts(await load(vault))).filter((text) => !text.includes(`"chat":"${chat}"`));
    done(await forgetChats(await load(vault), new Set([collection])));
    const history = await load(vault);
    expect(collectionNamed(history, chat)).toBeUndefined();
    expect(await allTexts(history)).toEqual(others);
    const old = await allTexts(await historyAt(history, first.head.number));
    expect(old.length).toBeGreaterThan(1000);
    expect(old.some((text) => text.includes(`"chat":"${chat}"`))).toBe(false);
    expect(await full(vault)).toEqual([]);
  });
});

test("a chat can be forgotten after its deltas were folded, forgotten and pruned", async () => {
  const { vault } = await makeVault();
  const source = from(() => madeHistory(options));
  await backup(vault, source);
  await backup(
    vault,
    from(() => madeHistory({ ...options, day2: { messages: 300 } })),
  );
  done(await compact(await load(vault), "fold"));
  const { forget } = await planForgetSnapshots(await load(vault), {});
  done(await forgetSnapshots(await load(vault), forget));
  done(await prune(await load(vault), await planPrune(await load(vault))));
  now += 8 * dayMs;
  done(await prune(await load(vault), await planPrune(await load(vault))));
  const history = await load(vault);
  expect([...history.entries.values()].filter(({ ref }) => ref !== undefined)).toEqual([]);
  const [collection] = history.tree.keys();
  done(await forgetChats(history, new Set([collection!])));
  expect(await full(vault)).toEqual([]);
});

describe("undo", () => {
  test("takes back a backup, a forgotten chat and a prune", async () => {
    const { vault } = await makeVault();
    await backup(
      vault,
      from(() => madeHistory(options)),
    );
    const texts = await allTexts(await load(vault));
    const result = await backup(
      vault,
      from(() => madeHistory({ ...options, seed: 9 }), "other"),
    );
    done(await undo(await load(vault), await planUndo(await load(vault))));
    expect(await allTexts(await load(vault))).toEqual(texts);
    done(await forgetChats(await load(vault), new Set([result.chats[0]!.collection])));
    done(await undo(await load(vault), await planUndo(await load(vault))));
    expect(await allTexts(await load(vault))).toEqual(texts);
    const plan = await planPrune(await load(vault));
    done(await prune(await load(vault), plan));
    done(await undo(await load(vault), await planUndo(await load(vault))));
    expect((await load(vault)).root.dead).toEqual([]);
    expect(await full(vault)).toEqual([]);
  });
});

describe("copies", () => {
  test("open by themselves and heal each other", async () => {
    const { vault, store, words } = await makeVault();
    const empty = (await load(vault)).snapshot.head;
    await backup(
      vault,
      from(() => madeHistory(options)),
    );
    const second = memoryStore();
    await copyTo(await load(vault), second);
    const texts = await allTexts(await load(vault));
    const secret = { kind: "words", words: words.join(" ") } as const;
    const opened = await openVault({ primitives, store: second, clock, secret });
    expect(await allTexts(await loadHistory(opened.vault, opened.snapshot))).toEqual(texts);
    expect((await copyTo(await load(vault), second)).copiedPacks).toBe(0);
    const packs = [...store.objects.keys()].filter((name) => name.startsWith("packs/"));
    const { root, directory } = (await load(vault)).snapshot.head;
    const others = [root, directory, empty.directory].map(([pack]) => `packs/${pack}`);
    const [a, b] = packs.filter((name) => !others.includes(name));
    store.objects.delete(a!);
    const altered = second.objects.get(b!)!.slice();
    altered[100]! ^= 1;
    second.objects.set(b!, altered);
    await copyTo(await load(vault), second);
    expect(await full(vault)).toEqual([]);
    expect(second.objects.get(b!)).toEqual(store.objects.get(b!));
    for (const name of store.objects.keys())
      if (name.startsWith("packs/")) store.objects.get(name)!.fill(0, 8, 200);
    const repaired = await repair(vault, second);
    expect(repaired.lost).toEqual([]);
    expect(await full(vault)).toEqual([]);
  });

  test("are made level without reading what both list alike, and heal what one has lost", async () => {
    const { vault, store } = await makeVault();
    const source = from(() => madeHistory(options));
    await backup(vault, source);
    const second = memoryStore();
    const quick = { reads: "missing" } as const;
    await copyTo(await load(vault), second, quick);
    await backup(
      vault,
      from(() => madeHistory({ ...options, seed: 88 }), "tablet"),
    );
    const metered = meterStore(second);
    const packs = [...second.objects.keys()].filter((name) => name.startsWith("packs/"));
    const result = await copyTo(await load(vault), metered, quick);
    expect(result.copiedPacks).toBeGreaterThan(0);
    expect(metered.counts().get.bytes).toBeLessThan(sizeOf(packs, second) / 2);
    const theirs = { ...vault, store: second };
    expect(await allTexts(await load(theirs))).toEqual(await allTexts(await load(vault)));
    store.objects.delete(packs[0]!);
    second.objects.delete(packs[1]!);
    second.objects.set(packs[2]!, second.objects.get(packs[2]!)!.slice(1));
    const healed = await copyTo(await load(theirs), store, quick);
    expect([healed.healedHere.length, healed.healedThere.length, healed.copiedPacks]).toEqual([2, 0, 1]);
    for (const each of [vault, theirs]) expect(await full(each)).toEqual([]);
  });
});

describe("repair of heads and slot documents", () => {
  test("puts damaged and missing ones back from the copy", async () => {
    const { vault, store, words } = await makeVault();
    const source = from(() => madeHistory(options));
    await backup(vault, source);
    const second = memoryStore();
    await copyTo(await load(vault), second);
    const texts = await allTexts(await load(vault));
    const names = [...store.objects.keys()].filter((name) => !name.startsWith("packs/"));
    for (const name of names) store.objects.get(name)!.fill(7, 20, 60);
    const secret = { kind: "words", words: words.join(" ") } as const;
    const there = await openVault({ primitives, store: second, clock, secret });
    await repair({ ...there.vault, store }, second);
    const { vault: healed, snapshot } = await openVault({ primitives, store, clock, secret });
    expect(await allTexts(await loadHistory(healed, snapshot))).toEqual(texts);
    expect(await full(healed)).toEqual([]);
  });

  test("never takes the branch of a copy that went another way", async () => {
    const { vault, store } = await makeVault();
    const source = from(() => madeHistory(options));
    await backup(vault, source);
    const second = memoryStore(new Map(store.objects));
    const theirs: Vault = { ...vault, store: second };
    for (const seed of [71, 72, 73]) {
      const other = from(() => madeHistory({ ...options, seed }), `phone ${seed}`);
      await backup(theirs, other);
    }
    const ours = from(() => madeHistory({ ...options, seed: 74 }), "tablet");
    await backup(vault, ours);
    const texts = await allTexts(await load(vault));
    await expect(repair(vault, second)).rejects.toMatchObject({ code: "history.diverged" });
    expect(await allTexts(await load(vault))).toEqual(texts);
  });
});

describe("rotation", () => {
  test("uploads no message and no attachment again, and old keys open nothing that is new", async () => {
    const { vault, store } = await makeVault();
    await backup(
      vault,
      from(() => madeHistory(options)),
    );
    const sizeOf = (): number => [...store.objects.values()].reduce((sum, bytes) => sum + bytes.length, 0);
    const before = sizeOf();
    const history = await load(vault);
    const rotated = await rotate(history);
    expect(done(rotated.snapshot).head.contentRoot).toBe(history.snapshot.head.contentRoot);
    // A slot document, a head, and two packs: the key directory has one of its own.
    expect(sizeOf() - before).toBeLessThan(44_100);
    await backup(
      rotated.vault,
      from(() => madeHistory({ ...options, day2: { messages: 300 } })),
    );
    await expect(newestSnapshot(vault)).rejects.toMatchObject({ code: "vault.older-than-floor" });
    expect(await full(rotated.vault)).toEqual([]);
  });
});

test("a difference lists the chats that changed", async () => {
  const { vault } = await makeVault();
  const first = (
    await backup(
      vault,
      from(() => madeHistory(options)),
    )
  ).snapshot;
  await backup(
    vault,
    from(() => madeHistory({ ...options, day2: { messages: 300 } })),
  );
  const history = await load(vault);
  const differences = diff(await historyAt(history, first.head.number), history);
  expect(differences.length).toBeGreaterThan(0);
  const added = differences.reduce((sum, { messages: [a, b] }) => sum + b - a, 0);
  expect(added).toBe(330);
});

describe("packs of which little is needed", { timeout: 120_000 }, () => {
  const big = { ...options, messages: 1500, attachmentBytes: 3_000_000 };
  const sizeOf = (store: { objects: Map<string, Uint8Array> }): number =>
    [...store.objects.values()].reduce((sum, bytes) => sum + bytes.length, 0);
  const twice = async (vault: Vault): Promise<void> => {
    done(await prune(await load(vault), await planPrune(await load(vault))));
    now += 8 * dayMs;
    done(await prune(await load(vault), await planPrune(await load(vault))));
  };

  test("are written anew, for every version that is kept, and the rest of them comes free", async () => {
    const { vault, store } = await makeVault();
    const first = (
      await backup(
        vault,
        from(() => madeHistory(big)),
      )
    ).snapshot;
    await backup(
      vault,
      from(() => madeHistory({ ...big, day2: { messages: 300 } })),
    );
    const all = await planForgetMessages(await load(vault), { kinds: ["video", "file", "voice", "image"] });
    const { chat } = all.chats[0]!;
    const chats = all.chats.map((each) => each.chat).filter((each) => each !== chat);
    const { rule } = await planForgetMessages(await load(vault), { ...all.rule, chats });
    done(await forgetMessages(await load(vault), rule));
    const [texts, old] = [
      await allTexts(await load(vault)),
      await historyAt(await load(vault), first.head.number),
    ];
    const oldTexts = await allTexts(old);
    const plan = await planPrune(await load(vault));
    expect(plan.repack.length).toBeGreaterThan(0);
    const before = sizeOf(store);
    done(await prune(await load(vault), plan));
    // Both are there until the wait is over, and the step can be taken back.
    expect(sizeOf(store)).toBeGreaterThan(before);
    done(await undo(await load(vault), await planUndo(await load(vault))));
    expect(await allTexts(await load(vault))).toEqual(texts);
    await twice(vault);
    expect(before - sizeOf(store)).toBeGreaterThan(plan.repackBytes * 0.8);
    expect(await allTexts(await load(vault))).toEqual(texts);
    expect(await allTexts(await historyAt(await load(vault), first.head.number))).toEqual(oldTexts);
    for await (const event of restoredEvents(await load(vault)))
      if (event.type === "message")
        for (const file of event.files ?? []) for await (const _ of file?.open() ?? []);
    expect(await full(vault)).toEqual([]);
    expect((await planPrune(await load(vault))).repack).toEqual([]);
    const again = await backup(
      vault,
      from(() => madeHistory({ ...big, day2: { messages: 300 } })),
    );
    expect(again.newFiles.count).toBe(0);
  });

  test("with what only a delta needs of them are written anew as well", async () => {
    const { vault, store } = await makeVault();
    await backup(
      vault,
      from(() => historyEvents({ seed: 3, messages: 5, chats: 2 })),
    );
    const files = { seed: 3, messages: 900, chats: 2, attachmentBytes: 2_000_000 };
    await backup(
      vault,
      from(() => madeHistory({ ...files, messages: 200 })),
    );
    const { rule } = await planForgetMessages(await load(vault), { kinds: ["video", "file"] });
    done(await forgetMessages(await load(vault), rule));
    const texts = await allTexts(await load(vault));
    const before = sizeOf(store);
    expect((await planPrune(await load(vault))).repack.length).toBeGreaterThan(0);
    await twice(vault);
    expect(sizeOf(store)).toBeLessThan(before);
    expect(await allTexts(await load(vault))).toEqual(texts);
    expect(await full(vault)).toEqual([]);
  });
});
