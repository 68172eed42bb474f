import { mkdir, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { nodePrimitives } from "@keepsake/core/node/primitives";
import { S3Bucket, type S3Options } from "@keepsake/core/s3";
import { newBucket } from "../packages/core/testing/stores/s3-buckets.ts";
import { hasS3Service, s3ForTests } from "../tools/parts/ceph.ts";
import { contentOf, newMachine, type Ended, type Machine } from "./cli-process.ts";

const STARTS_WITHIN_MS = 120_000;
const TIMEOUT_MS = 120_000;
const life = { seed: "bucket", messages: 400, chats: 3, attachmentBytes: 200_000 };

let s3: Awaited<ReturnType<typeof s3ForTests>>;
let machine: Machine & AsyncDisposable;
let options: S3Options;
let address: string;

/** The key where a person has it from the environment. */
function key(): Record<string, string> {
  const { accessKeyId, secretAccessKey } = s3.service.owner;
  return { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey };
}

const withKey = (args: readonly string[]): Promise<Ended> => machine.json(args, { env: key() });

describe.skipIf(!hasS3Service())("a vault in a bucket", { timeout: TIMEOUT_MS }, () => {
  beforeAll(async () => {
    s3 = await s3ForTests();
  }, STARTS_WITHIN_MS);
  afterAll(async () => s3[Symbol.asyncDispose]());
  beforeEach(async () => {
    machine = await newMachine();
    options = { ...(await newBucket(s3.service, nodePrimitives)), prefix: "念存/" };
    address = `s3://${options.bucket}/念存?endpoint=${options.endpoint}&region=${options.region}`;
    await machine.makeExport("phone", life);
  });
  afterEach(async () => machine[Symbol.asyncDispose]());

  test("is made, filled, and restored by words alone after the device is lost", async () => {
    expect((await withKey(["init", address, "--kit-file", "kit.txt"])).result).toMatchObject({ ok: true });
    // Enough for threads of their own to seal it.
    await machine.makeExport("large", { ...life, attachmentBytes: 10_000_000 });
    expect((await withKey(["backup", "large"])).result).toMatchObject({ ok: true });
    const before = await withKey(["restore", "before"]);
    expect(before.result).toMatchObject({ ok: true });
    await rm(machine.path("config"), { recursive: true });
    for (const name of ["phone", "large"]) await rm(machine.path(name), { recursive: true });
    const after = await withKey(["restore", "after", "--store", address, "--words-file", "kit.txt"]);
    expect(after.result).toMatchObject({ ok: true, counts: before.result["counts"], missing: [] });
    expect(before.result["counts"]).toMatchObject({ messages: expect.any(Number) as number });
    const files = async (name: string): Promise<readonly string[]> =>
      Object.entries(await contentOf(machine.path(name))).map(
        ([path, digest]) => path.split(name)[1]! + digest,
      );
    expect(await files("after")).toEqual(await files("before"));
  });

  test("and its copy in a folder heal each other", async () => {
    await withKey(["init", "vault", "--kit-file", "kit.txt"]);
    await machine.makeExport("tablet", { ...life, seed: "tablet" });
    for (const source of ["phone", "tablet"]) await withKey(["backup", source]);
    expect((await withKey(["copy", "--to", address])).result).toMatchObject({ ok: true, lost: [] });
    const bucket = new S3Bucket(options, nodePrimitives);
    const { objects } = await bucket.list({ prefix: "packs/" });
    // The largest two hold attachments alone: the vault opens without them.
    const packs = objects.toSorted((one, two) => two.sizeBytes - one.sizeBytes).map(({ name }) => name);
    expect(packs.length).toBeGreaterThan(1);
    await bucket.remove(packs[0]!);
    await writeFile(machine.path("vault", packs[1]!), "damaged");
    const healed = await withKey(["copy", "--to", address]);
    expect(healed.result).toMatchObject({ ok: true, lost: [] });
    expect(healed.result["healedHere"]).toHaveLength(1);
    for (const store of ["vault", address])
      expect((await withKey(["check", "--level", "full", "--store", store])).result).toMatchObject({
        ok: true,
      });
    await writeFile(machine.path("vault", packs[0]!), "damaged");
    expect((await withKey(["repair", "--store", "vault", "--from", address])).result).toMatchObject({
      ok: true,
    });
    await bucket.remove(packs[1]!);
    expect((await withKey(["repair", "--store", address, "--from", "vault"])).result).toMatchObject({
      ok: true,
    });
    expect((await withKey(["check", "--level", "full", "--store", address])).exit).toBe(0);
  });

  test("that was written to apart is merged with its copy", async () => {
    await withKey(["init", address, "--kit-file", "kit.txt"]);
    await withKey(["backup", "phone"]);
    await withKey(["copy", "--to", "second"]);
    await machine.makeExport("tablet", { ...life, seed: "tablet" });
    await machine.makeExport("office", { ...life, seed: "office" });
    await withKey(["backup", "tablet", "--store", "second", "--no-sync"]);
    await withKey(["backup", "office", "--store", address, "--no-sync"]);
    const merged = await withKey(["merge", "--from", address, "--store", "second", "--yes"]);
    expect(merged.result).toMatchObject({ ok: true, relation: "apart" });
    expect((await withKey(["copy", "--to", address, "--store", "second"])).result).toMatchObject({
      ok: true,
    });
    expect((await withKey(["merge", "--from", "second", "--store", address])).result).toMatchObject({
      relation: "same",
    });
  });

  test("is opened with a key that was kept, which nobody else can read and no command shows", async () => {
    const { accessKeyId, secretAccessKey } = s3.service.owner;
    const file = `[default]\naws_access_key_id = wrong\naws_secret_access_key = wrong\n[${options.bucket}]\naws_access_key_id = ${accessKeyId}\naws_secret_access_key=${secretAccessKey}\n`;
    await writeFile(machine.path("key"), file);
    const said: string[] = [];
    const told = async (args: readonly string[]): Promise<Ended> => {
      const ended = await machine.json(args);
      said.push(ended.stdout, ended.stderr);
      return ended;
    };
    const init = ["init", address, "--kit-file", "kit.txt", "--s3-credentials-file", "key"];
    expect((await told([...init, "--keep-s3-credentials"])).result).toMatchObject({ ok: true });
    expect((await told(["backup", "phone"])).result).toMatchObject({ ok: true });
    expect((await told(["doctor"])).events).toContainEqual(
      expect.objectContaining({ name: "writable", state: "good" }),
    );
    const kept = await readdir(machine.path("config", "stores"));
    expect(kept).toHaveLength(1);
    expect((await stat(machine.path("config", "stores", kept[0]!))).mode & 0o777).toBe(0o600);
    expect((await told(["status"])).exit).toBe(0);
    said.push(await readFile(machine.path("config", "settings.json"), "utf8"));
    expect(said.join("")).not.toContain(secretAccessKey);
    expect(said.join("")).not.toContain(accessKeyId);
  });

  test("is kept up to date by the agent, which reads it again", async () => {
    await withKey(["init", address, "--kit-file", "kit.txt", "--keep-s3-credentials"]);
    const config = machine.path("config", "agent", "config.json");
    const sources = [{ name: "phone", path: machine.path("phone") }];
    const quick = { quietSeconds: 0.4, lookSeconds: 0.3, isPausedOnBattery: false, isPausedOnMetered: false };
    await mkdir(machine.path("config", "agent"), { recursive: true });
    await writeFile(config, JSON.stringify({ ...quick, sources }));
    const { result, events } = await machine.json(["agent", "run", "--once"]);
    expect(result).toMatchObject({ ok: true });
    const ended = events.filter(({ type }) => type === "ended").map(({ entry }) => entry);
    expect(ended).toMatchObject([
      { work: "backup", code: "done" },
      { work: "check", code: "done" },
      { work: "rehearse", code: "done" },
    ]);
    const status = await machine.json(["status"]);
    expect(status.events).toContainEqual(
      expect.objectContaining({ type: "copy", place: expect.stringMatching(/^s3:/) as string }),
    );
    expect((await machine.json(["agent", "add", machine.path("elsewhere"), "--name", "e"])).exit).toBe(0);
  });

  test("takes a second device, and both write", async () => {
    await withKey(["init", address, "--kit-file", "kit.txt"]);
    await withKey(["backup", "phone"]);
    const env = { ...key(), KEEPSAKE_CONFIG: machine.path("elsewhere") };
    const join = ["keys", "join", "--store", address, "--words-file", "kit.txt"];
    expect((await machine.json(join, { env })).result).toMatchObject({ ok: true, writer: 1 });
    await machine.makeExport("tablet", { ...life, seed: "tablet" });
    const both = await Promise.all([
      machine.json(["backup", "tablet", "--store", address], { env }),
      withKey(["backup", "phone", "--reread"]),
    ]);
    expect(both.map(({ exit }) => exit)).toEqual([0, 0]);
    expect((await withKey(["check", "--level", "full"])).result).toMatchObject({ ok: true });
  });

  test("is not made where other things lie", async () => {
    await new S3Bucket(options, nodePrimitives).put("photo.jpg", new Uint8Array(3));
    expect((await withKey(["init", address, "--kit-file", "kit.txt"])).result).toMatchObject({
      code: "cli.folder-not-empty",
      exit: 13,
    });
  });

  test("says what to do: no key, a wrong key, no bucket, no network, an address that is none", async () => {
    const init = (store: string): string[] => ["init", store, "--kit-file", "kit.txt"];
    const wrong = { ...key(), AWS_SECRET_ACCESS_KEY: "wrong" };
    const nobody = address.replace(/127\.0\.0\.1:\d+/, "127.0.0.1:9");
    const cases: readonly (readonly [string, Record<string, string>, object, RegExp, RegExp])[] = [
      [address, {}, { code: "cli.no-s3-key", exit: 12 }, /--s3-credentials-file/, /--s3-credentials-file/],
      [address, wrong, { code: "store.wrong-key", exit: 12 }, /make a new one/, /新建/],
      [
        address.replace(options.bucket, "there-is-none"),
        key(),
        { code: "store.no-bucket", exit: 4 },
        /Make it at the provider/,
        /在服务商处新建/,
      ],
      [nobody, key(), { code: "store.unavailable", exit: 5 }, /the connection/, /网络/],
      [
        "s3://key:secret@bucket",
        key(),
        { code: "store.bad-address", exit: 2 },
        /never holds a key/,
        /不得包含密钥/,
      ],
      ["ftp://host/vault", key(), { code: "store.bad-address", exit: 2 }, /s3:/, /s3:/],
    ];
    for (const [store, env, wanted, english, chinese] of cases) {
      expect((await machine.json(init(store), { env })).result).toMatchObject(wanted);
      expect((await machine.run(init(store), { env })).stderr).toMatch(english);
      expect((await machine.run([...init(store), "--lang", "zh"], { env })).stderr).toMatch(chinese);
      await rm(machine.path("kit.txt"), { force: true });
    }
  });
});
