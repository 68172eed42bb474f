import { createHash } from "node:crypto";
import { copyFileSync, globSync, mkdtempSync, readFileSync, renameSync, rmSync, truncateSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { makeBackup } from "../../../testing/apple/backup.ts";
import { weChatFiles, type PhoneRow, type PhoneWeChat } from "../../../testing/wechat/phone.ts";
import { textToBytes } from "../../base/index.ts";
import { compareMessages, type Message, type ReadEvent, type ReadMemory } from "../../model/index.ts";
import { folderSource } from "../../platform/node/index.ts";
import { wechatIos } from "../index.ts";
import { readTools } from "../../../testing/wechat/tools.ts";

const tools = readTools();

interface Memory extends ReadMemory {
  kept: string | undefined;
}

function memoryWith(before: string | undefined): Memory {
  return {
    before,
    kept: undefined,
    keep(memo) {
      this.kept = memo;
    },
    sha256Text: (text) => createHash("sha256").update(text).digest("hex"),
  };
}

async function read(phone: PhoneWeChat, memory?: ReadMemory): Promise<ReadEvent[]> {
  const folder = mkdtempSync(join(tmpdir(), "keepsake-memory-"));
  try {
    makeBackup(folder, weChatFiles([phone]));
    const events: ReadEvent[] = [];
    for await (const event of wechatIos.read(await folderSource(folder), { tools, memory }))
      events.push(event);
    return events;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The messages of each chat in canonical order; a stretch stands for those of `before` that lie in it. */
function messagesIn(
  events: readonly ReadEvent[],
  before: ReadonlyMap<string, readonly Message[]> = new Map(),
): Map<string, readonly Message[]> {
  const chats = new Map<string, Message[]>();
  let chat = "";
  for (const event of events) {
    if (event.type === "chat") chats.set((chat = event.chat.id), []);
    if (event.type === "message") chats.get(chat)!.push(event.message);
    if (event.type !== "same") continue;
    const here = before.get(chat)!.filter(({ time: { sent } }) => sent >= event.from && sent <= event.until);
    expect(here).toHaveLength(event.messages);
    chats.get(chat)!.push(...here);
  }
  for (const messages of chats.values()) messages.sort(compareMessages);
  return chats;
}

/** Stretches share their time with no message that is told, and come in order. */
function requireApart(events: readonly ReadEvent[]): void {
  let until = -Infinity;
  for (const event of events) {
    if (event.type === "chat") until = -Infinity;
    if (event.type === "same") {
      expect(event.from).toBeGreaterThan(until);
      ({ until } = event);
    } else if (event.type === "message") {
      expect(event.message.time.sent).toBeGreaterThan(until);
    }
  }
}

const told = (events: readonly ReadEvent[]): number => events.filter(({ type }) => type === "message").length;

const people = ["wxid_mum", "12345678901@chatroom"];
const picture = '<msg><img length="9" cdnthumbwidth="90" cdnthumbheight="120"/></msg>';

interface Kept {
  readonly chat: number;
  readonly database: number;
  readonly row: PhoneRow;
  readonly file: string | undefined;
}

function phoneOf(rows: readonly Kept[]): PhoneWeChat {
  const chats = people.flatMap((userName, chat) =>
    [0, 1].map((database) => {
      const own = rows.filter((each) => each.chat === chat && each.database === database);
      const files = own.flatMap(({ row, file }) =>
        file === undefined ? [] : [[`Img/${row.number}.pic`, textToBytes(file)] as const],
      );
      return { userName, database, rows: own.map(({ row }) => row), files: Object.fromEntries(files) };
    }),
  );
  return { userName: "wxid_li", nickname: "小李", chats };
}

function made(seed: number, count: number, jumps: readonly number[]): Kept[] {
  let sentSeconds = 1_700_000_000 + seed;
  return Array.from({ length: count }, (_, i) => {
    // Seconds are shared, and now and then a row lies out of order.
    sentSeconds += (i * 7) % 3;
    const jump = jumps[i % jumps.length] ?? 0;
    const isPicture = i % 9 === 0;
    const [chat, database] = [i % 2, (i >> 3) % 2];
    const number = 1 + Math.floor(i / 2) + seed * 10_000;
    const row: PhoneRow = {
      number,
      server: BigInt(seed * 100_000 + i + 1),
      sentSeconds: sentSeconds + jump,
      type: isPicture ? 3 : 1,
      text: isPicture ? picture : `text ${seed} ${i}`,
    };
    return { chat, database, row, file: i % 18 === 0 ? `picture ${i}` : undefined };
  });
}

const change = fc.oneof(
  fc.record({ kind: fc.constant("add" as const), count: fc.integer({ min: 1, max: 80 }) }),
  fc.record({ kind: fc.constant("recall" as const), place: fc.nat() }),
  fc.record({
    kind: fc.constant("remove" as const),
    place: fc.nat(),
    count: fc.integer({ min: 1, max: 90 }),
  }),
  fc.record({ kind: fc.constant("file" as const), place: fc.nat() }),
);

type Change = typeof change extends fc.Arbitrary<infer C> ? C : never;

function changed(rows: readonly Kept[], next: Change, seed: number): readonly Kept[] {
  if (next.kind === "add") return [...rows, ...made(seed, next.count, [0])];
  const place = next.place % Math.max(1, rows.length);
  if (next.kind === "remove") return rows.toSpliced(place, next.count);
  return rows.map((kept, i): Kept => {
    if (i !== place) return kept;
    if (next.kind === "file") return { ...kept, file: `another ${seed}` };
    return { ...kept, row: { ...kept.row, type: 10002, text: '<sysmsg type="revokemsg"/>' } };
  });
}

test("what is passed over is what was there, message by message, whatever changed in between", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom(0, 0, 0, 0, -500, 900), { minLength: 1, maxLength: 40 }),
      fc.array(change, { minLength: 1, maxLength: 5 }),
      async (jumps, changes) => {
        let rows: readonly Kept[] = made(0, 700, jumps);
        let memory = memoryWith(undefined);
        let before = messagesIn(await read(phoneOf(rows), memory));
        for (const [i, next] of changes.entries()) {
          rows = changed(rows, next, i + 1);
          const phone = phoneOf(rows);
          memory = memoryWith(memory.kept);
          const events = await read(phone, memory);
          requireApart(events);
          const now = messagesIn(await read(phone));
          expect(messagesIn(events, before)).toEqual(now);
          before = now;
        }
      },
    ),
    { numRuns: 8 },
  );
}, 120_000);

