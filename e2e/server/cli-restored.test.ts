import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { isDay } from "../../packages/server/src/keys/day-keys.ts";
import { newMachine, type Machine } from "../cli-process.ts";
import { freePort } from "../../packages/server/src/free-port.ts";
import { ServerProgram } from "./process.ts";
import { password } from "./serving.ts";

/*
 * What a person sees and does after the operator had to bring the server back from an older copy of it, or lost the
 * folder of day keys.
 */

let folder: string;
let settings: Readonly<Record<string, string>>;
let program: ServerProgram;
let url: string;
let machine: Machine & AsyncDisposable;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "keepsake-restored-"));
  settings = {
    KEEPSAKE_SIGN_UP: "open",
    KEEPSAKE_PORT: String(await freePort()),
    KEEPSAKE_DAY_KEYS: join(folder, "day-keys"),
    KEEPSAKE_SECRETS_FILE: join(folder, "secrets.json"),
    KEEPSAKE_DATA: join(folder, "data"),
  };
  program = new ServerProgram(settings);
  url = await program.start();
  machine = await newMachine({ KEEPSAKE_LOGIN_PASSWORD: password });
});
afterEach(async () => {
  await machine[Symbol.asyncDispose]();
  await program.end("SIGKILL");
  await rm(folder, { recursive: true });
});

const life = { seed: "restored", messages: 100, chats: 2, attachmentBytes: 20_000 };
const slow = { timeout: 180_000 };

async function backUp(name: string): Promise<unknown> {
  await machine.makeExport(name, { ...life, seed: name });
  return (await machine.json(["backup", name, "--name", name])).result;
}

test("a server that came back older is put in order with --accept-older, once", slow, async () => {
  await machine.run(["init", "vault", "--kit-file", "kit.txt"]);
  expect(await backUp("phone")).toMatchObject({ ok: true });
  await machine.json(["login", url, "--sign-up"]);
  expect((await machine.json(["copy", "--to", url])).result).toMatchObject({ ok: true });
  expect(await program.verb("backup", join(folder, "copy"))).toBe(0);
  for (const name of ["tablet", "laptop", "watch"])
    expect(await backUp(name)).toMatchObject({ ok: true, copies: { level: 1, of: 1 } });

  await program.end("SIGTERM");
  settings = { ...settings, KEEPSAKE_DATA: join(folder, "again") };
  program = new ServerProgram(settings);
  expect(await program.verb("restore", join(folder, "copy"))).toBe(0);
  await program.start();

  // The disk has everything: it is the server that is behind, and says so.
  const refused = await machine.json(["sync"]);
  expect(refused.result).toMatchObject({ exit: 3, level: 0 });
  expect((await machine.json(["sync", "--accept-older"])).result).toMatchObject({ ok: true, level: 1 });
  expect(await backUp("radio")).toMatchObject({ ok: true, copies: { level: 1, of: 1 } });
  expect((await machine.json(["check", "--store", url])).result).toMatchObject({ ok: true });
});

test("a server whose day keys are lost is repaired from the disk", slow, async () => {
  await machine.run(["init", "vault", "--kit-file", "kit.txt"]);
  expect(await backUp("phone")).toMatchObject({ ok: true });
  await machine.json(["login", url, "--sign-up"]);
  expect((await machine.json(["copy", "--to", url])).result).toMatchObject({ ok: true });
  const keys = join(folder, "day-keys");
  await program.end("SIGTERM");
  for (const day of (await readdir(keys)).filter(isDay))
    await writeFile(join(keys, day), `${"5a".repeat(32)}\n`);
  await program.start();
  const lost = await machine.json(["check", "--store", url]);
  expect(lost.result).toMatchObject({ code: "server.bad-key-token" });
  const repaired = await machine.json(["repair", "--store", url, "--from", "vault"]);
  expect(repaired.result).toMatchObject({ ok: true });
  expect((await machine.json(["check", "--store", url])).result).toMatchObject({ ok: true });
});
