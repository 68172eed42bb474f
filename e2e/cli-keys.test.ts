import { readFile, writeFile } from "node:fs/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { seedToWords } from "@keepsake/core/vault";
import { newMachine, type Ended, type Machine } from "./cli-process.ts";

let machine: Machine & AsyncDisposable;
beforeEach(async () => {
  machine = await newMachine();
  await machine.run(["init", "vault", "--kit-file", "kit.txt", "--device-name", "first"]);
  await machine.makeExport("phone", { seed: "keys", messages: 200, chats: 2 });
  await machine.run(["backup", "phone"]);
}, 60_000);
afterEach(async () => machine[Symbol.asyncDispose]());

/** The same vault, seen from another machine. */
function elsewhere(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ended> {
  const own = { KEEPSAKE_CONFIG: machine.path("elsewhere"), KEEPSAKE_STORE: machine.path("vault") };
  return machine.json(args, { env: { ...own, ...env } });
}

/** What opened once and was replaced since. */
const isVoid = { ok: false, code: "keys.replaced", exit: 12 };
const slow = { timeout: 60_000 };

test("words open the vault anywhere, by file or environment; wrong ones do not", slow, async () => {
  expect((await elsewhere(["chats"])).result).toMatchObject({ code: "cli.no-secret", exit: 12 });
  expect((await elsewhere(["chats", "--words-file", "kit.txt"])).exit).toBe(0);
  const kit = await readFile(machine.path("kit.txt"), "utf8");
  const words = [...kit.matchAll(/^ ?\d+\. (\w+)$/gm)].map((match) => match[1]!);
  expect((await elsewhere(["chats"], { KEEPSAKE_WORDS: words.join(" ") })).exit).toBe(0);
  expect((await elsewhere(["chats"], { KEEPSAKE_WORDS_FILE: "kit.txt" })).exit).toBe(0);
  const others = (await seedToWords(new Uint8Array(32).fill(9), "en")).join(" ");
  expect((await elsewhere(["chats"], { KEEPSAKE_WORDS: others })).result).toMatchObject({
    code: "vault.wrong-key",
    exit: 12,
  });
  const mixed = await elsewhere(["chats"], { KEEPSAKE_WORDS: words.toReversed().join(" ") });
  expect(mixed.result["code"]).toMatch(/^keys\.words-checksum$|^vault\.wrong-key$/);
  expect((await elsewhere(["chats"], { KEEPSAKE_WORDS: words.slice(1).join(" ") })).result).toMatchObject({
    code: "keys.words-count",
    exit: 2,
  });
  expect((await elsewhere(["backup", "phone", "--words-file", "kit.txt"])).result).toMatchObject({
    code: "cli.not-this-device",
    exit: 12,
  });
});

test("a password is set, opens, is changed and is removed", slow, async () => {
  await writeFile(machine.path("p1"), "a first long password\n");
  await writeFile(machine.path("p2"), "a second long password\n");
  expect((await machine.json(["keys", "password", "--new-password-file", "p1"])).result).toMatchObject({
    code: "cli.no-secret",
  });
  const set = await machine.json([
    "keys",
    "password",
    "--words-file",
    "kit.txt",
    "--new-password-file",
    "p1",
  ]);
  expect(set.result).toMatchObject({ ok: true, hasPassword: true });
  expect((await elsewhere(["chats", "--password-file", "p1"])).exit).toBe(0);
  expect((await elsewhere(["chats", "--password-file", "p2"])).result).toMatchObject({
    code: "vault.wrong-key",
  });
  await machine.json(["keys", "password", "--password-file", "p1", "--new-password-file", "p2"]);
  expect((await elsewhere(["chats", "--password-file", "p1"])).result).toMatchObject(isVoid);
  expect((await elsewhere(["chats", "--password-file", "p2"])).exit).toBe(0);
  await machine.json(["keys", "password", "--remove", "--words-file", "kit.txt"]);
  expect((await elsewhere(["chats", "--password-file", "p2"])).result).toMatchObject(isVoid);
  await writeFile(machine.path("weak"), "aaaa\n");
  const weak = await machine.json([
    "keys",
    "password",
    "--words-file",
    "kit.txt",
    "--new-password-file",
    "weak",
  ]);
  expect(weak.result).toMatchObject({ code: "keys.weak-password", exit: 2 });
});

test("words are replaced: the new kit opens, the old one does not", slow, async () => {
  expect(
    (await machine.json(["keys", "words", "--words-file", "kit.txt", "--kit-file", "new.txt"])).result,
  ).toMatchObject({ code: "cli.not-confirmed" });
  const replaced = await machine.json([
    "keys",
    "words",
    "--words-file",
    "kit.txt",
    "--kit-file",
    "new.txt",
    "--yes",
  ]);
  expect(replaced.result).toMatchObject({ ok: true });
  expect((await elsewhere(["chats", "--words-file", "new.txt"])).exit).toBe(0);
  expect((await elsewhere(["chats", "--words-file", "kit.txt"])).result).toMatchObject(isVoid);
  expect((await machine.json(["backup", "phone", "--reread"])).exit).toBe(0);
});

test("the kit is printed again from the words, in the person's language", slow, async () => {
  const printed = await machine.run([
    "keys",
    "kit",
    "--words-file",
    "kit.txt",
    "--kit-file",
    "again.html",
    "--lang",
    "zh",
  ]);
  expect(printed.exit).toBe(0);
  expect(await readFile(machine.path("again.html"), "utf8")).toMatch(/<h1>念存恢复卡/);
  expect((await elsewhere(["chats", "--words-file", "again.html"])).exit).toBe(0);
  expect((await machine.json(["doctor"])).events).toContainEqual(
    expect.objectContaining({ name: "words", state: "good" }),
  );
});

test("a device joins, writes, and is taken out", slow, async () => {
  const joined = await elsewhere(["keys", "join", "--words-file", "kit.txt", "--device-name", "second"]);
  expect(joined.result).toMatchObject({ ok: true, writer: 1 });
  expect((await elsewhere(["backup", "phone", "--reread"])).exit).toBe(0);
  const { events } = await machine.json(["keys", "devices"]);
  expect(events.filter((event) => event.type === "device")).toMatchObject([
    { writer: 0, name: "first", isThis: true },
    { writer: 1, name: "second", isThis: false },
  ]);
  const revoked = await machine.json(["keys", "revoke", "1", "--words-file", "kit.txt", "--yes"]);
  expect(revoked.result).toMatchObject({ ok: true });
  expect((await elsewhere(["chats"])).result).toMatchObject(isVoid);
  expect((await elsewhere(["backup", "phone", "--reread"])).result).toMatchObject(isVoid);
  expect((await machine.json(["backup", "phone", "--reread"])).exit).toBe(0);
  expect(
    (await machine.json(["keys", "revoke", "7", "--words-file", "kit.txt", "--yes"])).result,
  ).toMatchObject({ code: "keys.no-device", exit: 2 });
});

test("keys are rotated, and a vault whose words are lost is rescued by its device", slow, async () => {
  const before = await machine.json(["snapshots"]);
  const rotated = await machine.json(["keys", "rotate", "--words-file", "kit.txt"]);
  expect(rotated.result).toMatchObject({ ok: true, generation: 1 });
  expect((await machine.json(["snapshots"])).result["snapshots"]).toBe(
    Number(before.result["snapshots"]) + 1,
  );
  const rescued = await machine.json(["keys", "rescue", "--kit-file", "rescued.txt", "--yes"]);
  expect(rescued.result).toMatchObject({ ok: true, generation: 2 });
  expect((await machine.json(["backup", "phone", "--reread"])).exit).toBe(0);
  expect((await elsewhere(["chats", "--words-file", "rescued.txt"])).exit).toBe(0);
  expect((await elsewhere(["chats", "--words-file", "kit.txt"])).result).toMatchObject(isVoid);
});
