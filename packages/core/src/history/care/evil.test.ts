import { describe, expect, test } from "vitest";
import { historyEvents, madeHistory } from "../../../testing/history/index.ts";
import { testPrimitives } from "../../../testing/primitives.ts";
import { KeepsakeError } from "../../base/index.ts";
import { canonicalText } from "../../model/index.ts";
import {
  createVault,
  memoryStore,
  newestSnapshot,
  openVault,
  publish,
  packWriter,
  type MemoryStore,
  type Snapshot,
  type Store,
  type Vault,
} from "../../vault/index.ts";
import { backup } from "../backup.ts";
import { restoredEvents } from "../restore.ts";
import { historyAt, listSnapshots } from "../state/snapshots.ts";
import { emptyContentRoot, emptyRoot, loadHistory, type History } from "../state/state.ts";
import { forgetSnapshots, planForgetSnapshots } from "./forget.ts";
import { planPrune, prune } from "./prune.ts";
import { planUndo, undo } from "./undo.ts";

const primitives = await testPrimitives();
const DAY = 86_400_000;
let now = 1_790_000_000_000;
const clock = { now: () => (now += 1000) };
const life = { seed: 8, messages: 400, chats: 3, attachmentBytes: 50_000 };

async function makeVault() {
  const store = memoryStore();
  const made = { primitives, store, clock, language: "en", deviceName: "test" } as const;
  const created = await createVault({ ...made, emptyRoot, emptyContentRoot: emptyContentRoot(primitives) });
  return { ...created, store };
}

const load = async (vault: Vault): Promise<History> => loadHistory(vault, await newestSnapshot(vault));
const run = (vault: Vault, of: object = {}, name = "phone") =>
  backup(vault, { name, read: () => madeHistory({ ...life, ...of }) });

function done(result: Snapshot | "raced"): Snapshot {
  if (result === "raced") throw new TypeError("raced");
  return result;
}

/** All that a history shows, in its order: who, when, what, in which chat. */
async function shown(history: History): Promise<string> {
  const all: string[] = [];
  for await (const event of restoredEvents(history)) {
    if (event.type === "finding") throw new KeepsakeError("vault.corrupt");
    if (event.type === "message") all.push(canonicalText(event.message));
    if (event.type === "chat") all.push(canonicalText(event.chat));
    if (event.type === "account") all.push(canonicalText(event.account));
  }
  return primitives.sha256Text(all.join("\n"));
}

/** What a stolen device can do: a version that it signs, with nothing in it and any date. */
async function publishWorthless(vault: Vault, time: number): Promise<void> {
  const lying = { ...vault, clock: { now: () => time } };
  const snapshot = await newestSnapshot(vault);
  const root = { ...emptyRoot, forgotten: (snapshot.root as { forgotten: number[] }).forgotten };
  const counts = { chats: 9999, messages: 999_999, attachments: 0 };
  const contentRoot = emptyContentRoot(primitives);
  const { head, directory } = snapshot;
  done(
    await publish(lying, packWriter(vault), {
      parents: [head],
      root,
      directory,
      contentRoot,
      counts,
      verb: "backup",
    }),
  );
}

