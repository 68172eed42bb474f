import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { packZip, type Packed } from "../packages/core/testing/zip/pack.ts";
import { newMachine, type Machine } from "./cli-process.ts";

const life = { seed: "zip", messages: 600, chats: 4, attachmentBytes: 300_000 };

let machine: Machine & AsyncDisposable;
let entries: readonly Packed[];
beforeAll(async () => {
  machine = await newMachine();
  await machine.run(["init", "vault", "--kit-file", "kit.txt"]);
  const folder = await machine.makeExport("phone", life);
  const found = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = found.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  entries = await Promise.all(
    files.map(async (path) => ({
      name: `phone${path.slice(folder.length)}`,
      content: new Uint8Array(await readFile(path)),
    })),
  );
  await writeFile(machine.path("phone.zip"), await packZip(entries));
}, 60_000);
afterAll(async () => machine?.[Symbol.asyncDispose]());

describe("a zip file of an export", { timeout: 60_000 }, () => {
  test("is read as the folder that it holds: what is in one is in the other", async () => {
    const first = await machine.json(["backup", "phone.zip"]);
    expect([first.exit, first.stderr]).toEqual([0, ""]);
    expect(first.result).toMatchObject({ messages: life.messages, findings: [] });
    const same = await machine.json(["backup", "phone", "--name", "phone"]);
    expect(same.result).toMatchObject({ exit: 0, source: first.result["source"], added: 0 });
    const again = await machine.json(["backup", "phone.zip"]);
    expect(again.result).toMatchObject({ added: 0, newFiles: { count: 0 } });
  });

  test("is read again when a file in it is another, though name and size are the same", async () => {
    const path = machine.path("other.zip");
    await writeFile(path, await packZip(entries));
    await machine.json(["backup", "other.zip"]);
    expect((await machine.json(["backup", "other.zip"])).result).toMatchObject({ isUnchanged: true });
    const changed = entries.map((entry) =>
      String(entry.name).endsWith(".jsonl") ? { ...entry, content: flipped(entry) } : entry,
    );
    await writeFile(path, await packZip(changed));
    const read = await machine.json(["backup", "other.zip"]);
    expect(read.result).toMatchObject({ isUnchanged: false, added: 1 });
  });

  test("whose files are encrypted is refused, and one that is cut off", async () => {
    await writeFile(machine.path("locked.zip"), await packZip([{ name: "a", content: "a", flags: 1 }]));
    expect(await machine.json(["backup", "locked.zip"])).toMatchObject({ exit: 12 });
    await writeFile(machine.path("cut.zip"), (await packZip(entries)).subarray(0, -40));
    expect(await machine.json(["backup", "cut.zip"])).toMatchObject({ exit: 11 });
  });

  test("is kept as a file where files are to be kept as they are", async () => {
    const kept = ["--format", "folder", "--name", "kept", "--quiet-time", "0"];
    expect(await machine.json(["backup", "phone.zip", ...kept])).toMatchObject({ exit: 0 });
    await machine.json(["restore", "back", "--folder", "kept"]);
    expect(await readFile(machine.path("back", "phone.zip"))).toEqual(
      await readFile(machine.path("phone.zip")),
    );
  });
});

function flipped({ content }: Packed): Uint8Array<ArrayBuffer> {
  const text = new TextDecoder().decode(content as Uint8Array);
  return new TextEncoder().encode(
    text.replace(/"sent":(\d+)(\d)/, (_, a, b) => `"sent":${a}${(Number(b) + 1) % 10}`),
  );
}
