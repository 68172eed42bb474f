import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { systemClock } from "../../../packages/core/src/base/index.ts";
import { bringLevel, openPayer } from "../../../packages/core/src/client/plans/index.ts";
import { serverStore, type Connection } from "../../../packages/core/src/client/index.ts";
import { makeCodes } from "../../../packages/server/src/billing/books/buying/codes.ts";
import { startTestServer, type Member, type TestServer } from "../serving.ts";
import { add, made, reopened, textsOf } from "../vaults.ts";

/*
 * What is free runs the same code at the same speed. A plan gives room, and nothing else: who pays and who does not ask
 * the server for the same, are answered the same, and nothing waits for anybody; and the code that reads, seals, stores,
 * searches and restores cannot know a plan.
 */

let server: TestServer;
beforeEach(async () => void (server = await startTestServer()));
afterEach(() => server[Symbol.asyncDispose]());

/** What goes over the wire of a connection: by route, with how each was answered. */
function watched(connection: Connection): { readonly connection: Connection; readonly seen: string[] } {
  const seen: string[] = [];
  const send: Connection["send"] = async (outgoing) => {
    const response = await connection.send(outgoing);
    const route = outgoing.path.replace(/[0-9a-v]{26}|[0-9]{10}/g, "*");
    const isHeldBack = response.headers.has("retry-after");
    seen.push(`${outgoing.method} ${route} ${response.status}${isHeldBack ? " held back" : ""}`);
    return response;
  };
  const proxy = new Proxy(connection, {
    get: (target, name) => (name === "send" ? send : (Reflect.get(target, name, target) as unknown)),
  });
  return { connection: proxy, seen };
}

/** A whole life with a vault: a backup, another, all read again. */
async function live({ connection, newVault }: Member): Promise<readonly string[]> {
  const watch = watched(connection);
  const vault = await newVault();
  const store = serverStore({ connection: watch.connection, vault });
  const mine = await made(store, systemClock);
  const life = { seed: "same", messages: 500, chats: 3, attachmentBytes: 300_000 };
  await add(mine, life);
  await add(mine, { ...life, messages: 700 });
  const again = await reopened(store, mine.secret);
  expect((await textsOf(again)).length).toBeGreaterThan(500);
  return watch.seen.toSorted();
}

test("who pays asks for the same as who does not, and is answered the same", async () => {
  const free = await server.newMember();
  const paying = await server.newMember();
  const [code] = await makeCodes(server.server, {
    plan: "gb-200",
    period: "year",
    periods: 1,
    count: 1,
    days: 1,
  });
  const seed = new Uint8Array(32).fill(3);
  const payer = (await openPayer(server.connection, [seed], { isNew: true }))!;
  await payer.call("POST /v1/pay/codes", { body: { code: code! } });
  const { level } = await bringLevel({
    payer,
    member: paying.connection,
    seed,
    kept: undefined,
    now: Date.now(),
  });
  expect(level.levelBytes).toBeGreaterThan(0);
  const [asFree, asPaying] = [await live(free), await live(paying)];
  expect(asFree.length).toBeGreaterThan(10);
  expect(asPaying).toEqual(asFree);
  expect(asFree.filter((each) => each.endsWith("held back"))).toEqual([]);
});

test("no code that reads, seals, stores, searches, restores or serves knows a plan", () => {
  const packages = join(import.meta.dirname, "../../../packages");
  const folders = [
    ...[
      "base",
      "model",
      "vault",
      "history",
      "formats",
      "media",
      "apple",
      "sqlite",
      "zip",
      "s3",
      "platform",
    ].map((each) => `core/src/${each}`),
    ...["vaults", "blobs"].map((each) => `server/src/${each}`),
    "server/src/http/limits.ts",
    "cli/src/commands/out",
    "cli/src/commands/read",
    "web/src/worker/look",
  ];
  const knowing = /from "[^"]*(?:\/plans(?:\/|")|@keepsake\/core\/plans|\/billing\/)/;
  let looked = 0;
  for (const folder of folders)
    for (const file of filesOf(join(packages, folder))) {
      looked++;
      expect([file, knowing.test(readFileSync(file, "utf8"))]).toEqual([file, false]);
    }
  expect(looked).toBeGreaterThan(300);
});

function filesOf(path: string): string[] {
  if (path.endsWith(".ts")) return [path];
  return readdirSync(path, { recursive: true, encoding: "utf8" })
    .filter((name) => /\.tsx?$/.test(name) && !name.includes(".test."))
    .map((name) => join(path, name));
}
