import { setImmediate } from "node:timers/promises";
import { expect, test } from "vitest";
import { historyEvents } from "../../testing/history/index.ts";
import { testPrimitives } from "../../testing/primitives.ts";
import { seededSchedule } from "../../testing/stores/slow-store.ts";
import { createVault, memoryStore, newestSnapshot, type Vault } from "../vault/index.ts";
import { backup } from "./backup.ts";
import { check } from "./care/check.ts";
import { planPrune, prune } from "./care/prune.ts";
import { restoredEvents } from "./restore.ts";
import { emptyContentRoot, emptyRoot, loadHistory } from "./state/state.ts";

const TIMEOUT_MS = 900_000;
const seeds = process.env["KEEPSAKE_SOAK"] === "1" ? 10_000 : 1000;
const primitives = await testPrimitives();
let now = 1_790_000_000_000;
const clock = { now: () => (now += 1000) };

const first = [...historyEvents({ seed: 31, messages: 12, chats: 2, attachmentBytes: 500 })];
const theirs = [
  ...historyEvents({ seed: 31, messages: 12, chats: 2, attachmentBytes: 500, day2: { messages: 3 } }),
];
const ours = [...historyEvents({ seed: 32, messages: 8, chats: 2 })];

const source = (events: typeof first, name: string) => ({
  name,
  async *read() {
    yield* events;
  },
});

async function ids(vault: Vault): Promise<Set<string>> {
  const found = new Set<string>();
  for await (const event of restoredEvents(await loadHistory(vault, await newestSnapshot(vault)))) {
    if (event.type === "finding") throw new TypeError(event.finding.code);
    if (event.type === "message") found.add(event.message.nativeIds![0]!.value);
    if (event.type === "message")
      for (const file of event.files ?? []) for await (const _ of file?.open() ?? []);
  }
  return found;
}

/** What a device does that gives up what nothing needs, with no quarantine at all. */
async function pruneOnce(vault: Vault): Promise<void> {
  const history = await loadHistory(vault, await newestSnapshot(vault));
  await prune(history, await planPrune(history, { quarantineMs: 0 }));
}

test(
  "two backups and a prune at once lose no message, no file and no head, whatever the order of their calls",
  async () => {
    const store = memoryStore();
    const options = { primitives, store, clock, language: "en", deviceName: "test" } as const;
    const made = await createVault({ ...options, emptyRoot, emptyContentRoot: emptyContentRoot(primitives) });
    await backup(made.vault, source(first, "phone"));
    const wanted = new Set(
      [...theirs, ...first, ...ours].flatMap((event) =>
        event.type === "message" ? [event.message.nativeIds![0]!.value] : [],
      ),
    );
    let failures = 0;
    for (let seed = 0; seed < seeds; seed++) {
      const schedule = seededSchedule(seed, () => setImmediate());
      const objects = memoryStore(new Map(store.objects));
      const client = (): Vault => ({ ...made.vault, store: schedule.client(objects) });
      const outcomes = await schedule.run([
        async () => void (await backup(client(), source(theirs, "phone"))),
        async () => void (await backup(client(), source(ours, "tablet"))),
        () => pruneOnce(client()),
      ]);
      const vault = { ...made.vault, store: objects };
      const again = outcomes.flatMap((each, i) => (each.status === "rejected" ? [i] : []));
      failures += again.length;
      // What is told to have failed may be done again; what is told to be done must be there.
      if (again.includes(0)) await backup(vault, source(theirs, "phone"));
      if (again.includes(1)) await backup(vault, source(ours, "tablet"));
      expect(await ids(vault)).toEqual(wanted);
      const history = await loadHistory(vault, await newestSnapshot(vault));
      expect((await check(history, { level: "structure" })).damages).toEqual([]);
    }
    expect(failures).toBeLessThan(seeds / 10);
  },
  TIMEOUT_MS,
);
