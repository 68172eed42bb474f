import { describe, expect, test } from "vitest";
import { historyEvents, madeHistory } from "../../../../testing/history/index.ts";
import { testPrimitives } from "../../../../testing/primitives.ts";
import { canonicalText, type ReadEvent } from "../../../model/index.ts";
import {
  addDevice,
  createVault,
  memoryStore,
  newestSnapshot,
  openVault,
  type MemoryStore,
  type Snapshot,
  type Store,
  type Vault,
} from "../../../vault/index.ts";
import { backup } from "../../backup.ts";
import { newChoice, setChoices } from "../../choose.ts";
import { RowReader } from "../../rows/read.ts";
import { chatCollections } from "../../state/chats.ts";
import { listSnapshots } from "../../state/snapshots.ts";
import { readSources } from "../../state/sources.ts";
import { emptyContentRoot, emptyRoot, loadHistory, type History } from "../../state/state.ts";
import { storedAttachments } from "../../intake/attachments.ts";
import { HistoryView } from "../../view.ts";
import { check } from "../check.ts";
import { compact } from "../compact.ts";
import { forgetMessages, planForgetMessages } from "../forget-messages.ts";
import { forgetChats } from "../forget.ts";
import { planPrune, prune } from "../prune.ts";
import { planUndo, undo } from "../undo.ts";
import { copyTo, repair } from "./copy.ts";
import { merge, planMerge, withNewerKeys } from "./merge.ts";

const primitives = await testPrimitives();
let now = 1_790_000_000_000;
const clock = { now: () => (now += 1000) };
const life = { seed: 1, messages: 900, chats: 5, attachmentBytes: 200_000 };

/** One vault, and its copy in a second store. */
async function twoCopies() {
  const store = memoryStore();
  const made = { primitives, store, clock, language: "en", deviceName: "test" } as const;
  const created = await createVault({ ...made, emptyRoot, emptyContentRoot: emptyContentRoot(primitives) });
  await run(created.vault);
  const second = memoryStore();
  await copyTo(await load(created.vault), second);
  return { ...created, store, ours: created.vault, theirs: on(created.vault, second), second };
}

const on = (vault: Vault, store: Store): Vault => ({ ...vault, store });
const load = async (vault: Vault): Promise<History> => loadHistory(vault, await newestSnapshot(vault));
const run = (vault: Vault, of: object = life, name = "phone") =>
  backup(vault, { name, read: () => madeHistory({ ...life, ...of }) });
const fork = (vault: Vault, store: MemoryStore): Vault => on(vault, memoryStore(new Map(store.objects)));

function done(result: Snapshot | "raced"): Snapshot {
  if (result === "raced") throw new TypeError("raced");
  return result;
}

/** All that a person can tell of a history: each message, its versions, which source saw it last when; who and what. */
async function shown(history: History): Promise<unknown> {
  const reader = new RowReader(history);
  const view = new HistoryView(reader);
  const files = await storedAttachments(history);
  const chats: unknown[] = [];
  for (const collection of chatCollections(history)) {
    const messages: string[] = [];
    for await (const { message, versions } of view.messages(collection)) {
      const seen = versions.map((each) => [
        each.digest,
        [...new Set(each.seen.map(({ source }) => source))].sort(),
      ]);
      messages.push(canonicalText({ message, seen: seen.sort(([a], [b]) => (a! < b! ? -1 : 1)) }));
    }
    const described = await view.chat(collection);
    const people = [...(described?.accounts ?? [])].sort(([a], [b]) => (a < b ? -1 : 1));
    const digests = (files.get(collection) ?? []).map(({ sha256 }) => sha256).sort();
    chats.push([described?.chat, people, digests, messages]);
  }
  const { sources, runs } = await readSources(reader);
  const known = [...sources.keys(), ...runs.map(({ id }) => id)].sort();
  return [chats.map((chat) => canonicalText(chat)).sort(), known];
}

const full = async (vault: Vault) => (await check(await load(vault), { level: "full" })).damages;
const mergeFrom = async (ours: Vault, theirs: Vault) =>
  done(await merge(await load(ours), await load(theirs)));

