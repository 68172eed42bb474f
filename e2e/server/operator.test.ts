import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { codes, KeepsakeError } from "../../packages/core/src/base/index.ts";
import { logIn, serverStore } from "../../packages/core/src/client/index.ts";
import { someBytes } from "../../packages/core/testing/stores/conformance.ts";
import { parseConfig } from "../../packages/server/src/config.ts";
import { enqueue } from "../../packages/server/src/jobs/index.ts";
import { backupServer, restoreServer } from "../../packages/server/src/operator/backup.ts";
import { recordCopies } from "../../packages/server/src/operator/copies.ts";
import { examine } from "../../packages/server/src/operator/doctor.ts";
import { checkedEntries } from "../../packages/server/src/operator/log.ts";
import { databaseVerb } from "../../packages/server/src/operator/verbs/database.ts";
import { reconcile } from "../../packages/server/src/vaults/reconcile.ts";
import { sweep } from "../../packages/server/src/vaults/sweep.ts";
import { startMailSink } from "../../packages/server/testing/mail.ts";
import { startTlsFront, testAuthorityFile, testCertificate } from "../../packages/server/testing/tls.ts";
import { newMachine } from "../cli-process.ts";
import { password, startTestServer, type TestServer } from "./serving.ts";
import { freePort } from "../../packages/server/src/free-port.ts";

const main = join(import.meta.dirname, "../../packages/server/src/main.ts");

let folder: string;
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), "keepsake-operator-"))));
afterEach(() => rm(folder, { recursive: true }));

const configOf = (data: string) => parseConfig({ KEEPSAKE_DATA: data });

/** What the operators did, as the server's own log has it. */
async function logOf({ server }: TestServer): Promise<readonly string[]> {
  const kinds: string[] = [];
  for await (const { kind } of checkedEntries(server)) kinds.push(kind);
  return kinds;
}

describe("a copy of a server", () => {
  test("is taken while members write, and restored elsewhere has every object that it names", async () => {
    let nowMs = Date.now();
    await using server = await startTestServer({}, { now: () => nowMs });
    const { connection, newVault, membership } = await server.newMember("comes-back");
    const vault = await newVault();
    const store = serverStore({ connection, vault });
    for (let i = 0; i < 20; i++) await store.put(`packs/early${i}`, someBytes(90_000, i));
    let isWriting = true;
    const writing = (async () => {
      for (let i = 0; isWriting; i++) {
        await store.put(`packs/late${i}`, someBytes(70_000, i));
        if (i % 3 === 0) await store.remove(`packs/late${i}`);
        await store.put(`heads/${String(i + 1).padStart(10, "0")}`, someBytes(600, i));
      }
    })();
    const copy = join(folder, "copy");
    const first = await backupServer(configOf(server.folder), copy);
    expect(first.objects).toBeGreaterThanOrEqual(20);
    // By the server's own job, or here: each once.
    await recordCopies(server.server);
    await expect.poll(() => logOf(server)).toEqual(["invited", "backed-up"]);
    isWriting = false;
    await writing;
    for (let i = 0; i < 10; i++) await store.remove(`packs/early${i}`);
    nowMs += 8 * 24 * 60 * 60_000;
    await sweep(server.server);
    nowMs += 2 * 60 * 60_000;
    await sweep(server.server);
    const second = await backupServer(configOf(server.folder), copy);
    expect(second.copied).toBeLessThan(second.objects);
    expect([first.isNoted, second.isNoted]).toEqual([true, true]);
    const beganMs = Date.now() - 60_000;
    for (let again = 0; again < 2; again++) await recordCopies(server.server);
    await expect.poll(() => logOf(server)).toEqual(["invited", "backed-up", "backed-up"]);
    expect((await connection.call("GET /v1/vaults")).copiedMs).toBeGreaterThan(beganMs);
    expect(await readdir(join(server.folder, "copies"))).toEqual([]);

    const data = join(folder, "data");
    expect(await restoreServer(configOf(data), copy)).toMatchObject({ objects: second.objects });
    await expect(restoreServer(configOf(data), copy)).rejects.toMatchObject({ code: "cli.folder-not-empty" });
    const settings = { KEEPSAKE_DATA: data, KEEPSAKE_SECRETS_FILE: join(server.folder, "secrets.json") };
    await using restored = await startTestServer(settings, { now: () => nowMs });
    expect(await reconcile(restored.server)).toEqual({ orphans: 0, missing: 0 });
    const there = restored.connection.with(membership);
    expect(await serverStore({ connection: there, vault }).get("packs/early15")).toEqual(
      someBytes(90_000, 15),
    );
    expect(await serverStore({ connection: there, vault }).get("packs/early3")).toBeUndefined();
    const logged = ["invited", "backed-up", "invited", "restored"];
    await expect.poll(() => logOf(restored)).toEqual(logged);
    await logIn(restored.connection, { name: membership.name, password, platform: "cli" });
  }, 120_000);

  test("that lacks an object is no copy, and neither is an empty folder", async () => {
    await using server = await startTestServer();
    const { connection, newVault } = await server.newMember();
    await serverStore({ connection, vault: await newVault() }).put("packs/a", someBytes(90_000));
    const copy = join(folder, "copy");
    // Where no note can be left, that is said.
    await expect
      .poll(async () => {
        // The server makes the folder when it looks there.
        await rm(join(server.folder, "copies"), { recursive: true, force: true });
        await writeFile(join(server.folder, "copies"), "");
        return true;
      })
      .toBe(true);
    expect(await backupServer(configOf(server.folder), copy)).toMatchObject({ objects: 1, isNoted: false });
    for (const part of await readdir(join(copy, "objects")))
      for (const key of await readdir(join(copy, "objects", part)))
        await rm(join(copy, "objects", part, key));
    const incomplete = { code: "server.incomplete-backup" };
    await expect(restoreServer(configOf(join(folder, "a")), copy)).rejects.toMatchObject(incomplete);
    await expect(restoreServer(configOf(join(folder, "b")), folder)).rejects.toMatchObject(incomplete);
  });
});

