import { spawn, type ChildProcess } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterEach, beforeEach, expect, test } from "vitest";
import { KeepsakeError, systemClock, type Bytes } from "../../packages/core/src/base/index.ts";
import { Connection, serverStore, signUp, type Membership } from "../../packages/core/src/client/index.ts";
import { check } from "../../packages/core/src/history/care.ts";
import { loadHistory } from "../../packages/core/src/history/index.ts";
import { nodePrimitives as primitives } from "../../packages/core/src/platform/node/index.ts";
import type { Store } from "../../packages/core/src/vault/index.ts";
import { someBytes } from "../../packages/core/testing/stores/conformance.ts";
import { processEnv } from "../cli-process.ts";
import { password } from "./serving.ts";
import { add, made, reopened, textsOf } from "./vaults.ts";

const main = join(import.meta.dirname, "../../packages/server/src/main.ts");
const ROUNDS = 5;
const VAULT_ROUNDS = 5;
const WRITERS = 6;
const ACKNOWLEDGED = 1000;

let data: string;
beforeEach(async () => void (data = await mkdtemp(join(tmpdir(), "keepsake-crash-"))));
afterEach(() => rm(data, { recursive: true }));

interface Running {
  readonly child: ChildProcess;
  readonly url: string;
  kill(): Promise<void>;
}

/** The server as a process of its own, on one folder. */
async function start(): Promise<Running> {
  const rates = { KEEPSAKE_REQUESTS_PER_ADDRESS: "100000", KEEPSAKE_REQUESTS_PER_MEMBER: "100000" };
  const env = {
    ...processEnv,
    KEEPSAKE_DATA: data,
    KEEPSAKE_PORT: "0",
    KEEPSAKE_SIGN_UP: "open",
    ...rates,
  };
  const child = spawn(process.execPath, [main], { env, stdio: ["ignore", "pipe", "inherit"] });
  const exited = new Promise<void>((done) => child.once("exit", () => done()));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const { event, url } = JSON.parse(String((await lines.next()).value)) as { event: string; url: string };
  expect(event).toBe("listening");
  child.stdout.resume();
  const kill = (): Promise<void> => {
    child.kill("SIGKILL");
    return exited;
  };
  return { child, url, kill };
}

/** What a name holds: heads lie in rows, packs in files. */
function contentOf(name: string): Bytes {
  const seed = Number.parseInt(name.slice(-7), 32);
  return name.startsWith("heads/") ? someBytes(700, seed) : someBytes(3000 + (seed % 500), seed);
}

test("what a server acknowledged is there after kill -9, whole, at any moment of a load", async () => {
  let membership: Membership | undefined;
  let vault = "";
  const acknowledged = new Set<string>();
  const receipts: number[] = [];
  let next = 1;
  for (let round = 0; round < ROUNDS || acknowledged.size < ACKNOWLEDGED; round++) {
    const server = await start();
    const open = new Connection({ url: server.url, primitives });
    membership ??= await signUp(open, { password, platform: "cli" });
    const connection = open.with(membership);
    if (vault === "") ({ vault } = await connection.call("POST /v1/vaults"));
    const onReceipt = ({ number }: { readonly number: number }): void => void receipts.push(number);
    const store = serverStore({ connection, vault, onReceipt });
    for (const name of acknowledged)
      if (round > 0 && Math.random() < 0.05) expect(await store.get(name)).toEqual(contentOf(name));
    let isKilled = false;
    const write = async (): Promise<void> => {
      while (!isKilled) {
        const number = next++;
        const name =
          number % 4 === 0
            ? `packs/${number.toString(32).padStart(26, "0")}`
            : `heads/${String(number).padStart(10, "0")}`;
        try {
          if ((await store.put(name, contentOf(name))) === "stored") acknowledged.add(name);
        } catch (error) {
          // What was not acknowledged may be there or not.
          expect(
            KeepsakeError.is(error) && ["store.unavailable", "server.unreachable"].includes(error.code),
          ).toBe(true);
          return;
        }
      }
    };
    const writers = Array.from({ length: WRITERS }, write);
    const before = acknowledged.size;
    while (acknowledged.size - before < ACKNOWLEDGED / ROUNDS + Math.random() * 60)
      await new Promise((done) => setTimeout(done, 5));
    await server.kill();
    isKilled = true;
    await Promise.all(writers);
  }
  const server = await start();
  try {
    const connection = new Connection({ url: server.url, primitives, credentials: membership! });
    const store = serverStore({ connection, vault });
    const sizes = new Map<string, number>();
    for await (const { name, sizeBytes } of store.list("")) sizes.set(name, sizeBytes);
    expect(acknowledged.size).toBeGreaterThanOrEqual(ACKNOWLEDGED);
    expect([...acknowledged].filter((name) => sizes.get(name) !== contentOf(name).length)).toEqual([]);
    for (const name of acknowledged)
      if (name.startsWith("packs/")) expect(await store.get(name)).toEqual(contentOf(name));
    // No receipt was given twice, and what is used is what is there.
    expect(new Set(receipts).size).toBe(receipts.length);
    const { usedBytes } = await connection.call("GET /v1/member");
    expect(usedBytes).toBe([...sizes.values()].reduce((sum, size) => sum + size, 0));
  } finally {
    await server.kill();
  }
}, 120_000);

test("a vault whose server is killed amid backups opens again, with its keys, at any moment", async () => {
  let running = await start();
  const membership = await signUp(new Connection({ url: running.url, primitives }), {
    password,
    platform: "cli",
  });
  const connectionOf = (): Connection =>
    new Connection({ url: running.url, primitives, credentials: membership });
  const { vault: id } = await connectionOf().call("POST /v1/vaults");
  const storeNow = (): Store => serverStore({ connection: connectionOf(), vault: id });
  const mine = await made(storeNow(), systemClock);
  let shown = 0;
  for (let round = 0; round < VAULT_ROUNDS; round++) {
    const vault = { ...mine.vault, store: storeNow() };
    const writing = (async () => {
      for (let i = 0; ; i++) await add({ vault }, { seed: `${round} ${i}`, messages: 40, chats: 2 });
    })().catch(() => undefined);
    await new Promise((done) => setTimeout(done, 300 + Math.random() * 900));
    await running.kill();
    await writing;
    running = await start();
    const opened = await reopened(storeNow(), mine.secret);
    const now = (await textsOf(opened)).length;
    expect(now).toBeGreaterThanOrEqual(shown);
    shown = now;
    const history = await loadHistory(opened.vault, opened.snapshot);
    expect((await check(history, { level: "full" })).damages).toEqual([]);
  }
  await running.kill();
  expect(shown).toBeGreaterThan(0);
}, 120_000);