describe("merging two copies that went apart", { timeout: 120_000 }, () => {
  test("gives all that either has, whichever way round, and once only", async () => {
    const { ours, theirs, store, second } = await twoCopies();
    await run(ours, { day2: { messages: 120 } });
    await run(ours, { seed: 2, messages: 200 }, "tablet");
    await run(theirs, { seed: 3, messages: 300 }, "PC");
    await run(theirs, { day2: { messages: 200 } });
    await run(theirs, { seed: 2, messages: 250 }, "tablet");
    done(await compact(await load(theirs), "fold"));
    const [oneWay, other] = [fork(ours, store), fork(theirs, second)];
    const plan = await planMerge(await load(oneWay), await load(theirs));
    expect(plan).toMatchObject({ relation: "apart", versions: 4, leftOut: 0, forgottenChats: 0 });
    expect(plan.attachments).toBeGreaterThan(0);
    const before = (await load(oneWay)).snapshot.head.counts;
    const { head } = await mergeFrom(oneWay, theirs);
    expect(head.counts.messages - before.messages).toBe(
      plan.chats.reduce((sum, { messages }) => sum + messages, 0),
    );
    await mergeFrom(other, ours);
    const all = await shown(await load(oneWay));
    expect(await shown(await load(other))).toEqual(all);
    for (const vault of [oneWay, other]) expect(await full(vault)).toEqual([]);
    expect((await planMerge(await load(oneWay), await load(theirs))).relation).toBe("ahead");
    const again = await run(oneWay, { seed: 3, messages: 300 }, "PC");
    expect(again.chats.reduce((sum, { added }) => sum + added, 0)).toBe(0);
    expect(again.newFiles.count).toBe(0);
  });

  test("and copying back makes the two one, with one newest version and nothing lost", async () => {
    for (const [mine, other] of [
      [1, 3],
      [3, 1],
      [2, 2],
    ] as const) {
      const { ours, theirs, second } = await twoCopies();
      for (let i = 0; i < mine; i++) await run(ours, { seed: 10 + i, messages: 60 }, `mine ${i}`);
      for (let i = 0; i < other; i++) await run(theirs, { seed: 20 + i, messages: 60 }, `other ${i}`);
      const anchor = (await load(theirs)).snapshot.head;
      await expect(copyTo(await load(ours), second)).rejects.toMatchObject({ code: "history.diverged" });
      const merged = await mergeFrom(ours, theirs);
      expect(await full(ours)).toEqual([]);
      await copyTo(await load(ours), second);
      const there = await newestSnapshot(theirs, anchor);
      expect(there.head.hash).toBe(merged.head.hash);
      expect(await shown(await load(theirs))).toEqual(await shown(await load(ours)));
      expect(await full(theirs)).toEqual([]);
      const numbers = async (vault: Vault): Promise<number[]> => {
        const kept: number[] = [];
        for await (const { head, isForgotten } of listSnapshots(await load(vault)))
          if (!isForgotten) kept.push(head.number);
        return kept;
      };
      expect(await numbers(theirs)).toEqual(await numbers(ours));
      // Whichever is written to next, the other takes it over, and each heals the other.
      await run(theirs, { seed: 30, messages: 60 }, "later");
      await repair(ours, second);
      expect((await newestSnapshot(ours)).head.hash).toBe((await newestSnapshot(theirs)).head.hash);
      expect(await full(ours)).toEqual([]);
    }
  });

  test("can be taken back, and brought back", async () => {
    const { ours, theirs } = await twoCopies();
    await run(ours, { seed: 2, messages: 100 }, "tablet");
    await run(theirs, { seed: 3, messages: 100 }, "PC");
    const before = await shown(await load(ours));
    await mergeFrom(ours, theirs);
    const merged = await shown(await load(ours));
    done(await undo(await load(ours), await planUndo(await load(ours))));
    expect(await shown(await load(ours))).toEqual(before);
    done(await undo(await load(ours), await planUndo(await load(ours))));
    expect(await shown(await load(ours))).toEqual(merged);
    expect(await full(ours)).toEqual([]);
  });

  test("gives the last word on what a source shows to its latest run, whichever copy that wrote to", async () => {
    const events = [...historyEvents({ seed: 7, messages: 40, chats: 1 })];
    const without = (n: number): ReadEvent[] => {
      let i = 0;
      return events.filter((event) => event.type !== "message" || i++ !== n);
    };
    const { ours, theirs, store, second } = await twoCopies();
    const gone = { acceptShrink: true };
    const take = (vault: Vault, list: readonly ReadEvent[]) =>
      backup(
        vault,
        {
          name: "old phone",
          async *read() {
            yield* list;
          },
        },
        gone,
      );
    for (const vault of [ours, theirs]) await take(vault, events);
    await take(ours, without(20));
    await take(theirs, without(20));
    await take(theirs, events);
    const [oneWay, other] = [fork(ours, store), fork(theirs, second)];
    await mergeFrom(oneWay, theirs);
    await mergeFrom(other, ours);
    const all = await shown(await load(oneWay));
    expect(await shown(await load(other))).toEqual(all);
    expect(JSON.stringify(all).includes("deletedLocally")).toBe(false);
  });

  test("does not bring back what was forgotten here, and takes nothing away", async () => {
    const { ours, theirs } = await twoCopies();
    const { rule } = await planForgetMessages(await load(ours), { kinds: ["image"] });
    done(await forgetMessages(await load(ours), rule));
    const [chat] = chatCollections(await load(ours));
    done(await forgetChats(await load(ours), new Set([chat!])));
    await run(theirs, { seed: 3, messages: 300 }, "PC");
    const plan = await planMerge(await load(ours), await load(theirs));
    expect(plan.forgottenChats).toBe(1);
    expect(plan.leftOut).toBeGreaterThan(0);
    await mergeFrom(ours, theirs);
    const history = await load(ours);
    expect(history.entries.has(chat!)).toBe(false);
    expect((await planForgetMessages(history, rule)).chats).toEqual([]);
    expect(await full(ours)).toEqual([]);
    // The other way round, the rule comes along for later backups, and what is there stays.
    const images = (await planForgetMessages(await load(theirs), rule)).chats;
    expect(images.length).toBeGreaterThan(0);
  });

  test("keeps each copy's choices, and leaves removed what either removed", async () => {
    const { ours, store, second } = await twoCopies();
    const chosen = async (vault: Vault) => (await load(vault)).root.choices ?? [];
    const choose = async (vault: Vault, kind: string) => {
      const history = await load(vault);
      const choice = newChoice(history, { what: "messages", kinds: [kind] });
      done(await setChoices(history, [...(await chosen(vault)), choice]));
      return choice;
    };
    const remove = async (vault: Vault, gone: string) =>
      done(
        await setChoices(
          await load(vault),
          (await chosen(vault)).filter(({ id }) => id !== gone),
        ),
      );
    const [first, next] = [await choose(ours, "image"), await choose(ours, "video")];
    await copyTo(await load(ours), second);
    const theirs = on(ours, second);
    await remove(ours, first.id);
    const here = await choose(ours, "file");
    const there = await choose(theirs, "sticker");
    const other = fork(theirs, second);
    await mergeFrom(other, ours);
    const old = on(ours, memoryStore(new Map(second.objects)));
    await mergeFrom(ours, theirs);
    const left = [next, here, there].map(({ id }) => id).sort();
    for (const vault of [ours, other]) expect((await chosen(vault)).map(({ id }) => id).sort()).toEqual(left);
    // A copy that stayed behind brings it back no more than the first did.
    await choose(old, "voice");
    await mergeFrom(ours, old);
    expect((await chosen(ours)).map(({ id }) => id)).not.toContain(first.id);
    // The last choice of all can go too.
    for (const { id } of await chosen(ours)) await remove(ours, id);
    await run(old, { seed: 3, messages: 80 }, "PC");
    await mergeFrom(ours, old);
    expect(await chosen(ours)).toEqual([]);
    expect(await full(on(ours, store))).toEqual([]);
  });

  test("keeps to what prune gave up, and a stale copy does not bring it back", async () => {
    const { ours, store, second } = await twoCopies();
    const { rule } = await planForgetMessages(await load(ours), { kinds: ["image", "video", "file"] });
    done(await forgetMessages(await load(ours), rule));
    done(await prune(await load(ours), await planPrune(await load(ours), { quarantineMs: 0 })));
    now += 1000;
    done(await prune(await load(ours), await planPrune(await load(ours), { quarantineMs: 0 })));
    const packs = [...store.objects.keys()].filter((name) => name.startsWith("packs/")).sort();
    await copyTo(await load(ours), second);
    expect([...store.objects.keys()].filter((name) => name.startsWith("packs/")).sort()).toEqual(packs);
  });

  test("takes keys that were changed in the other copy, and refuses where both changed them", async () => {
    const { ours, theirs, words, store, second } = await twoCopies();
    const added = await addDevice(theirs);
    await run(on(added.vault, second), { seed: 3, messages: 80 }, "PC");
    await run(ours, { seed: 2, messages: 80 }, "tablet");
    const overlay = await withNewerKeys(store, second);
    const secret = { kind: "words", words: words.join(" ") } as const;
    const opened = await openVault({ primitives, store: overlay!, clock, secret });
    const vault = { ...opened.vault, device: ours.device };
    await mergeFrom(vault, on(vault, second));
    const reopened = await openVault({ primitives, store, clock, secret });
    expect(reopened.vault.document.devices).toHaveLength(2);
    expect(await full({ ...reopened.vault })).toEqual([]);
    expect(await withNewerKeys(store, second)).toBeUndefined();
    await addDevice({ ...reopened.vault, device: ours.device });
    await addDevice(on(added.vault, second));
    await expect(withNewerKeys(store, second)).rejects.toMatchObject({ code: "keys.diverged" });
  });
});
