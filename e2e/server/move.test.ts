import { spawn } from "node:child_process";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { serverStore } from "../../packages/core/src/client/index.ts";
import { someBytes } from "../../packages/core/testing/stores/conformance.ts";
import { rowsOf } from "../../packages/server/testing/db/fill.ts";
import { reconcile } from "../../packages/server/src/vaults/reconcile.ts";
import { newMachine, type Machine } from "../cli-process.ts";
import { hasScaledParts, startScaledParts, type ScaledParts } from "./scaled.ts";
import { password, startTestServer, type TestServer } from "./serving.ts";

const main = join(import.meta.dirname, "../../packages/server/src/main.ts");
const STARTING_MS = 120_000;

type Settings = Readonly<Record<string, string>>;

let folder: string;
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), "keepsake-move-"))));
afterEach(() => rm(folder, { recursive: true }));

/** The settings of a target, by the names that the verb has for them. */
const target = (settings: Settings): Settings =>
  Object.fromEntries(
    Object.entries(settings)
      .filter(([name]) => name !== "KEEPSAKE_POSTGRES_CONNECTIONS")
      .map(([name, value]) => [name.replace("KEEPSAKE_", "KEEPSAKE_TO_"), value]),
  );

/** The server's own program. With `killAt` it is killed as soon as it tells that. */
async function move(
  settings: Settings,
  { args = [], killAt }: { readonly args?: readonly string[]; readonly killAt?: string } = {},
): Promise<{
  readonly status: number | null;
  readonly told: Record<string, unknown>[];
  readonly text: string;
}> {
  const env = { PATH: process.env["PATH"], HOME: folder, ...settings };
  const child = spawn(process.execPath, [main, "move", ...args], {
    env,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const exited = new Promise<number | null>((done) => child.once("exit", done));
  const told: Record<string, unknown>[] = [];
  const text: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    text.push(line);
    if (!line.startsWith("{")) continue;
    told.push(JSON.parse(line) as Record<string, unknown>);
    if (told.at(-1)!["event"] === killAt) child.kill("SIGKILL");
  }
  return { status: await exited, told, text: text.join("\n") };
}

const last = ({ told }: { readonly told: readonly Record<string, unknown>[] }) => told.at(-1);

/** A server that moved: with the secrets that it had, under the address that members know. */
const movedTo = (settings: Settings, from: TestServer): Promise<TestServer> =>
  startTestServer({
    ...settings,
    KEEPSAKE_PORT: new URL(from.url).port,
    KEEPSAKE_SECRETS_FILE: join(from.folder, "secrets.json"),
    KEEPSAKE_GUARD_FENCE: join(from.folder, "guard-fence"),
  });

const life = { seed: "move", messages: 800, chats: 5, attachmentBytes: 2_000_000 };

/** A member with a vault on the server, filled by the program. */
async function memberOf(server: TestServer): Promise<Machine & AsyncDisposable> {
  const machine = await newMachine({ KEEPSAKE_LOGIN_PASSWORD: password });
  await machine.json(["login", server.url, "--sign-up", "--name", "mover"]);
  const made = await machine.json(["init", server.url, "--kit-file", "kit.txt"]);
  expect(made.exit).toBe(0);
  await machine.makeExport("phone", life);
  expect((await machine.json(["backup", "phone", "--name", "phone"])).exit).toBe(0);
  return machine;
}

describe.skipIf(!hasScaledParts())("a server moves to PostgreSQL and S3", () => {
  let parts: ScaledParts;
  let scaled: Settings;
  beforeAll(async () => void (parts = await startScaledParts()), STARTING_MS);
  afterAll(() => parts[Symbol.asyncDispose]());
  beforeEach(async () => void (scaled = await parts.fresh()));

  test("and back: its members check, restore and back up again, and its receipts go on", async () => {
    const embedded = await startTestServer();
    await using machine = await memberOf(embedded);
    const before = await rowsOf(embedded.server.db);
    const settings = { KEEPSAKE_DATA: embedded.folder, ...target(scaled) };
    const refused = await move(settings);
    expect([refused.status, last(refused)]).toEqual([
      5,
      expect.objectContaining({ code: "server.database-in-use" }),
    ]);
    await embedded.stop();
    const moved = await move(settings);
    expect([moved.status, moved.told.find(({ event }) => event === "moved")]).toEqual([
      0,
      expect.objectContaining({ missing: 0, objects: expect.any(Number) }),
    ]);
    expect(moved.text).toContain(`KEEPSAKE_DAY_KEYS=${scaled["KEEPSAKE_DAY_KEYS"]}`);
    expect(moved.text).toContain(`KEEPSAKE_SECRETS_FILE=${join(embedded.folder, "secrets.json")}`);
    expect(moved.text).not.toContain(scaled["KEEPSAKE_S3_SECRET_ACCESS_KEY"]);
    const used = await move(settings);
    expect(last(used)).toMatchObject({ code: "server.move-target-used" });

    const onScaled = await movedTo(scaled, embedded);
    const after = await rowsOf(onScaled.server.db);
    for (const table of ["member", "memberEvent", "memberName", "vault", "object", "receipt", "keyToken"])
      expect([table, after.get(table)]).toEqual([table, before.get(table)]);
    expect(await reconcile(onScaled.server)).toEqual({ orphans: 0, missing: 0 });
    await works(machine, "later");
    await onScaled.stop();

    // And back to one folder, as it is now.
    const data = join(folder, "data");
    const back = await move({ KEEPSAKE_DATA: onScaled.folder, ...scaled, KEEPSAKE_TO_DATA: data });
    expect([back.status, back.text]).toEqual([0, expect.stringContaining("KEEPSAKE_POSTGRES=\n")]);
    await using again = await movedTo(
      { KEEPSAKE_DATA: data, KEEPSAKE_DAY_KEYS: scaled["KEEPSAKE_DAY_KEYS"]! },
      embedded,
    );
    expect(await reconcile(again.server)).toEqual({ orphans: 0, missing: 0 });
    await works(machine, "latest");
    await onScaled[Symbol.asyncDispose]();
    await embedded[Symbol.asyncDispose]();
  }, 240_000);

  test("goes on after it was killed, and no server starts on the half of it", async () => {
    const embedded = await startTestServer();
    const { connection, newVault } = await embedded.newMember();
    const store = serverStore({ connection, vault: await newVault() });
    for (let i = 0; i < 60; i++) await store.put(`packs/p${i}`, someBytes(70_000, i));
    for (let i = 1; i < 40; i++) await store.put(`heads/${String(i).padStart(10, "0")}`, someBytes(600, i));
    const before = await rowsOf(embedded.server.db);
    await embedded.stop();
    const settings = { KEEPSAKE_DATA: embedded.folder, ...target(scaled) };
    for (const killAt of ["moving-objects", "moved-rows"]) {
      expect((await move(settings, { killAt })).status).toBeNull();
      await expect(startTestServer(scaled)).rejects.toMatchObject({ code: "server.half-moved" });
    }
    const moved = await move(settings);
    expect(moved.told.find(({ event }) => event === "moved")).toMatchObject({ objects: 60, copied: 0 });
    await using onScaled = await movedTo(scaled, embedded);
    const after = await rowsOf(onScaled.server.db);
    for (const table of ["object", "receipt", "memberEvent"])
      expect(after.get(table)).toEqual(before.get(table));
    await embedded[Symbol.asyncDispose]();
  }, 240_000);
});

test("an object that is damaged at the source is told, and the rest moves where that is meant", async () => {
  const embedded = await startTestServer();
  const { connection, newVault } = await embedded.newMember();
  const store = serverStore({ connection, vault: await newVault() });
  for (let i = 0; i < 5; i++) await store.put(`packs/p${i}`, someBytes(70_000, i));
  await embedded.stop();
  const objects = join(embedded.folder, "objects");
  const [first] = (await readdir(objects)).filter((name) => !["00", "unfinished"].includes(name));
  await rm(join(objects, first!), { recursive: true });
  const settings = { KEEPSAKE_DATA: embedded.folder, KEEPSAKE_TO_DATA: join(folder, "to") };
  const lacking = await move(settings);
  expect([lacking.status, last(lacking)]).toEqual([
    11,
    expect.objectContaining({ code: "server.move-lacks-objects", missing: 1 }),
  ]);
  const meant = await move(settings, { args: ["--without-missing"] });
  expect([meant.status, meant.told.find(({ event }) => event === "moved")]).toEqual([
    0,
    expect.objectContaining({ objects: 5, missing: 1, copied: 0 }),
  ]);
  expect((await move({ KEEPSAKE_DATA: embedded.folder })).status).toBe(2);
  await embedded[Symbol.asyncDispose]();
}, 60_000);

test("a move that is refused leaves the day keys of the other side as they are", async () => {
  const [source, other] = [await startTestServer(), await startTestServer()];
  const keys = join(other.folder, "day-keys");
  const keysOf = async (): Promise<Readonly<Record<string, string>>> => {
    const names = await readdir(keys);
    return Object.fromEntries(
      await Promise.all(names.map(async (name) => [name, await readFile(join(keys, name), "utf8")])),
    ) as Readonly<Record<string, string>>;
  };
  const before = await keysOf();
  expect(Object.keys(before).length).toBeGreaterThan(0);
  await source.stop();
  const from = { KEEPSAKE_DATA: source.folder };
  const refusals: readonly (readonly [Settings, string])[] = [
    [{ KEEPSAKE_TO_DATA: other.folder }, "server.database-in-use"],
    [{ KEEPSAKE_TO_DATA: other.folder }, "server.move-target-used"],
    [{ KEEPSAKE_TO_DATA: join(folder, "to"), KEEPSAKE_TO_DAY_KEYS: keys }, "server.move-other-keys"],
  ];
  for (const [to, code] of refusals) {
    expect(last(await move({ ...from, ...to }))).toMatchObject({ code });
    expect(await keysOf()).toEqual(before);
    await other.stop();
  }
  for (const server of [source, other]) await server[Symbol.asyncDispose]();
}, 60_000);

/** The program at a member's: all is there, and the next version follows. */
async function works(machine: Machine, name: string): Promise<void> {
  const checked = await machine.json(["check", "--level", "full"]);
  expect(checked.result).toMatchObject({ ok: true, damages: 0 });
  expect((await machine.json(["restore", `restored-${name}`])).result).toMatchObject({ ok: true });
  await machine.makeExport(name, { ...life, day2: { messages: 60 } });
  expect((await machine.json(["backup", name, "--name", "phone"])).result).toMatchObject({ ok: true });
}
