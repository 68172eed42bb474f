import { execFileSync } from "node:child_process";
import { readFile, stat, writeFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { codes } from "@keepsake/core/base";
import { makeProgram } from "../packages/cli/src/program.ts";
import { contentOf, newMachine, type Machine } from "./cli-process.ts";

const life = { seed: "cli", messages: 900, chats: 5, attachmentBytes: 600_000 };

let machine: Machine & AsyncDisposable;
beforeAll(async () => {
  machine = await newMachine();
  await machine.makeExport("phone", life);
  await machine.run(["init", "vault", "--kit-file", "kit.txt", "--new-password-file", await password()]);
  await machine.run(["backup", "phone", "--name", "phone"]);
}, 60_000);
afterAll(async () => machine?.[Symbol.asyncDispose]());

async function password(): Promise<string> {
  await writeFile(machine.path("password"), "a long and quiet river\n");
  return "password";
}

describe("every command that reads", { timeout: 30_000 }, () => {
  const commands: readonly (readonly [args: readonly string[], event: string | undefined])[] = [
    [["chats"], "chat"],
    [["show", "wechat:group", "--limit", "5"], undefined],
    [["search", "的", "--limit", "4"], "hit"],
    [["snapshots"], "snapshot"],
    [["diff", "1"], "difference"],
    [["check", "--level", "structure"], undefined],
    [["check"], undefined],
    [["check", "--level", "full"], undefined],
    [["rehearse", "--messages", "100"], undefined],
    [["doctor"], "looked"],
    [["keys", "list"], "slot"],
    [["keys", "devices"], "device"],
    [["compact"], undefined],
    [["completion", "fish"], "script"],
    [["backup", "phone", "--dry-run"], undefined],
    [["restore", "nowhere", "--dry-run"], "chat"],
  ];

  for (const [args, type] of commands) {
    test(`ends with one result and changes nothing: ${args.join(" ")}`, async () => {
      const before = await contentOf(machine.path("vault"));
      const given = args[0] === "show" ? ["show", await firstChat(), "--limit", "5"] : args;
      const [json, told] = await Promise.all([
        machine.json(given),
        machine.run([...given, "--lang", args.length % 2 === 0 ? "en" : "zh"]),
      ]);
      const { exit, events, result, stderr } = json;
      expect([exit, stderr]).toEqual([0, ""]);
      expect(events[0]).toMatchObject({ type: "start" });
      expect(events.filter((event) => event.type === "result")).toEqual([result]);
      expect(result).toMatchObject({ type: "result", ok: true, code: "done", exit: 0 });
      if (type !== undefined) expect(events.map((event) => event.type)).toContain(type);
      expect(told.exit).toBe(0);
      expect(told.stdout + told.stderr).not.toBe("");
      expect(await contentOf(machine.path("vault"))).toEqual(before);
    });
  }

  async function firstChat(): Promise<string> {
    const { events } = await machine.json(["chats"]);
    return String(events.find((event) => event.type === "chat")?.["chat"]);
  }
});

describe("init", { timeout: 30_000 }, () => {
  test("wants a kit file where nobody looks on, and leaves nothing behind when it refuses", async () => {
    const { exit, stderr } = await machine.run(["init", "other"]);
    expect(exit).toBe(2);
    expect(stderr).toContain("--kit-file");
    await expect(stat(machine.path("other"))).rejects.toThrow();
  });

  test("writes a kit that only its owner can read, and says none of its words", async () => {
    const { stdout, stderr, result } = await machine.json(["init", "second", "--kit-file", "second.html"], {
      env: { KEEPSAKE_CONFIG: machine.path("config2") },
    });
    const page = await readFile(machine.path("second.html"), "utf8");
    const words = [...page.matchAll(/<li>(\w+)<\/li>/g)].map((match) => match[1]!);
    expect(words).toHaveLength(24);
    expect(result).toMatchObject({ ok: true, wordsChecked: false });
    expect(stderr + stdout).not.toContain(words.slice(0, 3).join(" "));
    for (const [i, word] of words.slice(1).entries())
      expect(stdout).not.toMatch(new RegExp(`\\b${words[i]}\\W+${word}\\b`));
    expect((await stat(machine.path("second.html"))).mode & 0o777).toBe(0o600);
    const profiles = await contentOf(machine.path("config2"));
    for (const file of Object.keys(profiles)) expect((await stat(file)).mode & 0o777).toBe(0o600);
  });

  test("takes no folder that holds something, and no vault twice", async () => {
    const again = await machine.json(["init", "vault", "--kit-file", "again.txt"]);
    expect(again.result).toMatchObject({ code: "vault.already-there", exit: 13 });
    const full = await machine.json(["init", "phone", "--kit-file", "again.txt"]);
    expect(full.result).toMatchObject({ code: "cli.folder-not-empty", exit: 13 });
    await expect(stat(machine.path("again.txt"))).rejects.toThrow();
    const kit = await machine.json(["init", "third", "--kit-file", "kit.txt"]);
    expect(kit.result).toMatchObject({ code: "cli.no-file", exit: 4 });
  });
});

describe.concurrent("a command line that cannot be understood", { timeout: 30_000 }, () => {
  const wrong: readonly (readonly [args: readonly string[], says: string])[] = [
    [["serach", "x"], "search"],
    [["frobnicate"], "no such command"],
    [["chats", "--frob"], "no such option"],
    [["show"], "chat is missing"],
    [["show", "a", "--limit"], "--limit"],
    [["show", "a", "b"], "quotes"],
    [["search", "x", "--from", "yesterday"], "--from"],
    [["check", "--level", "most"], "--level"],
    [["export", "x"], "--format"],
    [["forget"], "--keep-last"],
    [["copy"], "--to"],
    [["merge", "phone"], "--name"],
  ];
  for (const [args, says] of wrong) {
    test(`exits with 2 and says what is wrong: ${args.join(" ")}`, async () => {
      const [told, json] = await Promise.all([machine.run(args), machine.json(args)]);
      expect(told.exit).toBe(2);
      expect(told.stderr).toContain(says);
      const { exit, result, stderr } = json;
      expect([exit, stderr]).toEqual([2, ""]);
      expect(result).toMatchObject({ type: "result", ok: false, code: "cli.usage", exit: 2 });
    });
  }
});

/** All commands of a language that do something, with their help as the program prints it. */
function helpTexts(language: "en" | "zh"): ReadonlyMap<string, string> {
  const root = makeProgram({ language, version: "0", onCommand: () => Promise.resolve() });
  const leaves = root.commands.flatMap((each) => (each.commands.length === 0 ? [each] : each.commands));
  return new Map(
    leaves.map((command) => {
      let text = "";
      command.configureOutput({ writeOut: (part) => void (text += part) }).outputHelp();
      return [`${command.parent === root ? "" : `${command.parent!.name()} `}${command.name()}`, text];
    }),
  );
}

test("help has examples for every command, in both languages", { timeout: 60_000 }, async () => {
  const [en, zh] = [helpTexts("en"), helpTexts("zh")];
  expect(en.size).toBeGreaterThan(50);
  expect([...zh.keys()]).toEqual([...en.keys()]);
  for (const text of en.values()) expect(text).toMatch(/Examples:\n {2}\S+/);
  for (const text of zh.values()) expect(text).toMatch(/\p{Script=Han}[^]*示例：\n {2}\S+/u);
  const { stdout } = await machine.run(["--help"]);
  for (const name of en.keys()) expect(stdout).toMatch(new RegExp(`^ {2}${name.split(" ")[0]} `, "m"));
  expect((await machine.run(["help", "backup"])).stdout).toBe(en.get("backup"));
  expect((await machine.run(["--lang", "zh", "keys", "join", "--help"])).stdout).toBe(zh.get("keys join"));
});

test("completion is a script that the shell reads", { timeout: 30_000 }, async () => {
  const { stdout } = await machine.run(["completion", "bash"]);
  execFileSync("bash", ["-n"], { input: stdout });
  for (const shell of ["bash", "zsh", "fish"]) {
    const script = (await machine.run(["completion", shell])).stdout;
    expect(script).toContain("rehearse");
    expect(script).toContain("accept-shrink");
  }
});

test("the document lists every exit code with what it means", async () => {
  const page = await readFile(new URL("../docs/CLI.md", import.meta.url), "utf8");
  for (const exit of new Set([0, ...Object.values(codes).map((entry) => entry.exit)]))
    expect(page).toMatch(new RegExp(`^\\| ${exit} +\\|`, "m"));
  const { stdout } = await machine.run(["--help"]);
  for (const [, name] of stdout.matchAll(/^ {2}(\w+) /gm)) expect(page).toContain(name!);
});

test("the tour runs to its end without a person", { timeout: 60_000 }, async () => {
  const { exit, events, result } = await machine.json(["tour"]);
  expect([exit, result["code"]]).toEqual([0, "done"]);
  expect(events.filter((event) => event.type === "step").length).toBeGreaterThan(10);
});