describe("A22 worthless versions against a rule of retention", { timeout: 120_000 }, () => {
  test("do not push out the last version that holds something, whatever they claim", async () => {
    const { vault } = await makeVault();
    const days: number[] = [];
    for (let day = 0; day < 3; day++) {
      now += DAY;
      const { snapshot } = await run(vault, { day2: { messages: 20 * day + 1 } });
      days.push(snapshot.head.number);
    }
    const good = days.at(-1)!;
    const whole = await shown(await load(vault));
    // Some in the future, and one for each day of the past: every place that a rule has to give.
    for (let i = 0; i < 20; i++) await publishWorthless(vault, now + (i % 2 === 0 ? -i : 400) * DAY);
    for (const rule of [{ last: 5 }, { daily: 7 }, { monthly: 12 }, { last: 3, daily: 30, yearly: 5 }]) {
      const plan = await planForgetSnapshots(await load(vault), rule);
      expect(plan.keep).toContain(good);
      expect(plan.forget).not.toContain(good);
    }
    const { forget, unique } = await planForgetSnapshots(await load(vault), { last: 5 });
    expect(unique).toEqual([good]);
    done(await forgetSnapshots(await load(vault), forget));
    for (const wait of [0, 8 * DAY, 8 * DAY]) {
      now += wait;
      done(await prune(await load(vault), await planPrune(await load(vault))));
    }
    expect(await shown(await historyAt(await load(vault), good))).toBe(whole);
  });

  test("do not take the places of real days by their dates", async () => {
    const { vault } = await makeVault();
    const days: number[] = [];
    for (let day = 0; day < 4; day++) {
      now += DAY;
      days.push((await run(vault, { day2: { messages: 20 * day + 1 } })).snapshot.head.number);
    }
    for (let day = 0; day < 4; day++) await publishWorthless(vault, now - day * DAY);
    const { keep } = await planForgetSnapshots(await load(vault), { daily: 5 });
    for (const number of days.slice(0, -1)) expect(keep).toContain(number);
  });

  test("are not the only way: what a person means to give up can be given up, and taken back for a week", async () => {
    const { vault } = await makeVault();
    await run(vault);
    const { snapshot } = await run(vault, { seed: 9 }, "tablet");
    await publishWorthless(vault, now);
    const careful = await planForgetSnapshots(await load(vault), { last: 1 });
    expect(careful.unique).toEqual([snapshot.head.number]);
    const plan = await planForgetSnapshots(await load(vault), { last: 1, alsoUnique: true });
    expect(plan.forget).toContain(snapshot.head.number);
    done(await forgetSnapshots(await load(vault), plan.forget));
    done(await prune(await load(vault), await planPrune(await load(vault))));
    expect((await planPrune(await load(vault))).remove).toEqual([]);
    done(await undo(await load(vault), await planUndo(await load(vault))));
    const forgotten: number[] = [];
    for await (const { head, isForgotten } of listSnapshots(await load(vault)))
      if (isForgotten) forgotten.push(head.number);
    expect(forgotten).toContain(snapshot.head.number);
    expect((await load(vault)).root.dead).toEqual([]);
  });
});

describe("A18 what a store says beside the objects: names, sizes, times, order", { timeout: 60_000 }, () => {
  const opened = async (store: Store, words: readonly string[]): Promise<History> => {
    const secret = { kind: "words", words: words.join(" ") } as const;
    const { vault, snapshot } = await openVault({ primitives, store, clock, secret });
    return loadHistory(vault, snapshot);
  };
  const outcome = async (store: Store, words: readonly string[]): Promise<string> =>
    opened(store, words)
      .then(shown)
      .catch((error: unknown) => {
        if (!KeepsakeError.is(error)) throw error;
        return "refused";
      });

  test("changes nothing of what is shown: lists in any order, with false sizes and dates", async () => {
    const { vault, store, words } = await makeVault();
    await run(vault);
    await run(vault, { day2: { messages: 60 } });
    const whole = await shown(await load(vault));
    const lying: Store = {
      ...store,
      async *list(prefix, options) {
        const all: { name: string; sizeBytes: number }[] = [];
        for await (const each of store.list(prefix, options)) all.push(each);
        for (const { name } of all.reverse())
          yield { name, sizeBytes: 7, modified: 0, sender: "mallory" } as { name: string; sizeBytes: number };
      },
    };
    expect(await outcome(lying, words)).toBe(whole);
  });

  test("is refused, or changes nothing, where objects change their names", async () => {
    const { vault, store, words } = await makeVault();
    const events = [...historyEvents({ seed: 8, messages: 60, chats: 2 })];
    await backup(vault, {
      name: "phone",
      async *read() {
        yield* events;
      },
    });
    const whole = await shown(await load(vault));
    const names = [...store.objects.keys()];
    let refused = 0;
    for (const [i, a] of names.entries()) {
      for (const b of names.slice(i + 1)) {
        const swapped: MemoryStore = memoryStore(new Map(store.objects));
        swapped.objects.set(a, store.objects.get(b)!).set(b, store.objects.get(a)!);
        const result = await outcome(swapped, words);
        const isOlder = a.startsWith("heads/") || b.startsWith("heads/");
        if (result === "refused") refused++;
        // Without its newest head, a vault that only words open shows the version before, and says its date.
        else if (!isOlder) expect(result).toBe(whole);
        else
          expect([whole, await shown(await loadHistory(vault, await emptyBefore(vault)))]).toContain(result);
      }
    }
    expect(refused).toBeGreaterThan(5);
  });

  test("cannot move a version to another number", async () => {
    const { vault, store } = await makeVault();
    const first = (await run(vault)).snapshot.head;
    const name = (number: number): string => `heads/${String(number).padStart(10, "0")}`;
    store.objects.set(name(first.number + 5), store.objects.get(name(first.number))!);
    expect((await newestSnapshot(vault, first)).head.hash).toBe(first.hash);
  });
});

async function emptyBefore(vault: Vault): Promise<Snapshot> {
  const history = await load(vault);
  return (await historyAt(history, 1)).snapshot;
}
