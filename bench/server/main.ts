import { createHash } from "node:crypto";
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { bytesToHex, mapBounded, type Bytes } from "../../packages/core/src/base/index.ts";
import { Connection, serverStore, signUp } from "../../packages/core/src/client/index.ts";
import { nodePrimitives as primitives } from "../../packages/core/src/platform/node/index.ts";
import { parseConfig } from "../../packages/server/src/config.ts";
import { randomId } from "../../packages/server/src/keys/ids.ts";
import { openSession } from "../../packages/server/src/members/sessions.ts";
import { serve } from "../../packages/server/src/serve.ts";
import { freshDatabase } from "../../packages/server/testing/db/fresh.ts";
import { postgresForTests } from "../../tools/parts/postgres.ts";
import { median } from "../measure.ts";
import { headOf, writeSection } from "../report.ts";
import { Devices, type Ask, type Device, type Load } from "./load.ts";

/*
 * npm run bench:server: many devices at once on one server, client and server on this machine together. Requests as
 * our client sends them, signed; versions (heads) committed; large objects beside a plain node:http server that hashes
 * and syncs the same bytes. --engine sqlite or postgres (18, from npm). --write puts it into docs/BENCHMARKS.md.
 */

const { values } = parseArgs({
  options: {
    engine: { type: "string", default: "postgres" },
    devices: { type: "string", default: "500" },
    members: { type: "string", default: "0" },
    seconds: { type: "string", default: "10" },
    megabytes: { type: "string", default: "512" },
    write: { type: "boolean", default: false },
  },
});
const devices = Number(values.devices);
const seconds = Number(values.seconds);
const megabytes = Number(values.megabytes);
const OBJECT_BYTES = 8 * 1024 * 1024;
const UPLOADS_AT_ONCE = 4;
const ROUNDS = 7;

const data = await mkdtemp(join(tmpdir(), "keepsake-bench-"));
const postgres = values.engine === "postgres" ? await postgresForTests() : undefined;
const settings: Record<string, string> = {
  KEEPSAKE_DATA: data,
  KEEPSAKE_PORT: "0",
  KEEPSAKE_SIGN_UP: "open",
  KEEPSAKE_REQUESTS_PER_ADDRESS: "1000000",
  KEEPSAKE_REQUESTS_PER_MEMBER: "1000000",
  KEEPSAKE_QUOTA_BYTES: String(1e12),
  ...(postgres === undefined ? {} : { KEEPSAKE_POSTGRES: await freshDatabase(postgres.url) }),
  KEEPSAKE_DAY_KEYS: join(data, "day-keys"),
};

/** One member signs up as people do; the others are copies of its row, with sessions of their own. */
async function seed(): Promise<readonly Device[]> {
  const serving = await serve(parseConfig(settings), { log: () => undefined });
  try {
    const { db } = serving.server;
    const { member } = await signUp(new Connection({ url: serving.url, primitives }), {
      password: "a long enough password",
      platform: "cli",
    });
    const row = await db.query
      .selectFrom("member")
      .selectAll()
      .where("id", "=", member)
      .executeTakeFirstOrThrow();
    const seeded: Device[] = [];
    const extra = Number(values.members);
    for (let from = 0; from < extra; from += 200)
      await db.query
        .insertInto("member")
        .values(
          Array.from({ length: Math.min(200, extra - from) }, () => ({
            ...row,
            id: randomId(),
            credential: randomId(),
          })),
        )
        .execute();
    for (let i = 0; i < devices; i++) {
      const [id, vault, deviceSeed] = [randomId(), randomId(), primitives.random(32)];
      const nowMs = Date.now();
      await db.transaction(async (query) => {
        await query
          .insertInto("member")
          .values({ ...row, id, credential: randomId() })
          .execute();
        const device = { key: bytesToHex(await primitives.ed25519.publicKey(deviceSeed)), platform: "cli" };
        const { token } = await openSession(
          query,
          { cell: 0, nowMs },
          { member: id, device, way: "password" },
        );
        await query
          .insertInto("vault")
          .values({
            id: vault,
            member: id,
            createdMs: nowMs,
            usedBytes: 0,
            objects: 0,
            receipts: 0,
            receiptHash: "",
          })
          .execute();
        seeded.push({ token, deviceSeed, vault, head: 0 });
      });
    }
    return seeded;
  } finally {
    await serving.stop();
  }
}