/** The server's own program. */
async function keepsakeServer(
  args: readonly string[],
  settings: Readonly<Record<string, string>>,
): Promise<{ readonly status: number | null; readonly stdout: string }> {
  const env = { PATH: process.env["PATH"], HOME: folder, ...settings };
  const child = spawn(process.execPath, [main, ...args], { env, stdio: ["ignore", "pipe", "inherit"] });
  const exited = new Promise<number | null>((done) => child.once("exit", done));
  const stdout = await text(child.stdout);
  return { status: await exited, stdout };
}

test("a copy that fails leaves the one before whole", async () => {
  await using server = await startTestServer();
  const { connection, newVault } = await server.newMember();
  const vault = await newVault();
  const store = serverStore({ connection, vault });
  await store.put("packs/a", someBytes(90_000));
  const copy = join(folder, "copy");
  await backupServer(configOf(server.folder), copy);
  await store.put("packs/b", someBytes(90_000));
  const { blob } = await server.server.db.query
    .selectFrom("object")
    .select("blob")
    .where("name", "=", "packs/b")
    .executeTakeFirstOrThrow();
  await rm(join(server.folder, "objects", blob.slice(0, 2), blob));
  await expect(backupServer(configOf(server.folder), copy)).rejects.toMatchObject({
    code: "server.incomplete-backup",
  });
  expect(await restoreServer(configOf(join(folder, "data")), copy)).toMatchObject({ objects: 1 });
});

test("a restore takes no folder with what is left of another database, and a look leaves nothing", async () => {
  await using server = await startTestServer();
  const copy = join(folder, "copy");
  await backupServer(configOf(server.folder), copy);
  const data = join(folder, "data");
  await keepsakeServer(["doctor"], { KEEPSAKE_DATA: data });
  await writeFile(join(data, "keepsake.db-wal"), "of a database that is gone");
  await expect(restoreServer(configOf(data), copy)).rejects.toMatchObject({ code: "cli.folder-not-empty" });
  await rm(join(data, "keepsake.db-wal"));
  await restoreServer(configOf(data), copy);
});

test("a backup of nothing, or to nowhere, says so", async () => {
  const wrong = { code: "base.invalid", details: { name: "KEEPSAKE_DATA" } };
  await expect(backupServer(configOf(join(folder, "none")), join(folder, "copy"))).rejects.toMatchObject(
    wrong,
  );
  await using server = await startTestServer();
  await writeFile(join(folder, "file"), "");
  await expect(backupServer(configOf(server.folder), join(folder, "file"))).rejects.toMatchObject({
    code: "store.unavailable",
  });
});

test("a database starts with its own secrets alone", async () => {
  await using server = await startTestServer();
  const copy = join(folder, "copy");
  await backupServer(configOf(server.folder), copy);
  const data = join(folder, "data");
  await restoreServer(configOf(data), copy);
  const settings = { KEEPSAKE_DATA: data };
  await expect(startTestServer(settings)).rejects.toMatchObject({ code: "server.bad-secrets" });
  expect(await readdir(data)).not.toContain("secrets.json");
  await using stranger = await startTestServer();
  const wrong = { ...settings, KEEPSAKE_SECRETS_FILE: join(stranger.folder, "secrets.json") };
  await expect(startTestServer(wrong)).rejects.toMatchObject({ code: "server.bad-secrets" });
  const right = { ...settings, KEEPSAKE_SECRETS_FILE: join(server.folder, "secrets.json") };
  await using _again = await startTestServer(right);
});

