import { afterEach, beforeEach, expect, test } from "vitest";
import type { Contact } from "../../packages/core/src/client/index.ts";
import { newMachine, type Ended, type Machine } from "../cli-process.ts";
import { startReachableServer, type ReachableServer } from "./reachable.ts";
import { password } from "./serving.ts";
import { totp } from "./totp.ts";
import { stepWaits } from "../../packages/server/src/recovery/family.ts";

const clock = { aheadMs: 0, now: () => Date.now() + clock.aheadMs };
const email: Contact = { kind: "email", to: "canary@example.org" };
const slow = { timeout: 120_000 };

let server: ReachableServer;
let machine: Machine & AsyncDisposable;
beforeEach(async () => {
  clock.aheadMs = 0;
  server = await startReachableServer({}, clock);
  machine = await newMachine({ KEEPSAKE_LOGIN_PASSWORD: password });
});
afterEach(async () => {
  await machine[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

/** Another machine, on which another login password is given. */
const other = (args: readonly string[], given = "quite another password", input?: Promise<string>) =>
  machine.json(args, {
    env: { KEEPSAKE_CONFIG: machine.path("config2"), KEEPSAKE_LOGIN_PASSWORD: given },
    ...(input === undefined ? {} : { input }),
  });

const codeLine = async (): Promise<string> => `${await server.codeAt(email)}\n`;
const reset = (): Promise<Ended> =>
  other(["login-password", server.url, "--reset", email.to, "--code", "-"], undefined, codeLine());

async function signUp(): Promise<string> {
  const joined = await machine.json(["login", server.url, "--sign-up"]);
  return String(joined.result["name"]);
}

test(
  "a forgotten login password is reset by a contact, taken back, and lifted by the words",
  slow,
  async () => {
    await signUp();
    await machine.json(["init", server.url, "--kit-file", "kit.txt"]);
    const adding = ["contacts", server.url, "--add", email.to];
    expect((await machine.json(adding)).result).toMatchObject({ code: "cli.no-code", exit: 12 });
    const added = await machine.json([...adding, "--code", "-"], { input: codeLine() });
    expect(added.events).toContainEqual({ type: "sent", to: email.to });
    expect(added.result).toMatchObject({ ok: true });
    expect((await machine.json(["access", server.url, "--add", "words"])).result).toMatchObject({
      code: "cli.no-secret",
    });
    const keys = await machine.json(["access", server.url, "--add", "words", "--words-file", "kit.txt"]);
    expect(keys.result).toMatchObject({ ok: true, kind: "words" });
    expect((await machine.json(["access", server.url, "--add", "device"])).result).toMatchObject({
      ok: true,
    });
    expect((await machine.json(["access", server.url])).result).toMatchObject({ keys: 2 });
    const here = ["login-password", server.url, "--reset", email.to, "--code", "-"];
    expect((await machine.json(here)).result).toMatchObject({ code: "member.logged-in" });

    clock.aheadMs += 120_000;
    const begun = await reset();
    expect(begun.result).toMatchObject({ ok: true });
    const limited = ["chats", "--store", server.url, "--words-file", "kit.txt"];
    expect((await other(limited)).result).toMatchObject({ code: "member.limited", exit: 13 });
    const day = new Date(Number(begun.result["fullFromMs"])).toISOString().slice(0, 10);
    const told = await machine.run(limited, { env: { KEEPSAKE_CONFIG: machine.path("config2") } });
    expect(told.stderr).toContain(`until ${day}`);
    expect(told.stderr).toContain("--prove words");
    expect((await machine.json(["login-password", server.url, "--cancel-reset"])).result).toMatchObject({
      ok: true,
      ended: 1,
    });
    expect((await other(limited)).result).toMatchObject({ code: "member.no-session" });

    clock.aheadMs += 120_000;
    expect((await reset()).result).toMatchObject({ ok: true });
    expect((await other(["access", server.url, "--prove", "device"])).result).toMatchObject({
      code: "cli.not-this-device",
    });
    const proven = await other(["access", server.url, "--prove", "words", "--words-file", "kit.txt"]);
    expect(proven.result).toMatchObject({ ok: true });
    expect((await other(limited)).result).toMatchObject({ ok: true });
  },
);

test("a second factor is turned on, asked for at login, and turned off", slow, async () => {
  const name = await signUp();
  let secret = "";
  let shown: (code: string) => void;
  const code = new Promise<string>((done) => (shown = done));
  const turned = await machine.run(["totp", server.url, "--on", "--code", "-", "--json"], {
    input: code,
    onOutput: (text) => {
      const [, found] = /"secret":"([A-Z2-7]+)"/.exec(text) ?? [];
      if (found === undefined) return;
      secret = found;
      shown(`${totp(secret, clock.now())}\n`);
    },
  });
  expect(turned.result).toMatchObject({ ok: true, isOn: true });
  expect((await machine.json(["totp", server.url])).result).toMatchObject({ isOn: true });
  const login = ["login", server.url, "--name", name];
  expect((await other(login, password)).result).toMatchObject({ code: "member.totp-needed" });
  clock.aheadMs += 30_000;
  const next = (): string => totp(secret, clock.now());
  expect((await other([...login, "--totp", next()], password)).result).toMatchObject({ ok: true });
  clock.aheadMs += 30_000;
  const off = ["totp", server.url, "--off", "--code", "-"];
  const removed = await machine.json(off, { input: Promise.resolve(`${next()}\n`) });
  expect(removed.result).toMatchObject({ ok: true, isOn: false });
  expect((await other(login, password)).result).toMatchObject({ ok: true });
});

test("a login waits for another device where that is wanted", slow, async () => {
  const name = await signUp();
  await machine.json(["init", server.url, "--kit-file", "kit.txt"]);
  const on = await machine.json(["devices", server.url, "--approval", "on"]);
  expect(on.result).toMatchObject({ ok: true, isApprovalOn: true });
  const waiting = await other(["login", server.url, "--name", name], password);
  expect(Number(waiting.result["fullFromMs"])).toBeGreaterThan(clock.now() + 71 * 3_600_000);
  const read = ["chats", "--store", server.url, "--words-file", "kit.txt"];
  expect((await other(read)).result).toMatchObject({ code: "member.limited" });
  const approve = ["devices", server.url, "--approve", String(waiting.result["session"])];
  expect((await machine.json(approve)).result).toMatchObject({ ok: true });
  expect((await other(read)).result).toMatchObject({ ok: true });
});

test("what stands wrong is told by what is to be done", slow, async () => {
  const none = { env: { KEEPSAKE_LOGIN_PASSWORD: "" } };
  expect((await machine.json(["login", "keep.example"])).result).toMatchObject({
    code: "server.bad-address",
    exit: 2,
  });
  const login = await machine.run(["login", server.url, "--name", "li"], none);
  expect(login.exit).toBe(12);
  expect(login.stderr).toContain("--login-password-file");
  expect(login.stderr).not.toContain("recovery words");
  await signUp();
  const weak = { env: { KEEPSAKE_LOGIN_PASSWORD: "abababababab" } };
  expect((await machine.json(["login-password", server.url], weak)).result).toMatchObject({
    code: "keys.weak-password",
  });
  const merging = ["merge", "--from", "vault", "--no-sync"];
  expect((await machine.json(merging)).result).toMatchObject({ code: "cli.usage" });
  const told = await machine.run(["events", server.url, "--lang", "zh"]);
  expect(told.stdout).toContain("注册");
  expect((await machine.json(["events", server.url])).result).toMatchObject({ events: 0 });
  expect((await machine.json(["events", server.url, "--all"])).result).toMatchObject({ events: 1 });
});

test("a helper opens the vault after a wait, and is told no before", slow, async () => {
  await signUp();
  await machine.json(["init", server.url, "--kit-file", "kit.txt"]);
  const helper = (args: readonly string[]) => other(args, password);
  await helper(["login", server.url, "--sign-up"]);
  await helper(["init", server.url, "--kit-file", "helper.txt"]);
  const { card } = (await helper(["family", server.url, "--offer"])).result;
  const setting = ["family", server.url, "--set", String(card), "--words-file", "kit.txt"];
  expect((await machine.json([...setting, "--wait-days", "6"])).result).toMatchObject({ code: "cli.usage" });
  const set = await machine.json(setting);
  expect(set.result).toMatchObject({ ok: true, waitDays: 7, isForgotten: true });
  const share = String(set.result["share"]);
  const take = ["family", server.url, "--take", share, "--kit-file", "told.txt"];
  expect((await helper(take)).result).toMatchObject({ code: "family.waiting", details: { days: 7 } });
  await helper(["family", server.url, "--start", share]);
  const waiting = await machine.json(["family", server.url]);
  expect(waiting.events).toContainEqual(
    expect.objectContaining({ type: "help", share, isOwn: true, state: "waiting" }),
  );
  expect((await machine.json(["family", server.url, "--veto", share])).result).toMatchObject({ ok: true });
  expect((await helper(take)).result).toMatchObject({ details: { state: "kept" } });
  await helper(["family", server.url, "--start", share]);
  for (let step = 0; step <= 7 * 24 * 6; step++) {
    clock.aheadMs += 600_000;
    await stepWaits(server.server);
  }
  expect((await helper(take)).result).toMatchObject({ ok: true });
  const opening = ["chats", "--store", server.url, "--words-file", "told.txt"];
  const owner = { env: { KEEPSAKE_CONFIG: machine.path("config") } };
  expect((await machine.json(opening, owner)).result).toMatchObject({ ok: true });
  const ending = ["family", server.url, "--remove", share, "--words-file", "kit.txt", "--yes"];
  expect((await machine.json(ending)).result).toMatchObject({ ok: true });
  expect((await machine.json(["family", server.url])).result).toMatchObject({ shares: 0 });
});

test("status shows copies, servers, what waits there and what was not seen yet", slow, async () => {
  const name = await signUp();
  await machine.json(["init", "vault", "--kit-file", "kit.txt"]);
  await machine.json(["copy", "--to", server.url]);
  await machine.json(["events", server.url]);
  await machine.json(["devices", server.url, "--approval", "on"]);
  await other(["login", server.url, "--name", name], password);
  await machine.json(["close", server.url, "--yes"]);
  const { events } = await machine.json(["status"]);
  const known = events.filter(({ type }) => type === "known");
  expect(known).toHaveLength(2);
  expect(known).toContainEqual(
    expect.objectContaining({ place: server.url, leveledAt: expect.any(Number) as number }),
  );
  expect(events).toContainEqual(
    expect.objectContaining({ type: "server", server: server.url, waitingDevices: 1, closesInDays: 7 }),
  );
  const told = await machine.run(["status"]);
  expect(told.stdout).toContain("--take-back");
  expect(told.stdout).toMatch(/New since you looked last: \d/);
  const there = await other(["status"], password);
  expect(there.events.find(({ type }) => type === "server")!["limitedUntilMs"]).toBeGreaterThan(clock.now());
  await server.stop();
  expect((await machine.json(["status"])).events).toContainEqual(
    expect.objectContaining({ type: "server", code: "server.unreachable" }),
  );
});

test("the agent tells what others did at a server, once, and not what it did itself", slow, async () => {
  const name = await signUp();
  await machine.json(["init", "vault", "--kit-file", "kit.txt"]);
  const look = async () => {
    const { events } = await machine.json(["agent", "run", "--once"]);
    return events.filter(({ type }) => type === "news");
  };
  expect(await look()).toEqual([]);
  await machine.json(["copy", "--to", server.url]);
  await machine.json(["devices", server.url, "--approval", "on"]);
  expect(await look()).toEqual([]);
  await other(["login", server.url, "--name", name], password);
  expect(await look()).toEqual([{ type: "news", server: server.url, kinds: ["logged-in"] }]);
  expect(await look()).toEqual([]);
  await other(["logout", server.url], password);
  const { stdout } = await machine.run(["agent", "log"]);
  expect(stdout).toMatch(new RegExp(`news +${server.url} +you were told`));
  // What the person looks at is as new as before.
  const { events } = await machine.json(["events", server.url]);
  expect(events.map(({ kind }) => kind)).toContain("logged-in");
});
