import { describe, expect, test } from "vitest";
import { historyEvents } from "../../testing/history/index.ts";
import { testPrimitives } from "../../testing/primitives.ts";
import { CRASH_FOLDER, CrashDisk, type CrashDiskOptions } from "../../testing/stores/crash-disk.ts";
import { crashPoints } from "../../testing/stores/crash-points.ts";
import { KeepsakeError, type Bytes } from "../base/index.ts";
import { canonicalText } from "../model/index.ts";
import type { Disk } from "../platform/node/disk.ts";
import { folderStore } from "../platform/node/folder-store.ts";
import {
  createVault,
  memoryStore,
  newestSnapshot,
  openVault,
  type Snapshot,
  type Store,
  type Vault,
} from "../vault/index.ts";
import { backup } from "./backup.ts";
import { check } from "./care/check.ts";
import { compact } from "./care/compact.ts";
import { merge, planMerge } from "./care/copies/merge.ts";
import { forgetMessages, planForgetMessages } from "./care/forget-messages.ts";
import { forgetChats, forgetSnapshots } from "./care/forget.ts";
import { planPrune, prune } from "./care/prune.ts";
import { rotate } from "./care/rotate.ts";
import { restoredEvents } from "./restore.ts";
import { chatCollections } from "./state/chats.ts";
import { emptyContentRoot, emptyRoot, loadHistory, type History } from "./state/state.ts";

const primitives = await testPrimitives();
const isSoak = process.env["KEEPSAKE_SOAK"] === "1";
const TIMEOUT_MS = isSoak ? 3_600_000 : 600_000;
let now = 1_790_000_000_000;
const clock = { now: () => (now += 86_400_000) };
const options = { seed: 21, messages: 60, chats: 2, attachmentBytes: 3000 };

const load = async (vault: Vault): Promise<History> => loadHistory(vault, await newestSnapshot(vault));

function source(
  more: { day2?: { messages: number }; seed?: number; messages?: number; attachmentBytes?: number } = {},
  name = "phone",
) {
  return {
    name,
    async *read() {
      yield* historyEvents({ ...options, ...more });
    },
  };
}

let hasRepacked = false;

/** Something that is done to a vault; it can be taken again where it was cut short. */
type Step = (vault: Vault) => Promise<void>;

const pruneStep: Step = async (vault) => {
  const history = await load(vault);
  const plan = await planPrune(history);
  if (plan.repack.length > 0) hasRepacked = true;
  through(await prune(history, plan));
};

/** A life with a vault, step by step. */
const life: readonly Step[] = [
  async (vault) => void (await backup(vault, source())),
  async (vault) => void (await backup(vault, source({ day2: { messages: 5 } }))),
  async (vault) => void (await backup(vault, source({ seed: 22 }, "old phone"))),
  async (vault) => through(await compact(await load(vault), "fold")),
  async (vault) => through(await forgetSnapshots(await load(vault), [2])),
  pruneStep,
  pruneStep,
  async (vault) => through((await rotate(await load(vault))).snapshot),
  async (vault) => {
    const history = await load(vault);
    const group = chatCollections(history).find((id) =>
      history.entries.get(id)!.name.includes("10000007919"),
    );
    if (group !== undefined) through(await forgetChats(history, new Set([group])));
  },
];

/** Another life: of what is forgotten within chats, packs that are written anew, and two copies. */
const laterLife: readonly Step[] = [
  async (vault) => void (await backup(vault, source({ seed: 23, attachmentBytes: 150_000 }, "tablet"))),
  async (vault) => {
    const history = await load(vault);
    const { rule, chats } = await planForgetMessages(history, {
      kinds: ["image", "video"],
      until: now + 1e12,
    });
    if (chats.length > 0) through(await forgetMessages(history, rule));
  },
  pruneStep,
  pruneStep,
  async (vault) => {
    other ??= await goneApart(vault);
    await backup(vault, source({ seed: 24, messages: 12 }, "PC"));
  },
  async (vault) => {
    const [history, theirs] = [await load(vault), await load({ ...vault, store: other! })];
    if ((await planMerge(history, theirs)).relation === "apart") through(await merge(history, theirs));
  },
];

