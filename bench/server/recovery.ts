import { spawn, type ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import type { Bytes } from "../../packages/core/src/base/index.ts";
import { Connection, serverStore, signUp, type Membership } from "../../packages/core/src/client/index.ts";
import { nodePrimitives as primitives } from "../../packages/core/src/platform/node/index.ts";
import { parseConfig } from "../../packages/server/src/config.ts";
import { randomId } from "../../packages/server/src/keys/ids.ts";
import { serve } from "../../packages/server/src/serve.ts";
import { startPostgresPair } from "../../tools/parts/postgres.ts";
import { median } from "../measure.ts";
import { headOf, writeSection } from "../report.ts";

/*
 * npm run bench:recovery: how long an operator's members wait when a server is lost. An embedded server is backed up
 * while it runs, lost, brought back and asked; a PostgreSQL primary is killed while a server writes, its standby takes
 * over, and the first version is committed again. --write puts it into docs/BENCHMARKS.md.
 */

const { values } = parseArgs({
  options: {
    members: { type: "string", default: "100000" },
    versions: { type: "string", default: "500000" },
    megabytes: { type: "string", default: "2000" },
    rounds: { type: "string", default: "5" },
    write: { type: "boolean", default: false },
  },
});
const OBJECT_BYTES = 8 * 1024 * 1024;
const HEAD_BYTES = 700;
const BATCH = 200;
const main = join(import.meta.dirname, "../../packages/server/src/main.ts");
const folder = await mkdtemp(join(tmpdir(), "keepsake-bench-"));
const inFolder = (name: string): string => join(folder, name);

type Settings = Readonly<Record<string, string>>;

const embedded: Settings = {
  KEEPSAKE_DATA: inFolder("data"),
  KEEPSAKE_SECRETS_FILE: inFolder("secrets.json"),
  KEEPSAKE_DAY_KEYS: inFolder("day-keys"),
  KEEPSAKE_PORT: "0",
  KEEPSAKE_SIGN_UP: "open",
  KEEPSAKE_QUOTA_BYTES: String(1e12),
};

async function secondsOf(work: () => Promise<unknown>): Promise<number> {
  const beganMs = performance.now();
  await work();
  return (performance.now() - beganMs) / 1000;
}

function program(args: readonly string[], settings: Settings): ChildProcess {
  const env = { PATH: process.env["PATH"], ...settings };
  return spawn(process.execPath, [main, ...args], { env, stdio: ["ignore", "pipe", "inherit"] });
}

async function verb(args: readonly string[], settings: Settings): Promise<void> {
  const child = program(args, settings);
  child.stdout!.resume();
  const [code] = (await once(child, "close")) as [number | null];
  if (code !== 0) throw new TypeError(`${args[0]} ended with ${code}`);
}

async function started(settings: Settings): Promise<{ readonly url: string; readonly child: ChildProcess }> {
  const child = program([], settings);
  const lines = createInterface({ input: child.stdout! })[Symbol.asyncIterator]();
  const { url } = JSON.parse(String((await lines.next()).value)) as { url: string };
  child.stdout!.resume();
  return { url, child };
}

async function killed(child: ChildProcess): Promise<void> {
  child.kill("SIGKILL");
  await once(child, "close");
}

interface Seeded {
  readonly membership: Membership;
  readonly vault: string;
  /** The bytes of the first pack. */
  readonly first: Bytes;
}

const FIRST = `packs/${"0".repeat(26)}`;

/** One member with packs, as people have them, and rows of many more. */
async function seed(): Promise<Seeded> {
  const serving = await serve(parseConfig(embedded), { log: () => undefined });
  try {
    const open = new Connection({ url: serving.url, primitives });
    const membership = await signUp(open, { password: "a long enough password", platform: "cli" });
    const connection = open.with(membership);
    const { vault } = await connection.call("POST /v1/vaults");
    const store = serverStore({ connection, vault });
    const first = primitives.random(OBJECT_BYTES);
    const packs = Math.ceil((Number(values.megabytes) * 1e6) / OBJECT_BYTES);
    for (let i = 0; i < packs; i++)
      await store.put(
        `packs/${String(i).padStart(26, "0")}`,
        i === 0 ? first : primitives.random(OBJECT_BYTES),
      );
    await seedRows(serving.server.db.query, membership.member, vault);
    return { membership, vault, first };
  } finally {
    await serving.stop();
  }
}

type Query = Awaited<ReturnType<typeof serve>>["server"]["db"]["query"];

async function seedRows(query: Query, member: string, vault: string): Promise<void> {
  const row = await query.selectFrom("member").selectAll().where("id", "=", member).executeTakeFirstOrThrow();
  const batches = (count: number): number[] =>
    Array.from({ length: Math.ceil(count / BATCH) }, (_, i) => Math.min(BATCH, count - i * BATCH));
  for (const size of batches(Number(values.members)))
    await query
      .insertInto("member")
      .values(Array.from({ length: size }, () => ({ ...row, id: randomId(), credential: randomId() })))
      .execute();
  let number = 0;
  for (const size of batches(Number(values.versions)))
    await query
      .insertInto("object")
      .values(
        Array.from({ length: size }, () => ({
          vault,
          name: `heads/${String(++number).padStart(10, "0")}`,
          sizeBytes: HEAD_BYTES,
          sha256: "0".repeat(64),
          blob: "",
          bytes: randomBytes(HEAD_BYTES),
          storedMs: 0,
          week: 0,
        })),
      )
      .execute();
}

async function recoverEmbedded(): Promise<readonly string[]> {
  const { membership, vault, first } = await seed();
  const { child } = await started(embedded);
  const copy = inFolder("copy");
  const backup = await secondsOf(() => verb(["backup", copy], embedded));
  const again = await secondsOf(() => verb(["backup", copy], embedded));
  await killed(child);
  // The disk is gone: what is left is the copy, the secrets and the day keys.
  await rm(inFolder("data"), { recursive: true });
  const restore = await secondsOf(() => verb(["restore", copy], embedded));
  let server: Awaited<ReturnType<typeof started>> | undefined;
  const answer = await secondsOf(async () => {
    server = await started(embedded);
    const connection = new Connection({ url: server.url, primitives, credentials: membership });
    const bytes = await serverStore({ connection, vault }).get(FIRST);
    if (bytes === undefined || Buffer.compare(bytes, first) !== 0)
      throw new TypeError("the server gave back something else");
  });
  await killed(server!.child);
  return [
    line("a first backup, while it serves", backup),
    line("the next backup", again),
    line("restore into an empty folder", restore),
    line("from its start to the first pack, as it was", answer),
  ];
}

/** From the moment in which the primary dies to the first version that is acknowledged again. */
async function failOver(): Promise<{ readonly promoted: number; readonly acknowledged: number }> {
  await using pair = await startPostgresPair();
  const settings = { ...embedded, KEEPSAKE_DATA: await mkdtemp(inFolder("pair-")) };
  const secrets = join(settings.KEEPSAKE_DATA, "secrets.json");
  const on = (url: string): Settings => ({
    ...settings,
    KEEPSAKE_SECRETS_FILE: secrets,
    KEEPSAKE_DAY_KEYS: join(settings.KEEPSAKE_DATA, "day-keys"),
    KEEPSAKE_POSTGRES: url,
  });
  const before = await started(on(pair.primary.url));
  const open = new Connection({ url: before.url, primitives });
  const membership = await signUp(open, { password: "a long enough password", platform: "cli" });
  const { vault } = await open.with(membership).call("POST /v1/vaults");
  await pair.primary.kill();
  const promoted = await secondsOf(() => pair.promote());
  await killed(before.child);
  let after: Awaited<ReturnType<typeof started>> | undefined;
  const acknowledged = await secondsOf(async () => {
    after = await started(on(pair.standby.url));
    const connection = new Connection({ url: after.url, primitives, credentials: membership });
    await serverStore({ connection, vault }).put("heads/0000000001", primitives.random(HEAD_BYTES));
  });
  await killed(after!.child);
  return { promoted, acknowledged };
}

function line(name: string, seconds: number): string {
  return `| ${name} | ${seconds.toFixed(seconds < 10 ? 2 : 0)} |`;
}

try {
  const rows = [...(await recoverEmbedded())];
  const takeovers: Awaited<ReturnType<typeof failOver>>[] = [];
  for (let round = 0; round < Number(values.rounds); round++) takeovers.push(await failOver());
  const of = (name: "promoted" | "acknowledged"): number => median(takeovers.map((each) => each[name]));
  rows.push(
    line("PostgreSQL: the standby is made the primary", of("promoted")),
    line("PostgreSQL: a server starts on it, and acknowledges a version", of("acknowledged")),
  );
  const { members, versions, megabytes, rounds } = values;
  const given = [
    `--members ${members}`,
    `--versions ${versions}`,
    `--megabytes ${megabytes}`,
    `--rounds ${rounds}`,
  ];
  const report = [
    ...headOf(given, "bench:recovery"),
    `SQLite and a folder with ${members} members, ${versions} versions in rows and ${megabytes} MB of packs, all on one disk; where packs are linked and not copied. Of PostgreSQL 15 with a synchronous standby the medians of ${rounds} rounds, on an empty database. Noticing that something is lost is not in it.`,
    "",
    "| step | seconds |",
    "| --- | --- |",
    ...rows,
    "",
  ];
  console.log(report.join("\n"));
  if (values.write)
    await writeSection(new URL("../../docs/BENCHMARKS.md", import.meta.url), "A server that is lost", report);
} finally {
  await rm(folder, { recursive: true });
}
