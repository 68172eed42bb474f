import { chatCollections, HistoryView, RowReader, type MessageView } from "@keepsake/core/history";
import type { ReadEvent } from "@keepsake/core/model";
import { madeHistory } from "@keepsake/core/testing/history";
import { beforeAll, expect, test } from "vitest";
import { eventsFrom, vaultOf, type Reading } from "../../../../../core/testing/history/vault.ts";
import { dayStartMs } from "../../../time/local-time.ts";
import { Session } from "../../session.ts";
import { Sums } from "./sums.ts";

const made = { seed: "sums", messages: 15_000, chats: 3, attachmentBytes: 0 };
const quiet = (): void => undefined;

async function opened(readings: readonly Reading[]): Promise<Session> {
  const session = new Session("http://keepsake.test");
  const { vault, snapshot } = await vaultOf(await session.primitives(), readings);
  await session.show(vault, snapshot, true);
  return session;
}

let session: Session;
let sums: Sums;
const shown = new Map<string, MessageView[]>();
beforeAll(async () => {
  session = await opened([
    ["phone", () => madeHistory(made)],
    ["phone", () => madeHistory({ ...made, day2: { messages: 90 } })],
  ]);
  sums = new Sums(session);
  const view = new HistoryView(new RowReader(session.open.history));
  for (const collection of chatCollections(session.open.history)) {
    const views: MessageView[] = [];
    for await (const each of view.messages(collection)) views.push(each);
    shown.set(collection, views);
  }
}, 60_000);

test("the days of a chat have as many messages as are shown of them", async () => {
  for (const [collection, views] of shown) {
    const { firstDay, counts } = await sums.days(collection);
    expect(counts.byteLength).toBe(4 * counts.length);
    const expected = new Map<string, number>();
    for (const { message } of views) {
      const day = new Date(message.time.sent).toDateString();
      expected.set(day, (expected.get(day) ?? 0) + 1);
    }
    const found = [...counts.entries()]
      .filter(([, count]) => count > 0)
      .map(([place, count]) => [new Date(dayStartMs(firstDay + place)).toDateString(), count]);
    expect(Object.fromEntries(found)).toEqual(Object.fromEntries(expected));
  }
});

test("what is told before anything is counted spans the same days, and is about as much", async () => {
  const [collection, views] = [...shown].sort((a, b) => b[1].length - a[1].length)[0]!;
  const about = await sums.aboutDays(collection);
  const exact = await sums.days(collection);
  expect(about!.firstDay).toBe(exact.firstDay);
  expect(about!.counts.length).toBe(exact.counts.length);
  const sum = about!.counts.reduce((all, count) => all + count, 0);
  expect(sum).toBeGreaterThan(0.5 * views.length);
});

test("everybody is there with what they wrote, when first and when last", async () => {
  const people = await sums.people(quiet);
  const own = new Set(["wechat:wxid:wxid_own"]);
  const expected = new Map<string, number>();
  for (const { message } of [...shown.values()].flat())
    if (message.author !== undefined && message.kind !== "system" && !own.has(message.author))
      expected.set(message.author, (expected.get(message.author) ?? 0) + 1);
  expect(new Set(people.map(({ id }) => id))).toEqual(new Set(expected.keys()));
  expect(people.map(({ messages }) => messages)).toEqual(
    people.map(({ messages }) => messages).toSorted((a, b) => b - a),
  );
  for (const { id } of people.slice(0, 5)) {
    const person = await sums.person(id, quiet);
    expect(person!.theirs).toBe(expected.get(id));
    const theirs = [...shown.values()].flat().filter(({ message }) => message.author === id);
    const times = theirs.map(({ message }) => message.time.sent);
    if (person!.yours === 0) {
      expect(person!.first).toBe(Math.min(...times));
      expect(person!.last).toBe(Math.max(...times));
      expect(person!.months.reduce((sum, [, count]) => sum + count, 0)).toBe(person!.theirs);
    }
    expect(person!.sharedChats.reduce((sum, { messages }) => sum + messages, 0)).toBe(person!.theirs);
  }
  expect(await sums.person("nobody:1", quiet)).toBeUndefined();
});

test("a year has its days, hours and kinds, and what was written first", async () => {
  const all = [...shown.values()].flat().map(({ message }) => message);
  const year = (await sums.year(2023, quiet))!;
  const its = all.filter(({ time }) => new Date(time.sent).getFullYear() === 2023);
  expect(year.messages).toBe(its.length);
  expect(year.perDay.length).toBe(365);
  expect(year.perDay.reduce((sum, count) => sum + count, 0)).toBe(its.length);
  expect(year.hours.reduce((sum, count) => sum + count, 0)).toBe(its.length);
  expect(year.hours[20]).toBe(its.filter(({ time }) => new Date(time.sent).getHours() === 20).length);
  const { days, from } = year.streak;
  const start = from - year.firstDay;
  expect(year.perDay.slice(start, start + days).every((count) => count > 0)).toBe(true);
  expect(year.years).toContain(2021);
  expect((await sums.year(1999, quiet))!.year).toBe(year.years[0]);
  const shownFirst = its
    .filter(({ kind, deletion }) => kind !== "system" && kind !== "deleted" && deletion === undefined)
    .map(({ time }) => time.sent);
  expect(year.first!.sent).toBe(Math.min(...shownFirst));
});

