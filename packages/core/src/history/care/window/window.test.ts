import fc from "fast-check";
import { expect, test } from "vitest";
import { historyEvents } from "../../../../testing/history/index.ts";
import { testPrimitives } from "../../../../testing/primitives.ts";
import { canonicalText, type Message, type ReadEvent } from "../../../model/index.ts";
import { createVault, memoryStore, newestSnapshot, type Snapshot, type Vault } from "../../../vault/index.ts";
import { backup } from "../../backup.ts";
import { restoredEvents } from "../../restore.ts";
import { hasWindow } from "../../state/rules.ts";
import { emptyContentRoot, emptyRoot, loadHistory, type History } from "../../state/state.ts";
import { check } from "../check.ts";
import { copyTo } from "../copies/copy.ts";
import { merge } from "../copies/merge.ts";
import { forgetMessages } from "../forget-messages.ts";
import { planUndo, undo } from "../undo.ts";
import { isLooser, isWindowLast, keepForEver, keptForEver, liftWindow, planWindow } from "./window.ts";

const primitives = await testPrimitives();
const DAY_MS = 86_400_000;
const END_MS = Date.UTC(2026, 5, 1);
const slow = { timeout: 120_000 };

/** A history of 100 days, in which nobody knows the time of every eleventh message. */
function events(seed: number): ReadEvent[] {
  const made = historyEvents({
    seed,
    messages: 250,
    chats: 5,
    attachmentBytes: 60_000,
    startMs: END_MS - 100 * DAY_MS,
    endMs: END_MS,
  });
  return [...made].map((event, i) =>
    event.type !== "message" || i % 11 > 0
      ? event
      : {
          ...event,
          message: {
            ...event.message,
            time: { sent: event.message.time.sent, precision: "none", zone: "unknown" },
          },
        },
  );
}

async function vaultOf(seed: number, now = END_MS) {
  const clock = { now: () => (now += 1000) };
  const about = { primitives, store: memoryStore(), clock, language: "en", deviceName: "test" } as const;
  const { vault } = await createVault({
    ...about,
    emptyRoot,
    emptyContentRoot: emptyContentRoot(primitives),
  });
  await run(vault, seed);
  return vault;
}

// oxlint-disable-next-line typescript/require-await -- readers are asynchronous
async function* slowly(list: Iterable<ReadEvent>): AsyncGenerator<ReadEvent> {
  yield* list;
}

const run = (vault: Vault, seed: number) =>
  backup(vault, { name: "phone", read: () => slowly(events(seed)) });
const load = async (vault: Vault): Promise<History> => loadHistory(vault, await newestSnapshot(vault));
const textsOf = (messages: readonly Message[]) => messages.map((each) => canonicalText(each)).sort();

/** All messages, after each of their files was read. */
async function messagesOf(vault: Vault): Promise<Message[]> {
  const messages: Message[] = [];
  for await (const event of restoredEvents(await load(vault))) {
    if (event.type === "finding") throw new TypeError(event.finding.code);
    if (event.type !== "message") continue;
    for (const file of event.files ?? []) for await (const _ of file?.open() ?? []);
    messages.push(event.message);
  }
  return messages;
}

function done(result: Snapshot | "raced"): Snapshot {
  if (result === "raced") throw new TypeError("raced");
  return result;
}

const cases = fc.record({
  seed: fc.nat(1000),
  days: fc.integer({ min: 1, max: 110 }),
  kept: fc.uniqueArray(fc.nat(4), { maxLength: 3 }),
});

test("nothing leaves but old messages of chats that nobody chose, once, and undo brings all back", slow, () =>
  fc.assert(
    fc.asyncProperty(cases, async ({ seed, days, kept }) => {
      const vault = await vaultOf(seed);
      const before = await messagesOf(vault);
      const ids = [...new Set(before.map(({ chat }) => chat))].sort();
      const chosen = kept.flatMap((i) => ids.slice(i, i + 1));
      const window = { days, chatsForEver: 3 };
      done(await keepForEver(await load(vault), chosen, window));
      const stays = ({ chat, time }: Message): boolean =>
        time.precision === "none" || time.sent >= END_MS - days * DAY_MS || chosen.includes(chat);

      const plan = await planWindow(await load(vault), window, { now: END_MS });
      done(await forgetMessages(await load(vault), plan.rule));
      done(await undo(await load(vault), await planUndo(await load(vault))));
      expect(textsOf(await messagesOf(vault))).toEqual(textsOf(before));
      done(await forgetMessages(await load(vault), plan.rule));
      const after = await messagesOf(vault);
      expect(textsOf(after)).toEqual(textsOf(before.filter(stays)));
      expect((await check(await load(vault), { level: "full" })).damages).toEqual([]);

      for (const told of plan.chats) {
        const left = before.filter((each) => each.chat === told.chat && !stays(each));
        const times = left.map(({ time }) => time.sent).sort((a, b) => a - b);
        expect(told).toMatchObject({ messages: left.length, first: times[0], last: times.at(-1) });
        expect(told.attachments).toBeGreaterThanOrEqual(0);
      }
      const most = plan.chats.reduce((sum, { attachments }) => sum + attachments, 0);
      expect(plan.attachments).toBeLessThanOrEqual(most);

      const again = await planWindow(await load(vault), window, { now: END_MS });
      expect(again).toMatchObject({ chats: [], attachments: 0, attachmentBytes: 0 });
      // What left is not brought back by a backup, and nothing else is kept out.
      expect((await run(vault, seed)).chats.reduce((sum, { added }) => sum + added, 0)).toBe(0);
      expect(textsOf(await messagesOf(vault))).toEqual(textsOf(after));
    }),
    { numRuns: 8 },
  ),
);