describe("keepsake-server", () => {
  /** What doctor finds, without a process of its own. */
  async function looked(settings: Readonly<Record<string, string>>): Promise<readonly string[]> {
    const lines: string[] = [];
    for await (const { part, isGood, en } of examine(parseConfig(settings)))
      lines.push(`${isGood ? "✓" : "✗"} ${part} ${en}`);
    return lines;
  }

  test("doctor says what is well and what to do, before the first start and beside a server that runs", async () => {
    const fresh = await looked({ KEEPSAKE_DATA: join(folder, "new") });
    expect([fresh.length > 4, fresh.filter((line) => line.startsWith("✗"))]).toEqual([true, []]);
    await using server = await startTestServer();
    const certificate = testCertificate("here");
    await using front = await startTlsFront(Number(new URL(server.url).port), certificate);
    await using mail = await startMailSink({ tls: "starttls", certificate });
    const overTls = {
      KEEPSAKE_PUBLIC_URL: `https://localhost:${front.port}`,
      KEEPSAKE_MAIL_SERVER: mail.url.replace("127.0.0.1", "localhost"),
      KEEPSAKE_MAIL_FROM: "keepsake@example.org",
    };
    const beside = { KEEPSAKE_DATA: server.folder, ...overTls };
    const well = await keepsakeServer(["doctor"], { ...beside, NODE_EXTRA_CA_CERTS: testAuthorityFile });
    expect([well.status, well.stdout]).toEqual([0, expect.stringMatching(/✓ mail .*\n✓ address/)]);
    const untrusted = await looked(beside);
    expect(untrusted.filter((line) => line.startsWith("✗"))).toEqual([
      expect.stringMatching(/^✗ mail .*NODE_EXTRA_CA_CERTS/),
      expect.stringMatching(/^✗ address The certificate/),
      expect.stringMatching(/^✗ clock /),
    ]);
    const wrong = await keepsakeServer(["doctor"], {
      ...beside,
      KEEPSAKE_PUBLIC_URL: "http://keep.example",
      KEEPSAKE_DATA: join(folder, "odd"),
      LANG: "zh_CN.UTF-8",
    });
    expect([wrong.status, wrong.stdout]).toEqual([
      3,
      expect.stringContaining("✗ address   公开地址不是 https"),
    ]);
    const silent = createServer(() => undefined).listen(0, "127.0.0.1");
    await once(silent, "listening");
    const { port } = silent.address() as AddressInfo;
    silent.close();
    const away = await looked({
      KEEPSAKE_DATA: join(folder, "away"),
      KEEPSAKE_OBJECTS: `s3://bucket?endpoint=http://127.0.0.1:${port}`,
      KEEPSAKE_S3_ACCESS_KEY_ID: "id",
      KEEPSAKE_S3_SECRET_ACCESS_KEY: "key",
    });
    expect(away).toContainEqual(
      expect.stringContaining("✗ direct Nothing answers where clients are to send objects."),
    );
    await writeFile(
      join(folder, "odd", "keepsake.db"),
      "no database at all, but long enough to be looked at",
    );
    const damaged = await looked({ KEEPSAKE_DATA: join(folder, "odd") });
    expect(damaged[0]).toMatch(/^✗ database /);
  });

  test("takes the objects over where that is meant", async () => {
    const data = join(folder, "adopting");
    expect((await keepsakeServer(["objects", "adopt"], { KEEPSAKE_DATA: data })).status).toBe(0);
    expect(await readdir(join(data, "objects", "00"))).toHaveLength(1);
  });

  test("says which steps of the tables were done, and goes back where that is meant", async () => {
    const settings = { KEEPSAKE_DATA: join(folder, "steps") };
    const program = await keepsakeServer(["database", "status"], settings);
    expect([program.status, program.stdout]).toEqual([
      0,
      expect.stringMatching(/^· 0001-members-and-vaults/),
    ]);
    /** As the program does it, in this process. */
    const steps = async (...args: readonly string[]) => {
      let stdout = "";
      const say = (line: string): void => void (stdout += `${line}\n`);
      const given = { words: args, environment: settings, isChinese: false, say };
      const status = await databaseVerb(given).then(
        () => 0,
        (error: unknown) => (KeepsakeError.is(error) ? codes[error.code].exit : Number.NaN),
      );
      return { status, stdout };
    };
    expect((await steps("status")).stdout).toMatch(/^· 0001-members-and-vaults/);
    expect((await steps("up", "--to", "3")).stdout).toMatch(/0003-contacts/);
    expect((await steps("status")).stdout).toMatch(/✓ 0003-contacts.*\n· 0004/);
    const asked = await steps("down", "--to", "2");
    expect([asked.status, asked.stdout]).toEqual([13, expect.stringContaining("loses members' contacts")]);
    expect((await steps("status")).stdout).toMatch(/✓ 0003-contacts/);
    expect((await steps("down", "--to", "2", "--yes")).status).toBe(0);
    expect((await steps("status")).stdout).toMatch(/✓ 0002-jobs.*\n· 0003/);
    for (const odd of [["down"], ["sideways"], ["up", "--to", "x"]])
      expect((await steps(...odd)).status).toBe(2);
    await using stepped = await startTestServer(settings);
    await expect
      .poll(() => logOf(stepped), { timeout: 10_000 })
      .toEqual(expect.arrayContaining(["tables-up", "tables-down"]));
    await using server = await startTestServer();
    const beside = await keepsakeServer(["database", "down", "--to", "0", "--yes"], {
      KEEPSAKE_DATA: server.folder,
    });
    expect([beside.status, beside.stdout]).toEqual([5, expect.stringContaining("server.database-in-use")]);
  });

  test("knows its verbs, and says so of others", async () => {
    expect((await keepsakeServer(["help"], {})).stdout).toContain("backup FOLDER");
    const odd = await keepsakeServer(["dance"], {});
    expect([odd.status, odd.stdout]).toEqual([2, expect.stringContaining("cli.usage")]);
    expect((await keepsakeServer(["backup"], { KEEPSAKE_DATA: folder })).status).toBe(2);
  });
});

