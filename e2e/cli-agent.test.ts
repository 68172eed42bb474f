import { spawn, type ChildProcess } from "node:child_process";
import { chmod, mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { makeBackup } from "../packages/core/testing/apple/backup.ts";
import { weChatFiles, type PhoneWeChat } from "../packages/core/testing/wechat/phone.ts";
import { newMachine, processEnv, type Ended, type Machine } from "./cli-process.ts";

const main = fileURLToPath(new URL("../packages/cli/src/main.ts", import.meta.url));
const life = { seed: "agent", messages: 600, chats: 4, attachmentBytes: 300_000 };
const TIMEOUT_MS = 240_000;

let machine: Machine & AsyncDisposable;
const agents: ChildProcess[] = [];
beforeEach(async () => {
  machine = await newMachine();
  await machine.run(["init", "vault", "--kit-file", "kit.txt"]);
});
afterEach(async () => {
  for (const agent of agents.splice(0))
    if (agent.exitCode === null && agent.signalCode === null) await ended(agent, "SIGTERM");
  await machine[Symbol.asyncDispose]();
});

/** An agent of its own, as the system would start it. */
function startAgent(): ChildProcess {
  const agent = spawn(process.execPath, [main, "agent", "run", "--json"], {
    cwd: machine.folder,
    env: {
      ...processEnv,
      HOME: machine.folder,
      TZ: "UTC",
      KEEPSAKE_CONFIG: machine.path("config"),
    },
    stdio: ["ignore", "pipe", "inherit"],
  });
  agent.stdout!.resume();
  agents.push(agent);
  return agent;
}

function ended(agent: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  const exit = new Promise<number | null>((done) => agent.once("exit", (code) => done(code)));
  agent.kill(signal);
  return exit;
}

interface Config {
  readonly sources?: readonly object[];
  readonly [key: string]: unknown;
}

/** Changes the configuration as a person does with an editor; times are short, so that tests are. */
async function configure(change: Config = {}): Promise<void> {
  const path = machine.path("config", "agent", "config.json");
  const before = JSON.parse(await readFile(path, "utf8").catch(() => "{}")) as Config;
  const short = { quietSeconds: 0.4, lookSeconds: 0.3, isPausedOnBattery: false, isPausedOnMetered: false };
  await mkdir(machine.path("config", "agent"), { recursive: true });
  await writeFile(path, JSON.stringify({ ...short, ...before, ...change }));
}

const config = (name: string): Promise<string> => readFile(machine.path("config", "agent", name), "utf8");

/** How many messages the vault holds. */
async function protectedMessages(): Promise<number> {
  const { events } = await machine.json(["chats"]);
  return events
    .filter(({ type }) => type === "chat")
    .reduce((sum, chat) => sum + Number(chat["messages"]), 0);
}

async function status(): Promise<Ended["result"] & { readonly sources: readonly Record<string, unknown>[] }> {
  const { events, result } = await machine.json(["status"]);
  return { ...result, sources: events.filter(({ type }) => type === "source") };
}

/** How the backups in the log ended, oldest first. */
async function backupCodes(): Promise<readonly unknown[]> {
  const { events } = await machine.json(["agent", "log"]);
  return events.filter(({ work }) => work === "backup").map(({ code }) => code);
}

const poll = { timeout: 120_000, interval: 300 };

describe("agent run --once", { timeout: TIMEOUT_MS }, () => {
  test("backs up what is new, reads a share again, rehearses, and does nothing the second time", async () => {
    await machine.makeExport("phone", life);
    expect((await machine.json(["agent", "add", "phone", "--name", "my phone"])).result).toMatchObject({
      ok: true,
    });
    await configure();
    const first = await machine.json(["agent", "run", "--once"]);
    expect(first.result).toMatchObject({ ok: true, rounds: 3, failed: 0 });
    expect(await protectedMessages()).toBe(600);
    const again = await machine.json(["agent", "run", "--once"]);
    expect(again.result).toMatchObject({ ok: true, rounds: 0 });
    const { events } = await machine.json(["agent", "log"]);
    const rounds = events.filter(({ type }) => type === "round");
    expect(rounds.map(({ work }) => work)).toEqual(["backup", "check", "rehearse"]);
    expect(rounds[0]).toMatchObject({ source: "my phone", code: "done", messages: 600, added: 600 });
    expect(Number(rounds[0]!["bytes"])).toBeGreaterThan(100_000);
    const now = await status();
    expect(now).toMatchObject({ standing: "off", isRunning: false, lastMessageAt: expect.any(Number) });
    expect(now.sources).toMatchObject([{ name: "my phone", standing: "good" }]);
    for (const name of ["config.json", "state.json", "log.jsonl"]) {
      const { mode } = await stat(machine.path("config", "agent", name));
      if (name !== "config.json") expect([name, mode & 0o77]).toEqual([name, 0]);
    }
  });

  test("does not try again what only the person can put right, until they did", async () => {
    await mkdir(machine.path("odd"));
    await writeFile(machine.path("odd", "notes.txt"), "no export of any kind");
    await machine.run(["agent", "add", "odd"]);
    await configure();
    const once = ["agent", "run", "--once"];
    const failed = await machine.json(once);
    expect(failed.result).toMatchObject({ code: "cli.partly", failed: 1 });
    expect((await status()).sources).toMatchObject([
      { standing: "needs-you", last: { code: "format.unknown" } },
    ]);
    expect((await machine.run(["status"])).stdout).toContain(
      "odd: No format that Keepsake reads was found here.",
    );
    expect((await machine.json(once)).result).toMatchObject({ rounds: 0 });
    await machine.run(["agent", "resume"]);
    expect((await machine.json(once)).result).toMatchObject({ rounds: 1, failed: 1 });
    await rm(machine.path("odd"), { recursive: true });
    await machine.makeExport("odd", life);
    expect((await machine.json(once)).result).toMatchObject({ rounds: 1, failed: 0 });
    expect(await protectedMessages()).toBe(600);
  });

  test("rings when a source shrank, keeps everything, and waits for the person", async () => {
    await machine.makeExport("phone", life);
    await machine.run(["agent", "add", "phone"]);
    await configure();
    await machine.json(["agent", "run", "--once"]);
    await rm(machine.path("phone"), { recursive: true });
    await machine.makeExport("phone", { ...life, messages: 200 });
    expect((await machine.json(["agent", "run", "--once"])).result).toMatchObject({ code: "cli.partly" });
    expect((await status()).sources).toMatchObject([{ standing: "needs-you", last: { isShrunk: true } }]);
    expect((await machine.run(["status"])).stdout).toContain("--accept-shrink");
    expect(await protectedMessages()).toBeGreaterThanOrEqual(600);
    await machine.run(["backup", "phone", "--accept-shrink"]);
    await machine.run(["agent", "resume"]);
    await machine.json(["agent", "run", "--once"]);
    expect((await status()).sources).toMatchObject([{ standing: "good" }]);
  });

  test("begins nothing outside the hours that are allowed", async () => {
    await machine.makeExport("phone", life);
    await machine.run(["agent", "add", "phone"]);
    const hour = (offset: number): string =>
      String((new Date().getUTCHours() + offset + 24) % 24).padStart(2, "0");
    await configure({ hours: `${hour(3)}:00-${hour(4)}:00` });
    const held = await machine.json(["agent", "run", "--once"]);
    expect(held.result).toMatchObject({ ok: true, rounds: 0, held: "hours" });
    await configure({ hours: `${hour(-1)}:00-${hour(3)}:00` });
    expect((await machine.json(["agent", "run", "--once"])).result).toMatchObject({ rounds: 3, failed: 0 });
  });

  test("keeps any folder as it is, when the person says so", async () => {
    await mkdir(machine.path("files"));
    await writeFile(machine.path("files", "a.bin"), "anything at all");
    await machine.run(["agent", "add", "files", "--format", "folder"]);
    await configure();
    expect((await machine.json(["agent", "run", "--once"])).result).toMatchObject({ rounds: 3, failed: 0 });
    await writeFile(machine.path("files", "b.bin"), "more");
    expect((await machine.json(["agent", "run", "--once"])).result).toMatchObject({ rounds: 1, failed: 0 });
    const { events } = await machine.json(["folders"]);
    expect(events.find(({ type }) => type === "folder")).toMatchObject({ name: "files", files: 2 });
  });

  test("waits for the password of a protected phone backup, and goes on when it is right", async () => {
    const phone: PhoneWeChat = {
      userName: "wxid_li",
      nickname: "小李",
      contacts: [{ userName: "wxid_mum", nickname: "兰" }],
      chats: [
        {
          userName: "wxid_mum",
          rows: [{ number: 1, server: 1n, sentSeconds: 1_700_000_000, isOwn: false, type: 1, text: "好" }],
        },
      ],
    };
    const protection = { password: "备份密码 42", rounds: 50, firstRounds: 50 };
    await mkdir(machine.path("Backup"));
    makeBackup(machine.path("Backup", "00008120-1"), weChatFiles([phone]), { protection });
    await writeFile(machine.path("password.txt"), "1234\n");
    const file = ["--backup-password-file", "password.txt"];
    await machine.run(["agent", "add", "Backup", "--name", "iPhone", "--me", "wxid_li", ...file]);
    await configure();
    const once = ["agent", "run", "--once"];
    expect((await machine.json(once)).result).toMatchObject({ failed: 1 });
    expect((await machine.run(["status"])).stdout).toContain("put the right one into the password file");
    expect((await machine.json(once)).result).toMatchObject({ rounds: 0 });
    await writeFile(machine.path("password.txt"), `${protection.password}\n`);
    expect((await machine.json(once)).result).toMatchObject({ rounds: 1, failed: 0 });
    expect(await protectedMessages()).toBe(1);
    for (const name of ["config.json", "state.json", "log.jsonl"])
      expect(await config(name)).not.toContain(protection.password);
  });

  test("reminds once after seven days without a new backup", async () => {
    await machine.makeExport("phone", life);
    await machine.run(["agent", "add", "phone", "--name", "my phone"]);
    await configure();
    await machine.run(["agent", "run", "--once"]);
    const state = JSON.parse(await config("state.json")) as { sources: Record<string, { goodAt: number }> };
    state.sources["my phone"]!.goodAt -= 8 * 86_400_000;
    await writeFile(machine.path("config", "agent", "state.json"), JSON.stringify(state));
    await mkdir(machine.path("bin"));
    await writeFile(
      machine.path("bin", "notify-send"),
      `#!/bin/sh\necho "$@" >> "${machine.path("notes")}"\n`,
    );
    await chmod(machine.path("bin", "notify-send"), 0o755);
    const env = { PATH: `${machine.path("bin")}:${process.env["PATH"]}` };
    const reminded = await machine.run(["agent", "run", "--once"], { env });
    expect(reminded.stderr).toContain("No new backup for 7 days: my phone.");
    const again = await machine.run(["agent", "run", "--once"], { env });
    expect(again.stderr).not.toContain("No new backup");
    expect((await status()).sources).toMatchObject([{ standing: "overdue" }]);
    const { events } = await machine.json(["agent", "log"]);
    expect(events.filter(({ work }) => work === "remind")).toHaveLength(1);
    if (process.platform === "linux")
      expect((await readFile(machine.path("notes"), "utf8")).split("\n")).toHaveLength(2);
  });

  test("leaves the store that the person used last alone, and reads every copy", async () => {
    await machine.makeExport("phone", life);
    await machine.run(["agent", "add", "phone"]);
    await machine.run(["copy", "--to", "usb"]);
    await configure();
    await machine.run(["chats", "--store", "vault"]);
    const before = await readFile(machine.path("config", "settings.json"), "utf8");
    const { events } = await machine.json(["agent", "run", "--once"]);
    expect(events.filter(({ type }) => type === "ended")).toHaveLength(5);
    expect(await readFile(machine.path("config", "settings.json"), "utf8")).toBe(before);
    const { events: shown } = await machine.json(["status"]);
    const copies = shown.filter(({ type }) => type === "copy");
    expect(copies).toHaveLength(2);
    for (const copy of copies) expect(copy).toMatchObject({ sharesRead: 1, rehearsedAt: expect.any(Number) });
  });
});

describe("a running agent", { timeout: TIMEOUT_MS }, () => {
  test("sees an export that comes while it runs, and a later one, and shows how it stands", async () => {
    await mkdir(machine.path("phone"));
    await machine.run(["agent", "add", "phone"]);
    await configure({ sources: [{ name: "phone", path: machine.path("phone"), format: "jsonl" }] });
    const agent = startAgent();
    await expect.poll(async () => (await status())["isRunning"], poll).toBe(true);
    await machine.makeExport("made", life);
    await rm(machine.path("phone"), { recursive: true });
    await rename(machine.path("made"), machine.path("phone"));
    await expect.poll(protectedMessages, poll).toBe(600);
    await expect.poll(async () => (await status())["standing"], poll).toBe("good");
    await machine.makeExport("later", { ...life, day2: { messages: 50 } });
    for (const name of await readdir(machine.path("later")))
      await rm(machine.path("phone", name), { recursive: true, force: true });
    for (const name of await readdir(machine.path("later")))
      await rename(machine.path("later", name), machine.path("phone", name));
    await expect.poll(protectedMessages, poll).toBeGreaterThanOrEqual(650);
    await expect.poll(async () => (await status())["standing"], poll).toBe("good");
    const [en, zh] = [await machine.run(["status"]), await machine.run(["status", "--lang", "zh"])];
    expect(en.stdout).toMatch(/^● All is well/u);
    expect(en.stdout).toMatch(/^Last message protected: \d{4}-\d\d-\d\d \d\d:\d\d$/mu);
    expect(zh.stdout).toMatch(/^● 一切正常/u);
    expect(zh.stdout).toMatch(/^最后一条已保护的消息：\d{4}/mu);
    expect((await machine.json(["agent", "run", "--once"])).result).toMatchObject({
      code: "agent.running",
      exit: 5,
    });
    expect(await ended(agent, "SIGTERM")).toBe(0);
    expect((await status())["isRunning"]).toBe(false);
  });

  test("that is killed in a round goes on where it was, and all is protected", async () => {
    await machine.makeExport("phone", { ...life, messages: 6000, attachmentBytes: 40_000_000 });
    await machine.run(["agent", "add", "phone"]);
    await configure();
    const isAtWork = async (): Promise<boolean> =>
      (await config("state.json").catch(() => "")).includes('"work":"backup","beganAt"');
    for (const afterMs of [50, 400, 900]) {
      const agent = startAgent();
      await expect.poll(isAtWork, { ...poll, interval: 20 }).toBe(true);
      await new Promise((done) => setTimeout(done, afterMs));
      await ended(agent, "SIGKILL");
    }
    const agent = startAgent();
    await expect.poll(async () => (await status()).sources, poll).toMatchObject([{ standing: "good" }]);
    expect(await protectedMessages()).toBe(6000);
    await ended(agent, "SIGTERM");
    expect((await machine.json(["check", "--level", "full"])).result).toMatchObject({ ok: true, damages: 0 });
    const codes = await backupCodes();
    expect(codes.at(-1)).toBe("done");
    expect(codes).toContain("base.aborted");
  });

  test.skipIf(process.platform !== "linux")(
    "ends a round in which nothing moves, says so, and goes on with the other sources",
    async () => {
      for (const name of ["one", "other"]) await machine.makeExport(name, { ...life, seed: name });
      for (const name of ["one", "other"]) await machine.run(["agent", "add", name]);
      await configure({ stalledMinutes: 0.2 });
      const agent = startAgent();
      const proc = (path: string): Promise<string> => readFile(`/proc/${path}`, "utf8").catch(() => "");
      let child = "";
      // Not before it is a program of its own: until then the agent itself waits for it.
      const isAtWork = async (): Promise<boolean> => {
        child = (await proc(`${agent.pid}/task/${agent.pid}/children`)).trim();
        return (await proc(`${child}/cmdline`)).split("\0").includes("backup");
      };
      await expect.poll(isAtWork, { ...poll, interval: 5 }).toBe(true);
      // As one that waits for a disk that does not answer.
      process.kill(Number(child), "SIGSTOP");
      await expect
        .poll(async () => (await backupCodes()).slice(0, 2), poll)
        .toEqual(["agent.stalled", "done"]);
      expect(await protectedMessages()).toBe(600);
      const { sources } = await status();
      const hung = String(sources.find(({ standing }) => standing === "trying")?.["name"]);
      expect(sources).toContainEqual(
        expect.objectContaining({ name: hung, last: expect.objectContaining({ code: "agent.stalled" }) }),
      );
      expect(sources).toContainEqual(expect.objectContaining({ standing: "good" }));
      expect((await machine.run(["status"])).stdout).toContain(`${hung}: Nothing moved for long`);
      expect((await machine.run(["status", "--lang", "zh"])).stdout).toContain(`${hung}：长时间没有任何进展`);
      // It is tried again by itself.
      await expect.poll(protectedMessages, poll).toBe(1200);
    },
  );

  test("that is paused begins nothing, and stops what it is at", async () => {
    await machine.makeExport("phone", { ...life, messages: 6000, attachmentBytes: 60_000_000 });
    await machine.run(["agent", "add", "phone"]);
    await configure({ bytesPerSecond: 1_000_000 });
    startAgent();
    await expect.poll(async () => (await status())["standing"], poll).toBe("running");
    await machine.run(["agent", "pause"]);
    await expect.poll(async () => (await status())["standing"], poll).toBe("paused");
    await expect.poll(() => config("state.json"), poll).not.toContain('"running"');
    const paused = await machine.run(["status", "--lang", "zh"]);
    expect(paused.stdout).toMatch(/^‖ 已暂停/u);
    await configure({ bytesPerSecond: undefined });
    await machine.run(["agent", "resume"]);
    // The messages are in the vault before the round, with its proof, is over and in the log.
    await expect.poll(backupCodes, poll).toEqual(["base.aborted", "done"]);
    expect(await protectedMessages()).toBe(6000);
  });
});

describe("the commands around it", { timeout: TIMEOUT_MS }, () => {
  test("add, list and remove change what is watched, and nothing unsafe is", async () => {
    await machine.makeExport("phone", life);
    await machine.run(["agent", "add", "phone", "--me", "li"]);
    const twice = await machine.json(["agent", "add", "phone"]);
    expect(twice.result).toMatchObject({ code: "cli.usage", details: { problem: "taken" } });
    for (const folder of [".", "vault", "vault/packs", "config"])
      expect((await machine.json(["agent", "add", folder, "--name", "x"])).result).toMatchObject({
        details: { problem: "holds-the-vault" },
      });
    const { events } = await machine.json(["agent", "list"]);
    expect(events.find(({ type }) => type === "source")).toMatchObject({
      name: "phone",
      path: machine.path("phone"),
      me: "li",
    });
    expect((await machine.json(["agent", "remove", "tablet"])).exit).toBe(2);
    expect((await machine.json(["agent", "remove", "phone"])).result).toMatchObject({ ok: true, sources: 0 });
    expect((await machine.json(["agent", "add", "--known"])).result).toMatchObject({ ok: true, added: 0 });
  });

  test("a configuration that is wrong says where, in every command that needs it", async () => {
    await configure({ hours: "at night" });
    for (const args of [["agent", "list"], ["agent", "run", "--once"], ["status"], ["agent", "install"]])
      expect((await machine.json(args)).result).toMatchObject({
        code: "agent.bad-config",
        exit: 2,
        details: { where: "hours" },
      });
  });

  test(
    "install shows the unit, and hands it to the system",
    { skip: process.platform !== "linux" },
    async () => {
      const printed = await machine.run(["agent", "install", "--print", "--lang", "zh"]);
      expect(printed.stdout).toContain("ExecStart=");
      expect(printed.stdout).toContain("--lang=zh");
      const unit = machine.path(".config", "systemd", "user", "keepsake-agent.service");
      await expect(stat(unit)).rejects.toThrow();
      await mkdir(machine.path("bin"));
      const systemctl = machine.path("bin", "systemctl");
      await writeFile(systemctl, `#!/bin/sh\necho "$@" >> "${machine.path("asked")}"\n`);
      await chmod(systemctl, 0o755);
      const env = { XDG_RUNTIME_DIR: machine.folder, PATH: `${machine.path("bin")}:${process.env["PATH"]}` };
      expect((await machine.json(["agent", "install"], { env })).result).toMatchObject({ isInstalled: true });
      expect(await readFile(machine.path("asked"), "utf8")).toContain("--user enable keepsake-agent.service");
      expect(await readFile(unit, "utf8")).toContain(`KEEPSAKE_CONFIG=${join(machine.folder, "config")}`);
      await machine.run(["agent", "uninstall"], { env });
      await expect(stat(unit)).rejects.toThrow();
      await writeFile(systemctl, "#!/bin/sh\nexit 1\n");
      expect((await machine.json(["agent", "install"], { env })).result).toMatchObject({
        code: "agent.not-installed",
      });
    },
  );
});

describe("what it writes down", { timeout: TIMEOUT_MS }, () => {
  const marker = "Zauberwort";

  test("holds nothing of the chats", async () => {
    const message = { id: 1, type: "message", date: "2024-05-01T10:00:00", date_unixtime: "1714557600" };
    const sent = { ...message, from: marker, from_id: "user7", text: `${marker} says` };
    const exported = { name: marker, type: "personal_chat", id: 7, messages: [sent] };
    await mkdir(machine.path("phone"));
    await writeFile(machine.path("phone", "result.json"), JSON.stringify(exported));
    await machine.run(["agent", "add", "phone"]);
    await configure();
    const once = await machine.json(["agent", "run", "--once"]);
    expect(once.result).toMatchObject({ ok: true, failed: 0 });
    const told = await machine.json(["agent", "log"]);
    for (const text of [await config("state.json"), await config("log.jsonl"), once.stdout, told.stdout])
      expect(text).not.toContain(marker);
  });
});
