import { describe, expect, test } from "vitest";
import { madeHistory } from "../../../testing/history/index.ts";
import { testPrimitives } from "../../../testing/primitives.ts";
import { canonicalText, type Message } from "../../model/index.ts";
import { createVault, memoryStore, newestSnapshot, type Snapshot, type Vault } from "../../vault/index.ts";
import { backup } from "../backup.ts";
import { restoredEvents } from "../restore.ts";
import { search } from "../search.ts";
import { historyAt } from "../state/snapshots.ts";
import { emptyContentRoot, emptyRoot, loadHistory, type History } from "../state/state.ts";
import { check } from "./check.ts";
import { compact } from "./compact.ts";
import { forgetMessages, planForgetMessages } from "./forget-messages.ts";
import { planPrune, prune } from "./prune.ts";
import { planUndo, undo } from "./undo.ts";

const primitives = await testPrimitives();
let now = 1_790_000_000_000;
const clock = { now: () => (now += 1000) };
const dayMs = 86_400_000;
const options = { seed: 1, messages: 3000, chats: 6, attachmentBytes: 400_000 };
const later = { ...options, day2: { messages: 300 } };

async function makeVault() {
  const store = memoryStore();
  const made = { primitives, store, clock, language: "en", deviceName: "test" } as const;
  const { vault } = await createVault({
    ...made,
    emptyRoot,
    emptyContentRoot: emptyContentRoot(primitives),
  });
  return { store, vault };
}

const load = async (vault: Vault): Promise<History> => loadHistory(vault, await newestSnapshot(vault));
const run = (vault: Vault, of: object = options, name = "phone") =>
  backup(vault, { name, read: () => madeHistory({ ...options, ...of }) });

async function messagesOf(history: History): Promise<Message[]> {
  const messages: Message[] = [];
  for await (const event of restoredEvents(history)) {
    if (event.type === "finding") throw new TypeError(event.finding.code);
    if (event.type !== "message") continue;
    for (const file of event.files ?? []) for await (const _ of file?.open() ?? []);
    messages.push(event.message);
  }
  return messages;
}

const textsOf = async (history: History, isWanted: (message: Message) => boolean = () => true) =>
  (await messagesOf(history))
    .filter(isWanted)
    .map((message) => canonicalText(message))
    .sort();

const full = async (vault: Vault) => (await check(await load(vault), { level: "full" })).damages;

function done(result: Snapshot | "raced"): Snapshot {
  if (result === "raced") throw new TypeError("raced");
  return result;
}

const isNoImage = ({ kind }: Message): boolean => kind !== "image";