test("of a phone on which nothing happened, no message is read, and of new ones no other", async () => {
  const rows = made(0, 4000, [0]);
  const first = memoryWith(undefined);
  expect(told(await read(phoneOf(rows), first))).toBe(4000);
  const second = memoryWith(first.kept);
  expect(told(await read(phoneOf(rows), second))).toBe(0);
  expect(second.kept).toBe(first.kept);
  const later = made(1, 20, [0]).map((kept) => ({
    ...kept,
    row: { ...kept.row, sentSeconds: kept.row.sentSeconds + 100_000 },
  }));
  expect(told(await read(phoneOf([...rows, ...later]), memoryWith(second.kept)))).toBe(20);
});

test("a memo of another account or of another version of the reader is not used", async () => {
  const rows = made(0, 100, [0]);
  const first = memoryWith(undefined);
  await read(phoneOf(rows), first);
  const other = { ...phoneOf(rows), userName: "wxid_wang" };
  expect(told(await read(other, memoryWith(first.kept)))).toBe(100);
  const older = first.kept!.replace('"version":2', '"version":0');
  expect(older).not.toBe(first.kept);
  expect(told(await read(phoneOf(rows), memoryWith(older)))).toBe(100);
});

test.each([
  ["does not have", (path: string) => rmSync(path)],
  ["has a part of", (path: string) => truncateSync(path, 3)],
])("a file that the backup lists and %s yet is looked for again", async (_, spoil) => {
  const folder = mkdtempSync(join(tmpdir(), "keepsake-memory-"));
  try {
    makeBackup(folder, weChatFiles([phoneOf(made(0, 400, [0]))]));
    const paths = globSync(join(folder, "??", "*"));
    const picture = paths.find((path) => readFileSync(path).toString() === "picture 36")!;
    copyFileSync(picture, join(folder, "elsewhere"));
    spoil(picture);
    const sizes = async (memory: ReadMemory): Promise<(number | undefined)[]> => {
      const found: (number | undefined)[] = [];
      for await (const event of wechatIos.read(await folderSource(folder), { tools, memory }))
        if (event.type === "message") found.push(event.files?.[0]?.sizeBytes);
      return found;
    };
    const whole = (all: readonly (number | undefined)[]): number =>
      all.filter((size) => size !== undefined && size > 3).length;
    const first = memoryWith(undefined);
    await sizes(first);
    const second = memoryWith(first.kept);
    const without = await sizes(second);
    renameSync(join(folder, "elsewhere"), picture);
    const third = memoryWith(second.kept);
    const now = await sizes(third);
    // One block: numbers begin at 1.
    expect([without.length, now.length]).toEqual([63, 63]);
    expect(whole(now)).toBe(whole(without) + 1);
    expect(await sizes(memoryWith(third.kept))).toEqual([]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
