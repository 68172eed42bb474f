import { appendFile, mkdir, mkdtemp, rename, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Answers } from "../answers.ts";
import { glance, list } from "./listing.ts";
import { Watcher } from "./watcher.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "keepsake-watch-"));
});
afterEach(async () => rm(folder, { recursive: true }));

async function digest(format?: string): Promise<string | undefined> {
  return (await list(folder, format))?.digest;
}

async function write(path: string, text: string): Promise<void> {
  await mkdir(join(folder, path, ".."), { recursive: true });
  await writeFile(join(folder, path), text);
}

const answers = new Answers({ most: 2 });

describe("a listing", () => {
  test("changes when anything is added, taken away, renamed, grows or is written over", async () => {
    await write("a/one.bin", "one");
    await write("two.bin", "two");
    let before = await digest();
    expect(await digest()).toBe(before);
    const changes: readonly (() => Promise<void>)[] = [
      () => write("a/b/three.bin", "three"),
      () => appendFile(join(folder, "a/one.bin"), "x"),
      () => rename(join(folder, "two.bin"), join(folder, "three.bin")),
      () => utimes(join(folder, "three.bin"), 1_700_000_000, 1_700_000_000),
      () => mkdir(join(folder, "empty")),
      () => rm(join(folder, "a"), { recursive: true }),
    ];
    for (const change of changes) {
      await change();
      const after = await digest();
      expect(after).not.toBe(before);
      before = after;
    }
  });

  test("is of one file too, and of nothing where there is nothing", async () => {
    await write("result.json", "{}");
    const path = join(folder, "result.json");
    const before = await list(path, undefined);
    await appendFile(path, " ");
    expect((await list(path, undefined))?.digest).not.toBe(before?.digest);
    expect(await list(join(folder, "nowhere"), undefined)).toBeUndefined();
  });

  test("of a folder behind a link is of what lies there", async () => {
    await write("disk/one.bin", "one");
    const path = join(folder, "link");
    await symlink(join(folder, "disk"), path, "junction");
    const before = await list(path, undefined);
    const seen = glance(before!.newest);
    await write("disk/two.bin", "two");
    expect((await list(path, undefined))?.digest).not.toBe(before?.digest);
    expect(glance(before!.newest)).not.toBe(seen);
  });

  test("of phones' backups looks at what every backup writes anew, and at none of their other files", async () => {
    for (const phone of ["phone-1", "phone-2"]) {
      await write(`${phone}/Manifest.db`, "list");
      await write(`${phone}/Status.plist`, "new");
      await write(`${phone}/ab/abcdef`, "content");
    }
    const [backup, asFolder] = [await digest(), await digest("folder")];
    await write("phone-1/ab/abcdff", "more");
    expect(await digest()).toBe(backup);
    expect(await digest("folder")).not.toBe(asFolder);
    await write("phone-2/Status.plist", "finished");
    expect(await digest()).not.toBe(backup);
    await write("notes.txt", "not only backups lie here");
    const mixed = await digest();
    await write("phone-1/ab/abcdef", "other content");
    expect(await digest()).not.toBe(mixed);
  });

  test("names where changes show first", async () => {
    await write("old/a", "a");
    await write("old/b", "b");
    await write("new/c", "c");
    const { newest } = (await list(folder, undefined))!;
    const before = glance(newest);
    expect(glance(newest)).toBe(before);
    await write("old/d", "d");
    expect(glance(newest)).not.toBe(before);
  });
});

describe("a watcher", () => {
  /** A clock that stands still while nothing is waited for. */
  function watched(): {
    watcher: Watcher;
    hints: () => number;
    wait: (ms: number) => Promise<string | undefined>;
  } {
    let [now, hints] = [0, 0];
    const onHint = (): void => void hints++;
    const watcher = new Watcher({
      answers,
      path: folder,
      format: undefined,
      quietMs: 30_000,
      lookMs: 25_000,
      onHint,
    });
    const wait = async (ms: number): Promise<string | undefined> => {
      const until = now + ms;
      while (Math.max(now, watcher.dueAt) <= until) {
        now = Math.max(now, watcher.dueAt);
        await watcher.look(() => now);
      }
      now = until;
      return watcher.settled(now);
    };
    return { watcher, hints: () => hints, wait };
  }

  test("takes a source for whole within a minute of its last change, and not while it changes", async () => {
    await write("part-1", "1");
    const { watcher, wait } = watched();
    using _ = watcher;
    expect(await wait(20_000)).toBeUndefined();
    for (let i = 2; i < 6; i++) {
      await write(`part-${i}`, String(i));
      expect(await wait(25_000)).toBeUndefined();
    }
    await write("part-6", "6");
    expect(await wait(59_000)).toBe(await digest());
    await appendFile(join(folder, "part-6"), "7");
    await wait(25_000);
    expect(await wait(34_000)).toBe(await digest());
  });

  test("sees that a source is gone, and that it came back", async () => {
    await write("part-1", "1");
    const { watcher, wait } = watched();
    using _ = watcher;
    expect(await wait(60_000)).toBeDefined();
    await rename(folder, `${folder}-away`);
    expect(await wait(60_000)).toBeUndefined();
    expect(watcher.isThere).toBe(false);
    await rename(`${folder}-away`, folder);
    expect(await wait(60_000)).toBeDefined();
  });

  test("takes a source whose disk does not answer for one that is not there, and asks again", async () => {
    await write("part-1", "1");
    const [given, path] = [new Answers({ most: 1, patienceMs: 20 }), folder];
    const onHint = (): void => undefined;
    using watcher = new Watcher({ answers: given, path, format: undefined, quietMs: 1, lookMs: 1, onHint });
    const away = Promise.withResolvers<void>();
    expect(await given.of(path, () => away.promise)).toBe("silent");
    await watcher.look(() => 0);
    expect([watcher.isSilent, watcher.isThere]).toEqual([true, false]);
    away.resolve();
    await expect.poll(async () => watcher.look(() => 0).then(() => watcher.isThere)).toBe(true);
    expect(watcher.isSilent).toBe(false);
  });

  test("keeps what it knows of a source while too many others do not answer", async () => {
    await write("part-1", "1");
    const [given, path] = [new Answers({ most: 1, patienceMs: 20 }), folder];
    const onHint = (): void => undefined;
    using watcher = new Watcher({ answers: given, path, format: undefined, quietMs: 1, lookMs: 1, onHint });
    await watcher.look(() => 0);
    await watcher.look(() => 100);
    const before = watcher.settled(100);
    expect(before).toBeDefined();
    const away = Promise.withResolvers<void>();
    expect(await given.of("another", () => away.promise)).toBe("silent");
    await appendFile(join(folder, "part-1"), "2");
    await watcher.look(() => 200);
    expect([watcher.isSilent, watcher.isThere, watcher.settled(200)]).toEqual([false, true, before]);
    away.resolve();
    await expect.poll(async () => watcher.look(() => 300).then(() => watcher.settled(300))).not.toBe(before);
  });

  test("hears of a change from the system, where that tells of it", async () => {
    await write("part-1", "1");
    const { watcher, hints, wait } = watched();
    using _ = watcher;
    await wait(60_000);
    const due = watcher.dueAt;
    await write("part-2", "2");
    await expect.poll(hints, { timeout: 10_000 }).toBe(1);
    expect(watcher.dueAt).toBeLessThan(due);
  });
});