test("accounts that a source says are the same are one person", async () => {
  const time = (sent: number): object => ({ time: { sent, precision: "s", zone: "utc" }, kind: "text" });
  const account = (value: string, name: string, more: object = {}): ReadEvent =>
    ({
      type: "account",
      account: {
        id: `wechat:wxid:${value}`,
        platform: "wechat",
        kind: "wxid",
        value,
        names: [{ value: name, kind: "display" }],
        ...more,
      },
    }) as ReadEvent;
  const said = (chat: string, author: string, sent: number): ReadEvent =>
    ({
      type: "message",
      message: { chat, author: `wechat:wxid:${author}`, body: { text: "hi" }, ...time(sent) },
    }) as ReadEvent;
  const chat = (id: string, kind: string): ReadEvent =>
    ({ type: "chat", chat: { id, platform: "wechat", kind, own: ["wechat:wxid:me"] } }) as ReadEvent;
  const both = await opened([
    [
      "phone",
      () =>
        eventsFrom([
          { type: "source", source: { format: "made", platform: "wechat" } },
          chat("wechat:user:a", "direct"),
          account("me", "I"),
          account("a", "Anna"),
          said("wechat:user:a", "me", 1_600_000_000_000),
          said("wechat:user:a", "a", 1_600_000_100_000),
          chat("wechat:group:g", "group"),
          account("me", "I"),
          account("a2", "Anna’s other phone", { alsoKnownAs: ["wechat:wxid:a"] }),
          said("wechat:group:g", "a2", 1_600_000_200_000),
          said("wechat:group:g", "me", 1_600_000_300_000),
        ]),
    ],
  ]);
  const of = new Sums(both);
  const people = await of.people(quiet);
  expect(people.map(({ messages, chats, name }) => [messages, chats, name])).toEqual([
    [3, 2, expect.stringMatching(/^Anna/)],
  ]);
  const anna = (await of.person("wechat:wxid:a2", quiet))!;
  expect([anna.theirs, anna.yours]).toEqual([2, 1]);
  expect(anna.names.map(({ value }) => value).sort()).toEqual(["Anna", "Anna’s other phone"]);
});

test("members who wrote nothing are there too, last, with the chats that they are in", async () => {
  const account = (value: string, name: string): ReadEvent => ({
    type: "account",
    account: {
      id: `wechat:wxid:${value}`,
      platform: "wechat",
      kind: "wxid",
      value,
      names: [{ value: name, kind: "display" }],
    },
  });
  const group = (id: string, members: readonly string[]): ReadEvent => ({
    type: "chat",
    chat: {
      id,
      platform: "wechat",
      kind: "group",
      title: `The ${id}`,
      own: ["wechat:wxid:me"],
      members: ["me", ...members].map((member) => ({ account: `wechat:wxid:${member}` })),
    },
  });
  const session = await opened([
    [
      "phone",
      () =>
        eventsFrom([
          { type: "source", source: { format: "made", platform: "wechat" } },
          group("wechat:group:g", ["a", "b", "c"]),
          account("a", "Anna"),
          account("b", "Boris"),
          account("c", "Chen"),
          {
            type: "message",
            message: {
              chat: "wechat:group:g",
              author: "wechat:wxid:c",
              kind: "text",
              body: { text: "hi" },
              time: { sent: 1_600_000_000_000, precision: "s", zone: "utc" },
            },
          },
          group("wechat:group:h", ["b"]),
          account("b", "Boris"),
        ]),
    ],
  ]);
  const of = new Sums(session);
  const people = await of.people(quiet);
  expect(people.map(({ name, messages, chats, last }) => [name, messages, chats, last])).toEqual([
    ["Chen", 1, 1, 1_600_000_000_000],
    ["Anna", 0, 1, null],
    ["Boris", 0, 2, null],
  ]);
  const boris = (await of.person("wechat:wxid:b", quiet))!;
  expect([boris.first, boris.last, boris.months]).toEqual([null, null, []]);
  expect(new Map(boris.sharedChats.map(({ title, messages }) => [title, messages]))).toEqual(
    new Map([
      ["The wechat:group:g", 0],
      ["The wechat:group:h", 0],
    ]),
  );
});