async function startProcess(): Promise<{ readonly url: string; readonly child: ChildProcess }> {
  const main = join(import.meta.dirname, "../../packages/server/src/main.ts");
  const child = spawn(process.execPath, [main], {
    env: { ...process.env, ...settings },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const { url } = JSON.parse(String((await lines.next()).value)) as { url: string };
  child.stdout.resume();
  return { url, child };
}

/** Megabytes a second of large objects through our server, or through a plain one. */
async function uploads(put: (bytes: Bytes, i: number) => Promise<unknown>): Promise<number> {
  const count = Math.ceil((megabytes * 1e6) / OBJECT_BYTES);
  const bytes = primitives.random(OBJECT_BYTES);
  const beganMs = performance.now();
  const indices = Array.from({ length: count }, (_, i) => i);
  for await (const _ of mapBounded(indices, UPLOADS_AT_ONCE, (i) => put(bytes, i))) continue;
  return (count * OBJECT_BYTES) / 1e6 / ((performance.now() - beganMs) / 1000);
}

/** The least that has to be done: take the bytes, hash them, write them, sync. In a process of its own. */
const plainProgram = `
import { createServer } from "node:http"; import { createHash } from "node:crypto"; import { existsSync, readFileSync } from "node:fs";
import { open, rename } from "node:fs/promises";
let i = 0;
const server = createServer(async (request, response) => {
  const hash = createHash("sha256"); const name = process.argv[1] + "/plain" + i++;
  const file = await open(name + ".part", "w");
  for await (const chunk of request) { hash.update(chunk); await file.write(chunk); }
  await file.sync(); await file.close(); await rename(name + ".part", name);
  const folder = await open(process.argv[1], "r"); await folder.sync(); await folder.close();
  response.end(hash.digest("hex"));
});
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
`;

async function plainUploads(): Promise<number> {
  const child = spawn(process.execPath, ["--input-type=module", "-e", plainProgram, data], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const url = `http://127.0.0.1:${String((await lines.next()).value)}`;
  try {
    return await uploads(async (bytes) => {
      // The client hashes what it sends, as ours does.
      const sha256 = createHash("sha256").update(bytes).digest("hex");
      const answer = await (await fetch(url, { method: "PUT", body: bytes, headers: { sha256 } })).text();
      if (answer !== sha256) throw new TypeError("the plain server hashed something else");
    });
  } finally {
    child.kill("SIGKILL");
  }
}

/** What share of this machine's time its host gives to others, from now until it is asked; 0 where nobody says so. */
function stolenShare(): () => number {
  const told = (): readonly number[] => {
    const line = existsSync("/proc/stat") ? readFileSync("/proc/stat", "utf8").split("\n", 1)[0]! : "cpu 0";
    return line.split(/\s+/).slice(1, 9).map(Number);
  };
  const before = told();
  return () => {
    const spent = told().map((ticks, i) => ticks - before[i]!);
    return (
      (spent[7] ?? 0) /
      Math.max(
        1,
        spent.reduce((sum, ticks) => sum + ticks, 0),
      )
    );
  };
}

async function residentBytes(pid: number): Promise<number> {
  const file = await open(`/proc/${pid}/statm`);
  const text = await file.readFile("utf8");
  await file.close();
  return Number(text.split(" ")[1]) * 4096;
}

const all = await seed();
// What the seed wrote is on the disk before anything is timed.
spawnSync("sync");
const { url, child } = await startProcess();
const loads = new Devices(url);
try {
  const usage = (): Ask => ({ method: "GET", path: "/v1/member" });
  const head = primitives.random(1200);
  const commit = (device: Device): Ask => ({
    method: "PUT",
    path: `/v1/vaults/${device.vault}/objects/heads/${String(++device.head).padStart(10, "0")}`,
    bytes: head,
  });
  await loads.asFastAsTheyCan(all, 2, usage);
  const resident = [await residentBytes(child.pid!)];
  const stolenSoFar = stolenShare();
  const rows = [
    line("usage of a member, 1,000 a second", await loads.paced(all, { seconds, perSecond: 1000 }, usage)),
    line("usage of a member, as fast as it goes", await loads.asFastAsTheyCan(all, seconds, usage)),
    line("a version committed, 150 a second", await loads.paced(all, { seconds, perSecond: 150 }, commit)),
    line("a version committed, as fast as it goes", await loads.asFastAsTheyCan(all, seconds, commit)),
  ];
  const stolen = stolenSoFar();
  resident.push(await residentBytes(child.pid!));
  const one = all[0]!;
  const connection = new Connection({ url, primitives, credentials: one });
  const store = serverStore({ connection, vault: one.vault });
  const rates: number[] = [];
  const plain: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    plain.push(await plainUploads());
    rates.push(
      await uploads((bytes, i) => store.put(`packs/${round}x${String(i).padStart(10, "0")}`, bytes)),
    );
    resident.push(await residentBytes(child.pid!));
  }
  const objects = ROUNDS * Math.ceil((megabytes * 1e6) / OBJECT_BYTES);
  const listing = (): Ask => ({ method: "GET", path: `/v1/vaults/${one.vault}/objects?prefix=packs%2F` });
  rows.push(
    line(`a list of ${objects} objects, one device`, await loads.asFastAsTheyCan([one], seconds, listing)),
  );
  const [ours, theirs] = [median(rates), median(plain)];
  // Of pairs that ran one after the other: what the machine does otherwise comes and goes.
  const ratio = median(rates.map((rate, round) => rate / plain[round]!));
  const given = [
    `--engine ${values.engine}`,
    `--devices ${devices}`,
    `--seconds ${seconds}`,
    `--members ${values.members}`,
    `--megabytes ${megabytes}`,
  ];
  const report = [
    ...headOf(given, "bench:server"),
    `${devices} devices at once, each one request at a time, its time counted from when it was due; ${values.members} more members in the tables. Client, server and database together on this machine.`,
    "",
    "| requests | a second | p50 ms | p99 ms | failed |",
    "| --- | --- | --- | --- | --- |",
    ...rows,
    "",
    `While these were asked, the host of this machine kept ${(100 * stolen).toFixed(0)} % of its cores for others.`,
    "",
    `Objects of 8 MiB, ${UPLOADS_AT_ONCE} at once: ${Math.round(ours)} MB/s; a plain node:http server that hashes, writes and syncs the same bytes: ${Math.round(theirs)} MB/s; ratio ${ratio.toFixed(2)} (median of ${ROUNDS} pairs). The server's process holds ${resident.map((bytes) => Math.round(bytes / 1e6)).join(", ")} MB: after the first requests, after those above, after each ${megabytes} MB.`,
    "",
  ];
  console.log(report.join("\n"));
  const title = `One server, ${values.engine === "postgres" ? "PostgreSQL 18" : "SQLite"}`;
  if (values.write) await writeSection(new URL("../../docs/BENCHMARKS.md", import.meta.url), title, report);
} finally {
  loads.close();
  child.kill("SIGTERM");
  await new Promise((done) => child.once("exit", done));
  await postgres?.[Symbol.asyncDispose]();
  await rm(data, { recursive: true });
}

function line(name: string, { perSecond, p50, p99, failed }: Load): string {
  const ms = (value: number): string => value.toFixed(value < 10 ? 1 : 0);
  return `| ${name} | ${Math.round(perSecond)} | ${ms(p50)} | ${ms(p99)} | ${failed} |`;
}