test("undo takes the rule back, and leaves what was chosen", slow, async () => {
  const vault = await vaultOf(7);
  const before = await messagesOf(vault);
  const window = { days: 30, chatsForEver: 1 };
  const kept = [before[0]!.chat];
  const planned = await planWindow(await load(vault), window, { now: END_MS, kept });
  expect(keptForEver(await load(vault))).toEqual([]);
  done(await keepForEver(await load(vault), kept, window));
  const { rule, chats } = await planWindow(await load(vault), window, { now: END_MS });
  expect(planned).toMatchObject({ rule, chats });
  expect(chats.length).toBeGreaterThan(0);
  expect(isWindowLast(await load(vault))).toBe(false);
  done(await forgetMessages(await load(vault), rule));
  expect(isWindowLast(await load(vault))).toBe(true);
  expect((await messagesOf(vault)).length).toBeLessThan(before.length);
  done(await undo(await load(vault), await planUndo(await load(vault))));
  expect(textsOf(await messagesOf(vault))).toEqual(textsOf(before));
  const after = await load(vault);
  expect(hasWindow(after)).toBe(false);
  expect(isWindowLast(after)).toBe(false);
  expect(keptForEver(after)).toEqual(kept);
  done(await forgetMessages(after, { kinds: ["system"], until: END_MS }));
  expect(isWindowLast(await load(vault))).toBe(false);
});

test("no more chats are kept for ever than the window has, and none of them is given up silently", async () => {
  const vault = await vaultOf(8);
  const ids = [...new Set((await messagesOf(vault)).map(({ chat }) => chat))];
  const [first, second] = [ids[0]!, ids[1]!];
  const refused = { code: "history.too-many-for-ever", details: { most: 1, chosen: 2 } };
  const history = await load(vault);
  await expect(keepForEver(history, [first, second], { chatsForEver: 1 })).rejects.toMatchObject(refused);
  done(await keepForEver(history, [first, second, first], { chatsForEver: 2 }));
  const planned = planWindow(await load(vault), { days: 30, chatsForEver: 1 }, { now: END_MS });
  await expect(planned).rejects.toMatchObject(refused);
});

test("there is one window at a time, and once it is lifted backups bring back what left", slow, async () => {
  const vault = await vaultOf(9);
  const before = textsOf(await messagesOf(vault));
  for (const days of [60, 30]) {
    const { rule } = await planWindow(await load(vault), { days, chatsForEver: 0 }, { now: END_MS });
    done(await forgetMessages(await load(vault), rule));
  }
  const { rules } = (await load(vault)).root;
  expect(rules).toMatchObject([{ isWindow: true, until: END_MS - 30 * DAY_MS }]);
  const chosen = { ...rules![0]!, chats: rules![0]!.chats!.slice(1) };
  expect(isLooser(await load(vault), rules![0]!)).toBe(false);
  expect(isLooser(await load(vault), { ...rules![0]!, until: rules![0]!.until + 1 })).toBe(false);
  expect(isLooser(await load(vault), { ...rules![0]!, until: rules![0]!.until - 1 })).toBe(true);
  expect(isLooser(await load(vault), chosen)).toBe(true);
  expect((await run(vault, 9)).chats.reduce((sum, { leftOut }) => sum + leftOut, 0)).toBeGreaterThan(0);
  done(await liftWindow(await load(vault)));
  expect(hasWindow(await load(vault))).toBe(false);
  expect(isLooser(await load(vault), { ...rules![0]!, until: 0 })).toBe(false);
  await run(vault, 9);
  expect(textsOf(await messagesOf(vault))).toEqual(before);
});

test("what two copies keep for ever is kept by both once they are merged", slow, async () => {
  const vault = await vaultOf(11);
  const [first, second] = [...new Set((await messagesOf(vault)).map(({ chat }) => chat))];
  const other: Vault = { ...vault, store: memoryStore() };
  await copyTo(await load(vault), other.store);
  done(await keepForEver(await load(vault), [first!], { chatsForEver: 1 }));
  done(await keepForEver(await load(other), [second!], { chatsForEver: 1 }));
  done(await merge(await load(vault), await load(other)));
  expect(new Set(keptForEver(await load(vault)))).toEqual(new Set([first, second]));
  const planned = planWindow(await load(vault), { days: 30, chatsForEver: 1 }, { now: END_MS });
  await expect(planned).rejects.toMatchObject({ code: "history.too-many-for-ever" });
});
