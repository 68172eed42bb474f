import { createHash } from "node:crypto";
import { appendFile, mkdir, open, readdir, readFile, rm, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { newMachine, type Machine } from "./cli-process.ts";

let machine: Machine & AsyncDisposable;
beforeEach(async () => {
  machine = await newMachine();
  await machine.run(["init", "vault", "--kit-file", "kit.txt"]);
});
afterEach(async () => machine[Symbol.asyncDispose]());

const MiB = 1024 * 1024;

function noise(seed: number, length: number): Uint8Array {
  return createHash("shake256", { outputLength: length }).update(String(seed)).digest();
}

/** What WeChat on a computer might have written: containers that grow, a list that is rewritten. */
async function officialFolder(): Promise<string> {
  const folder = machine.path("WeChat Files", "wxid_invented", "BackupFiles");
  await mkdir(join(folder, "phone", "nothing"), { recursive: true });
  await writeFile(join(folder, "phone", "BAK_0_MEDIA"), noise(1, 9 * MiB));
  await writeFile(join(folder, "phone", "BAK_0_TEXT"), noise(2, 300_000));
  await writeFile(join(folder, "phone", "Backup.db"), noise(3, 40_000));
  await writeFile(join(folder, "说明 note.txt"), "x");
  return folder;
}

/** Every name with size, time and digest. */
async function listed(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const lines = entries.map(async (entry) => {
    const path = join(entry.parentPath, entry.name);
    const name = path.slice(folder.length + 1);
    if (entry.isDirectory()) return `${name}/`;
    const { size, mtimeMs } = await stat(path);
    const digest = createHash("sha256")
      .update(await readFile(path))
      .digest("hex");
    return `${name} ${size} ${Math.round(mtimeMs)} ${digest}`;
  });
  return (await Promise.all(lines)).sort();
}

const quick = ["--quiet-time", "1"];

async function packBytes(): Promise<number> {
  const names = await readdir(machine.path("vault", "packs"));
  const sizes = await Promise.all(
    names.map(async (name) => (await stat(machine.path("vault", "packs", name))).size),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

describe("a folder that is kept as it is", { timeout: 60_000 }, () => {
  test("grows, is rewritten, and comes back identical from every version", async () => {
    const folder = await officialFolder();
    const first = await machine.json(["backup", folder, "--name", "WeChat on my PC", ...quick]);
    expect(first.result).toMatchObject({ ok: true, folder: { files: 4, added: 5, changed: 0, removed: 0 } });
    const [proof] = first.events.filter((event) => event.type === "proof");
    expect(proof).toMatchObject({ format: "wechat-official", files: 4, name: "WeChat on my PC" });
    const before = await listed(folder);
    const stored = await packBytes();

    await appendFile(join(folder, "phone", "BAK_0_MEDIA"), noise(4, 100_000));
    const list = await open(join(folder, "phone", "Backup.db"), "r+");
    await list.write(noise(5, 100), 0, 100, 20_000);
    await list.close();
    await rm(join(folder, "说明 note.txt"));
    const second = await machine.json(["backup", folder, "--name", "WeChat on my PC", ...quick]);
    expect(second.result).toMatchObject({ ok: true, folder: { files: 3, added: 0, changed: 2, removed: 1 } });
    // The last part of the container, and the list: not the eight megabytes before.
    expect((await packBytes()) - stored).toBeLessThan(2.5 * MiB);

    const restored = await machine.json(["restore", "out", "--folder", "WeChat on my PC"]);
    expect(restored.result).toMatchObject({ ok: true, files: 3 });
    expect(await listed(machine.path("out"))).toEqual(await listed(folder));
    const earlier = ["--snapshot", String(first.result["snapshot"])];
    await machine.run(["restore", "earlier", "--folder", "WeChat on my PC", ...earlier]);
    expect(await listed(machine.path("earlier"))).toEqual(before);
    await machine.json(["restore", "all"]);
    expect(await listed(machine.path("all", "folders", "WeChat on my PC"))).toEqual(await listed(folder));
    expect((await machine.json(["check", "--level", "full"])).result).toMatchObject({ ok: true });
  });

  test("is not read where nothing changed, and not taken at its word where it lost most of what it held", async () => {
    const folder = await officialFolder();
    await machine.json(["backup", folder, "--name", "pc", ...quick]);
    expect((await machine.json(["backup", folder, "--name", "pc", ...quick])).result).toMatchObject({
      isUnchanged: true,
    });
    await mkdir(join(folder, "another", "nothing"), { recursive: true });
    expect((await machine.json(["backup", folder, "--name", "pc", ...quick])).result).toMatchObject({
      folder: { added: 1, changed: 0, removed: 0 },
    });
    await rm(join(folder, "another"), { recursive: true });
    await rm(join(folder, "phone"), { recursive: true });
    const shrunk = ["backup", folder, "--name", "pc", "--format", "wechat-official", ...quick];
    expect((await machine.json(shrunk)).result).toMatchObject({ code: "history.folder-shrunk", exit: 13 });
    expect((await machine.json([...shrunk, "--accept-shrink"])).result).toMatchObject({
      folder: { files: 1, removed: 5 },
    });
  });

  test("of any kind is kept where the person asks for it, beside chats, and forgotten alone", async () => {
    await mkdir(machine.path("notes"));
    await writeFile(machine.path("notes", "a.txt"), "plain");
    await utimes(machine.path("notes", "a.txt"), 1_600_000_000.5, 1_600_000_000.5);
    expect((await machine.json(["backup", "notes"])).result).toMatchObject({ code: "format.unknown" });
    const kept = await machine.json(["backup", "notes", "--format", "folder", ...quick]);
    expect(kept.result).toMatchObject({ ok: true, folder: { files: 1 } });
    await machine.makeExport("phone", { seed: "beside", messages: 50, chats: 2 });
    await machine.json(["backup", "phone"]);
    const folders = await machine.json(["folders"]);
    expect(folders.events.filter((event) => event.type === "folder")).toMatchObject([
      { name: "notes", format: "folder", files: 1, bytes: 5 },
    ]);
    expect((await machine.json(["chats"])).result).toMatchObject({ chats: 2 });
    expect((await machine.json(["restore", "x", "--folder", "other"])).result).toMatchObject({
      code: "cli.no-folder",
    });
    await machine.run(["forget", "--folder", "notes", "--yes"]);
    expect((await machine.json(["folders"])).result).toMatchObject({ folders: 0 });
    expect((await machine.json(["chats"])).result).toMatchObject({ chats: 2 });
  });

  test("says in both languages that WeChat restores it, and how", async () => {
    const folder = await officialFolder();
    const kept = await machine.run(["backup", folder, "--name", "pc", ...quick]);
    expect(kept.stderr).toContain("We keep it, WeChat restores it");
    const back = await machine.run(["restore", "out", "--folder", "pc", "--lang", "zh"]);
    expect(back.stderr).toContain("恢复聊天记录至手机");
  });

  test("whose backup is stopped goes on, and comes back identical", async () => {
    const folder = await officialFolder();
    await writeFile(join(folder, "phone", "BAK_1_MEDIA"), noise(6, 80 * MiB));
    let isStopped = false;
    const stopped = await machine.json(["backup", folder, "--name", "pc", ...quick], {
      onOutput: (text, stop) => {
        if (isStopped || !/"stage":"read","done":\{"bytes":[3-9]\d{7}/.test(text)) return;
        isStopped = true;
        stop();
      },
    });
    expect(stopped.result).toMatchObject({ ok: false });
    const stored = await packBytes();
    expect(stored).toBeGreaterThan(15 * MiB);
    await machine.json(["backup", folder, "--name", "pc", ...quick]);
    // Ninety mebibytes in all, and again at most the two packs that were under way.
    expect(await packBytes()).toBeLessThan(1.03 * 90 * MiB + 2 * 16.25 * MiB);
    await machine.json(["restore", "out", "--folder", "pc"]);
    expect(await listed(machine.path("out"))).toEqual(await listed(folder));
  });
});