describe("forgetting by kind", { timeout: 120_000 }, () => {
  test("takes the messages out of every version, leaves the rest, and the content root as it was", async () => {
    const { vault } = await makeVault();
    const first = (await run(vault)).snapshot;
    await run(vault, later);
    done(await compact(await load(vault), "fold"));
    await run(vault, { ...later, day2: { messages: 400 } });
    const before = await load(vault);
    const old = await historyAt(before, first.head.number);
    const [texts, oldTexts] = [await textsOf(before, isNoImage), await textsOf(old, isNoImage)];
    const images = (await messagesOf(before)).length - texts.length;
    const plan = await planForgetMessages(before, { kinds: ["image"] });
    // Counts are of records: of some messages, there are several versions.
    const records = plan.chats.reduce((sum, { messages }) => sum + messages, 0);
    expect(records).toBeGreaterThanOrEqual(images);
    expect(plan.attachments).toBeGreaterThan(0);
    const snapshot = done(await forgetMessages(before, plan.rule));
    expect(snapshot.head.contentRoot).toBe(before.snapshot.head.contentRoot);
    expect(snapshot.head.counts.messages).toBe(before.snapshot.head.counts.messages - records);
    const after = await load(vault);
    expect(await textsOf(after)).toEqual(texts);
    expect(await textsOf(await historyAt(after, first.head.number))).toEqual(oldTexts);
    expect(await full(vault)).toEqual([]);
  });

  test("is not undone by the next backup of the same source, nor by that of another", async () => {
    const { vault } = await makeVault();
    await run(vault);
    const { rule } = await planForgetMessages(await load(vault), { kinds: ["image"] });
    done(await forgetMessages(await load(vault), rule));
    const again = await run(vault, later);
    expect(again.shrink).toBeUndefined();
    expect(again.chats.reduce((sum, chat) => sum + chat.leftOut, 0)).toBeGreaterThan(50);
    const other = await run(vault, {}, "tablet");
    expect(other.newFiles.count).toBe(0);
    expect((await messagesOf(await load(vault))).every(isNoImage)).toBe(true);
    done(await compact(await load(vault), "fold"));
    expect((await run(vault, later)).chats.reduce((sum, chat) => sum + chat.added, 0)).toBe(0);
    expect(await full(vault)).toEqual([]);
  });

  test("ends with the moment in which it was made: what is sent later is kept", async () => {
    const { vault } = await makeVault();
    await run(vault);
    const { rule } = await planForgetMessages(await load(vault), { kinds: ["image"] });
    done(await forgetMessages(await load(vault), rule));
    await run(vault, { seed: 5, startMs: rule.until, endMs: rule.until + dayMs }, "new phone");
    const images = (await messagesOf(await load(vault))).filter((message) => !isNoImage(message));
    expect(images.length).toBeGreaterThan(10);
  });

  test("can be taken back until a prune has removed what it gave up", async () => {
    const { vault, store } = await makeVault();
    await run(vault);
    await run(vault, later);
    const texts = await textsOf(await load(vault));
    const { rule } = await planForgetMessages(await load(vault), { kinds: ["image", "video", "file"] });
    done(await forgetMessages(await load(vault), rule));
    done(await undo(await load(vault), await planUndo(await load(vault))));
    const back = await load(vault);
    expect(await textsOf(back)).toEqual(texts);
    expect(back.root.rules).toBeUndefined();
    done(await forgetMessages(back, rule));
    const kept = await textsOf(await load(vault));
    const sizeOf = (): number => [...store.objects.values()].reduce((sum, bytes) => sum + bytes.length, 0);
    const before = sizeOf();
    done(await prune(await load(vault), await planPrune(await load(vault))));
    now += 8 * dayMs;
    done(await prune(await load(vault), await planPrune(await load(vault))));
    expect(before - sizeOf()).toBeGreaterThan(100_000);
    expect(await textsOf(await load(vault))).toEqual(kept);
    expect(await full(vault)).toEqual([]);
  });

  test("works with a chat and a period, and twice in a row", async () => {
    const { vault } = await makeVault();
    await run(vault);
    const all = await messagesOf(await load(vault));
    const { chat } = all[0]!;
    const times = all.filter((each) => each.chat === chat).map(({ time }) => time.sent);
    const from = times.sort((a, b) => a - b)[Math.floor(times.length / 2)]!;
    const isGone = (each: Message): boolean => each.chat === chat && each.time.sent >= from;
    const { rule } = await planForgetMessages(await load(vault), { chats: [chat], from });
    done(await forgetMessages(await load(vault), rule));
    const isKept = (each: Message): boolean => !isGone(each);
    const kept = (list: readonly Message[]) => list.map((message) => canonicalText(message)).sort();
    expect(await textsOf(await load(vault))).toEqual(kept(all.filter(isKept)));
    const texts = await planForgetMessages(await load(vault), { kinds: ["text"] });
    done(await forgetMessages(await load(vault), texts.rule));
    const left = all.filter((each) => isKept(each) && each.kind !== "text");
    expect(await textsOf(await load(vault))).toEqual(kept(left));
    expect(await search(await load(vault), { text: "的", kinds: ["text"] })).toEqual([]);
    expect(await full(vault)).toEqual([]);
    const none = await planForgetMessages(await load(vault), { kinds: ["text"] });
    expect(none).toMatchObject({ chats: [], attachments: 0, attachmentBytes: 0 });
  });
});
