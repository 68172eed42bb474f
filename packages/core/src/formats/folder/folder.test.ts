import { expect, test } from "vitest";
import type { ReadEvent } from "../../model/index.ts";
import {
  detectFormat,
  formats,
  folder,
  memoryFile,
  memorySource,
  wechatOfficial,
  type Source,
} from "../index.ts";
import { listingOf } from "./listing.ts";

async function eventsOf(source: Source): Promise<ReadEvent[]> {
  const events: ReadEvent[] = [];
  for await (const event of folder.read(source)) events.push(event);
  return events;
}

/** A folder that is other at each look, until it stays as the last one is. */
function changing(
  looks: readonly Readonly<Record<string, readonly [text: string, modifiedMs: number]>>[],
): Source {
  const [look, ...later] = looks;
  const files = Object.entries(look!).map(([path, [text, modifiedMs]]) => memoryFile(path, text, modifiedMs));
  return {
    // oxlint-disable-next-line typescript/require-await -- the port is asynchronous
    async *files() {
      yield* files;
    },
    file: (path) => Promise.resolve(files.find((file) => file.path === path)),
    folders: () => Promise.resolve([]),
    afresh: () => changing(later.length > 0 ? later : looks),
  };
}

/** A clock that goes on by what is slept. */
function timer(): {
  clock: { now: () => number };
  sleep: (ms: number) => Promise<void>;
  slept: () => number;
} {
  let now = 1_000_000;
  return {
    clock: { now: () => now },
    sleep: (ms) => Promise.resolve(void (now += ms)),
    slept: () => now - 1_000_000,
  };
}

const old = 10;

test("every file is handed on as it is, in order of path", async () => {
  const events = await eventsOf(memorySource({ "b/2": "two", a: "one" }));
  expect(events.map((event) => (event.type === "kept" ? event.file.path : event.type))).toEqual([
    "source",
    "a",
    "b/2",
  ]);
});

test("a folder that changed between the first look and the last is refused", async () => {
  const source = changing([{ a: ["x", old] }, { a: ["x", old], b: ["new", old] }]);
  await expect(eventsOf(source)).rejects.toMatchObject({ code: "format.changing" });
});

test("a folder that nobody has written to for long is taken at the second look", async () => {
  const { clock, sleep, slept } = timer();
  await folder.settle!(changing([{ a: ["x", old] }]), { clock, sleep, quietMs: 30_000 });
  expect(slept()).toBe(1000);
});

test("what is still being written to is waited for, and the last state of it is taken", async () => {
  const { clock, sleep, slept } = timer();
  const looks = Array.from({ length: 7 }, (_, i) => ({ a: ["x".repeat(i), 1_000_000 + i * 1000] as const }));
  const settled = await folder.settle!(changing(looks), { clock, sleep, quietMs: 30_000 });
  expect((await listingOf(settled)).lines).toEqual([`a\0${6}\0${1_006_000}\0`]);
  expect(slept()).toBeGreaterThanOrEqual(36_000);
});

test("times in the future do not hold it up for ever: looks that show the same tell", async () => {
  const { clock, sleep, slept } = timer();
  await folder.settle!(changing([{ a: ["x", 9e12] }]), { clock, sleep, quietMs: 30_000 });
  expect(slept()).toBe(30_000);
});

test("a clock that is put back meanwhile does not hold it up: it counts anew", async () => {
  let [now, slept] = [1_000_000_000, 0];
  const sleep = (ms: number): Promise<void> => {
    slept += ms;
    now += slept === 10_000 ? -50_000_000 : ms;
    return Promise.resolve();
  };
  const written = { a: ["x", 1_000_000_000] } as const;
  await folder.settle!(changing([written]), { clock: { now: () => now }, sleep, quietMs: 30_000 });
  expect(slept).toBeLessThanOrEqual(42_000);
});

test("the layout of older versions of WeChat's own backup is found, and no other folder", async () => {
  const names = { "wxid_x/BackupFiles/Backup.db": "", "wxid_x/BackupFiles/BAK_0_MEDIA": "" };
  expect((await detectFormat(memorySource(names), formats)).format).toBe("wechat-official");
  expect(await wechatOfficial.detect(memorySource({ "Backup.db": "" }))).toBeNull();
  expect(await folder.detect(memorySource(names))).toBeNull();
});
