import { spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readHashes } from "../../tools/web/build.ts";
import { builtWeb } from "../../tools/web/built.ts";
import { HASHES, sha256, type WebHashes } from "../../tools/web/hashes.ts";
import { processEnv } from "../cli-process.ts";
import { startTestServer } from "../server/serving.ts";

let folder: string;
let built: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "keepsake-verify-"));
  built = await builtWeb();
}, 120_000);
afterAll(() => rm(folder, { recursive: true }));

async function verify(...given: readonly string[]): Promise<{ exit: number; said: string }> {
  const script = join(import.meta.dirname, "../../tools/web/verify.ts");
  const child = spawn(process.execPath, [script, ...given], {
    env: { ...processEnv, TMPDIR: tmpdir(), LANG: "C" },
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => (said += text));
  const [exit] = (await once(child, "close")) as [number];
  return { exit, said };
}

test("a server that serves this clone's build is told from one that serves another", async () => {
  const hashes = await readHashes(built);
  await using server = await startTestServer({ KEEPSAKE_WEB: built });
  expect(await verify(server.url)).toEqual({
    exit: 0,
    said: `The same as this clone makes: ${hashes.whole}\n`,
  });

  const other = join(folder, "other");
  await cp(built, other, { recursive: true });
  const page = (await readFile(join(other, "index.html"), "utf8")).replace("<body>", "<body><p>");
  const files = { ...hashes.files, "index.html": sha256(page), "more.js": sha256("1") };
  await writeFile(join(other, "index.html"), page);
  await writeFile(join(other, "more.js"), "1");
  // What is sent compressed is another file again, of which a server's own list says nothing.
  await writeFile(join(other, HASHES), JSON.stringify({ whole: hashes.whole, files } satisfies WebHashes));
  await rm(join(other, `${HASHES}.br`));
  await rm(join(other, `${HASHES}.gz`));
  await using evil = await startTestServer({ KEEPSAKE_WEB: other });
  const { exit, said } = await verify(evil.url);
  const own = hashes.files["index.html"]!;
  expect(exit).toBe(1);
  expect(said.split("\n").toSorted()).toEqual(
    [
      "",
      `/ (identity): ${sha256(page)}, ${own}`,
      `/index.html (identity): ${sha256(page)}, ${own}`,
      `/more.js: ${sha256("1")}, -`,
      `3 differences from what this clone makes: ${hashes.whole}`,
    ].toSorted(),
  );
}, 120_000);

test("a server that serves no app, or does not answer, is told by every file; no address by how it is used", async () => {
  await using server = await startTestServer();
  const plain = await verify(server.url);
  expect(plain.exit).toBe(1);
  expect(plain.said).toMatch(/^\/index\.html \(br\): 404, [0-9a-f]{64}$/m);
  const { url } = server;
  await server.stop();
  const none = await verify(url);
  expect(none.exit).toBe(1);
  expect(none.said).toMatch(/^\/index\.html \(gzip\): ECONNREFUSED, /m);
  expect((await verify("nothing")).exit).toBe(2);
}, 120_000);