test("Prometheus reads how long answers took, and nothing that names anybody", async () => {
  const metrics = `127.0.0.1:${await freePort()}`;
  await using server = await startTestServer({ KEEPSAKE_METRICS: metrics });
  const { connection, newVault, membership } = await server.newMember();
  const vault = await newVault();
  await serverStore({ connection, vault }).put("packs/a", someBytes(90_000));
  const read = await (await fetch(`http://${metrics}/metrics`)).text();
  expect(read).toMatch(/keepsake_http_seconds_count\{route="POST \/v1\/vaults",status="201"\} 1/);
  expect(read).toMatch(/keepsake_http_bytes_total\{way="in"\} 9\d{4}/);
  for (const secret of [vault, membership.member, membership.session, membership.name])
    expect(read).not.toContain(secret);
});

test("an operator invites, sees members by their ids, and sets what they may store", async () => {
  await using server = await startTestServer({ KEEPSAKE_SIGN_UP: "invitation" });
  await using machine = await newMachine({ KEEPSAKE_LOGIN_PASSWORD: password });
  await machine.json(["login", server.url, "--sign-up", "--invitation", server.invitation!]);
  const made = await machine.json(["operator", server.url, "--invite", "--quota", "2GB"]);
  expect(made.result).toMatchObject({ ok: true, invitation: expect.any(String) });
  const other = { env: { KEEPSAKE_CONFIG: machine.path("other") } };
  await machine.json(
    ["login", server.url, "--sign-up", "--invitation", String(made.result["invitation"])],
    other,
  );
  await enqueue(server.server.db.query, { kind: "of-no-server", payload: "canary", dueAtMs: 0 });
  const failed = server.server.db.query
    .updateTable("job")
    .set({ dueAtMs: null, lastError: "notice.not-sent" });
  await failed.where("kind", "=", "of-no-server").execute();
  const listed = await machine.json(["operator", server.url]);
  expect(listed.result).toMatchObject({ members: 2, vaults: 0, failedJobs: 1 });
  const job = { type: "job", kind: "of-no-server", code: "notice.not-sent", isGivenUp: true };
  expect(listed.events).toContainEqual(expect.objectContaining(job));
  expect(JSON.stringify(listed.events)).not.toContain("canary");
  const guest = listed.events.find(({ type, isOperator }) => type === "member" && isOperator === false)!;
  expect(guest).toMatchObject({ quotaBytes: 2_000_000_000, usedBytes: 0 });
  const setting = ["operator", server.url, "--member", String(guest["id"]), "--quota", "5GB"];
  expect((await machine.json(setting)).result).toMatchObject({ ok: true, quotaBytes: 5_000_000_000 });
  expect((await machine.json(["devices", server.url], other)).result).toMatchObject({
    quotaBytes: 5_000_000_000,
  });
  expect((await machine.json(["operator", server.url], other)).result).toMatchObject({
    code: "member.not-operator",
    exit: 13,
  });
});