/** A copy that was written to apart: the same for every run of a step. */
let other: Store | undefined;

async function goneApart(vault: Vault): Promise<Store> {
  const store = memoryStore(await allObjects(vault.store));
  await backup({ ...vault, store }, source({ seed: 25, messages: 12, attachmentBytes: 500 }, "USB"));
  return store;
}

function through(snapshot: Snapshot | "raced"): void {
  if (snapshot === "raced") throw new KeepsakeError("vault.raced");
}

/** One digest for all that a history shows, its files read to the end. */
async function shown(history: History): Promise<string> {
  const all: string[] = [];
  for await (const event of restoredEvents(history)) {
    if (event.type === "finding")
      throw new KeepsakeError("vault.corrupt", { details: { what: event.finding.code } });
    if (event.type !== "message") continue;
    all.push(canonicalText(event.message));
    for (const file of event.files ?? []) if (file !== undefined) for await (const _ of file.open());
  }
  return `${all.length} ${primitives.sha256Text(all.sort().join("\n"))}`;
}

const kinds: Readonly<Record<string, CrashDiskOptions>> = {
  "with links": {},
  "without links": { hasLinks: false },
};

const lives = { life, "later life": laterLife };
const cases = Object.entries(kinds).flatMap(([where, diskOptions]) =>
  Object.entries(lives).map(([name, steps]) => ({ name, steps, where, diskOptions })),
);

describe.each(cases)("a $name with a vault in a folder $where", ({ steps, diskOptions }) => {
  // Without links a folder differs by how a name is taken alone.
  const oneIn = diskOptions.hasLinks === false && !isSoak ? 3 : 1;
  const storeOn = (disk: Disk): Store => folderStore(CRASH_FOLDER, { disk });

  test(
    "struck at any call to the disk, keeps all that was acknowledged, readable, and goes on",
    async () => {
      const base = new CrashDisk(diskOptions);
      const made = await createVault({
        primitives,
        store: storeOn(base),
        clock,
        language: "en",
        deviceName: "test",
        emptyRoot,
        emptyContentRoot: emptyContentRoot(primitives),
      });
      const secret = { kind: "device", ...made.deviceKey } as const;
      const { authoritySeed } = made.vault;
      const open = async (disk: Disk): Promise<Vault> => {
        const { vault } = await openVault({ primitives, store: storeOn(disk), clock, secret });
        return { ...vault, authoritySeed };
      };
      [other, hasRepacked] = [undefined, false];
      let struck = 0;
      for (const step of steps) {
        const before = await shown(await load(await open(base)));
        const objects = await allObjects(storeOn(base));
        await step(await open(base));
        const after = await shown(await load(await open(base)));
        struck += await crashPoints<{ isDone: boolean }>({
          options: diskOptions,
          seeds: isSoak ? 4 : 1,
          // By one fault after the other, and in a soak by each.
          faultsAtOnce: isSoak ? 4 : 1,
          oneIn,
          told: () => ({ isDone: false }),
          async prepare(disk) {
            for (const [name, bytes] of objects) await storeOn(disk).put(name, bytes);
          },
          async run(disk, told) {
            await step(await open(disk));
            told.isDone = true;
          },
          async check(disk, told) {
            const vault = await open(disk);
            const history = await load(vault);
            expect(told.isDone ? [after] : [before, after]).toContain(await shown(history));
            expect((await check(history, { level: "sample", oneIn: 1 })).damages).toEqual([]);
            await step(vault);
            expect(await shown(await load(await open(disk)))).toBe(after);
          },
        });
      }
      expect(hasRepacked).toBe(steps === laterLife);
      expect(struck).toBeGreaterThan((steps === life ? 200 : 100) / oneIn);
    },
    TIMEOUT_MS,
  );
});

async function allObjects(store: Store): Promise<Map<string, Bytes>> {
  const objects = new Map<string, Bytes>();
  for await (const { name } of store.list("")) objects.set(name, (await store.get(name))!);
  return objects;
}
