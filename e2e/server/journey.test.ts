import { rm } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { newMachine, type Machine } from "../cli-process.ts";
import { password, startTestServer, type TestServer } from "./serving.ts";

let server: TestServer;
let machine: Machine & AsyncDisposable;
beforeEach(async () => {
  server = await startTestServer({ KEEPSAKE_SIGN_UP: "invitation" });
  machine = await newMachine({ KEEPSAKE_LOGIN_PASSWORD: password });
});
afterEach(async () => {
  await machine[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

const life = { seed: "server", messages: 800, chats: 5, attachmentBytes: 2_000_000 };

async function signUp(): Promise<string> {
  const joined = await machine.json(["login", server.url, "--sign-up", "--invitation", server.invitation!]);
  expect(joined.result).toMatchObject({ ok: true, server: server.url });
  return String(joined.result["name"]);
}

test("a vault on a disk is kept level on a server, and comes back from there by the words alone", async () => {
  await machine.makeExport("phone", life);
  await machine.run(["init", "vault", "--kit-file", "kit.txt"]);
  await machine.run(["backup", "phone", "--name", "phone"]);
  expect((await machine.json(["copy", "--to", server.url])).result).toMatchObject({
    code: "member.no-session",
  });
  const name = await signUp();
  expect((await machine.json(["copy", "--to", server.url])).result).toMatchObject({ ok: true, lost: [] });
  await machine.makeExport("phone2", { ...life, day2: { messages: 60 } });
  const second = await machine.json(["backup", "phone2", "--name", "phone"]);
  expect(second.result).toMatchObject({ ok: true, copies: { level: 1, of: 1 } });
  const synced = await machine.json(["sync"]);
  expect(synced.events).toContainEqual(expect.objectContaining({ place: server.url, outcome: "level" }));
  const chats = await machine.json(["chats"]);

  // The disk, the device's keys and its session are gone: name, password and words are left.
  await rm(machine.path("vault"), { recursive: true });
  await rm(machine.path("config"), { recursive: true });
  expect((await machine.json(["login", server.url, "--name", name])).result).toMatchObject({ ok: true });
  const back = ["--store", server.url, "--words-file", "kit.txt"];
  expect((await machine.json(["chats", ...back])).events).toEqual(chats.events);
  const restored = await machine.json(["restore", "out", ...back]);
  expect(restored.result).toMatchObject({ ok: true });
  expect((await machine.json(["check", "--level", "full", ...back])).result).toMatchObject({
    ok: true,
    damages: 0,
  });
});

test("a vault can live on a server alone, is written from two devices, and its log tells of both", async () => {
  await machine.makeExport("phone", life);
  const name = await signUp();
  expect((await machine.json(["init", server.url, "--kit-file", "kit.txt"])).result).toMatchObject({
    ok: true,
  });
  expect((await machine.json(["backup", "phone", "--name", "phone"])).result).toMatchObject({ ok: true });
  const other = { env: { KEEPSAKE_CONFIG: machine.path("config2") } };
  await machine.json(["login", server.url, "--name", name], other);
  const joining = ["keys", "join", "--store", server.url, "--words-file", "kit.txt"];
  expect((await machine.json(joining, other)).result).toMatchObject({ ok: true });
  await machine.makeExport("tablet", { ...life, seed: "tablet" });
  expect((await machine.json(["backup", "tablet", "--name", "tablet"], other)).result).toMatchObject({
    ok: true,
  });
  expect((await machine.json(["check", "--level", "full"])).result).toMatchObject({ ok: true, damages: 0 });
  const devices = await machine.json(["devices", server.url]);
  expect(devices.result).toMatchObject({ devices: 2 });
  const { events } = await machine.json(["events", server.url]);
  const kinds = events.filter(({ type }) => type === "event").map(({ kind }) => kind);
  expect(kinds.slice(0, 3)).toEqual(["signed-up", "vault-made", "head-stored"]);
  expect(kinds).toContain("logged-in");
  const changed = { env: { KEEPSAKE_LOGIN_PASSWORD: "quite another password" } };
  expect((await machine.json(["login-password", server.url], changed)).result).toMatchObject({ ended: 1 });
  const again = ["login", server.url, "--name", name];
  expect((await machine.json(again)).result).toMatchObject({ code: "member.wrong-login", exit: 12 });
  await machine.json(again, { env: { ...changed.env, ...other.env } });
  await machine.run(["devices", server.url, "--log-out-others", "--yes"]);
  expect((await machine.json(["chats", "--store", server.url], other)).result).toMatchObject({
    code: "member.no-session",
    exit: 12,
  });
});

test("the folder of a server that was lost for ever is no loss where a disk has a copy", async () => {
  await machine.makeExport("phone", life);
  await signUp();
  await machine.run(["init", server.url, "--kit-file", "kit.txt"]);
  await machine.run(["backup", "phone", "--name", "phone"]);
  await machine.run(["copy", "--to", "disk"]);
  const chats = await machine.json(["chats"]);
  await server.stop();
  await rm(join(server.folder, "objects"), { recursive: true });
  await rm(machine.path("config"), { recursive: true });
  const opened = await machine.json(["chats", "--store", "disk", "--words-file", "kit.txt"]);
  expect(opened.events).toEqual(chats.events);
});

test("a new device is let in by a code and six digits, and writes to the vault", async () => {
  await machine.makeExport("phone", life);
  await signUp();
  await machine.run(["init", server.url, "--kit-file", "kit.txt"]);
  await machine.run(["backup", "phone", "--name", "phone"]);
  const other = { KEEPSAKE_CONFIG: machine.path("config2") };
  const heard: { type?: string; code?: string; digits?: string }[] = [];
  const waiting = machine.run(["enrol", server.url, "--json"], {
    env: other,
    onOutput: (text) => {
      for (const line of text.split("\n").filter((each) => each.endsWith("}")))
        heard.push(JSON.parse(line) as object);
    },
  });
  const said = async (type: string) => {
    await expect.poll(() => heard.some((event) => event.type === type), { timeout: 30_000 }).toBe(true);
    return heard.find((event) => event.type === type)!;
  };
  const { code } = await said("enrolment");
  const answering = ["enrol", server.url, "--code", code!, "--words-file", "kit.txt", "--digits", "-"];
  const old = machine.run([...answering, "--json"], {
    input: said("digits").then(({ digits }) => `${digits!}\n`),
  });
  expect((await old).result).toMatchObject({ ok: true, devices: 2 });
  expect((await waiting).result).toMatchObject({ ok: true, server: server.url });
  await machine.makeExport("tablet", { ...life, seed: "tablet" });
  const written = await machine.json(["backup", "tablet", "--name", "tablet"], { env: other });
  expect(written.result).toMatchObject({ ok: true });
  expect((await machine.json(["check", "--level", "full"])).result).toMatchObject({ ok: true, damages: 0 });
});

test("a new device whose digits differ is not let in", async () => {
  await signUp();
  await machine.run(["init", server.url, "--kit-file", "kit.txt"]);
  const heard: string[] = [];
  const waiting = machine.run(["enrol", server.url, "--json"], {
    env: { KEEPSAKE_CONFIG: machine.path("config2") },
    onOutput: (text) => void heard.push(text),
  });
  const codeIn = (): string | undefined => /"code":"(keepsake-enrol:1 [^"]+)"/.exec(heard.join(""))?.[1];
  await expect.poll(codeIn, { timeout: 30_000 }).toBeDefined();
  const wrong = ["enrol", server.url, "--code", codeIn()!, "--words-file", "kit.txt", "--digits", "0000000"];
  expect((await machine.json(wrong)).result).toMatchObject({ code: "enrol.altered" });
  expect((await waiting).result).toMatchObject({ ok: false, code: "enrol.gone" });
});
