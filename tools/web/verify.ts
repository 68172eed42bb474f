/*
 * npm run verify-web -- URL: whether a server serves the web app that this clone makes. Every file is built here, and
 * fetched from there in each way in which it may be sent; every difference is named. Ends with 0 where there is none.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { mapBounded } from "../../packages/core/src/base/index.ts";
import { readHashes } from "./build.ts";
import { buildWebInto } from "./built.ts";
import { HASHES, sha256, type WebHashes } from "./hashes.ts";

const isChinese = /^zh/i.test(
  process.env["LC_ALL"] || process.env["LC_MESSAGES"] || process.env["LANG"] || "",
);
const say = (en: string, zh: string): void => console.log(isChinese ? zh : en);

/** A server may send other bytes to who takes them compressed. */
const encodings = ["br", "gzip", "identity"];
const AT_ONCE = 4;

async function main(given: string | undefined): Promise<number> {
  const url = URL.parse(given ?? "");
  if (url === null || !/^https?:$/.test(url.protocol)) {
    say("Usage: npm run verify-web -- https://...", "用法：npm run verify-web -- https://……");
    return 2;
  }
  const own = await ownHashes();
  const differences = await compare(url, own);
  for (const difference of differences) console.log(difference);
  if (differences.length === 0) {
    say(`The same as this clone makes: ${own.whole}`, `与本仓库构建的完全一致：${own.whole}`);
    return 0;
  }
  say(
    `${differences.length} differences from what this clone makes: ${own.whole}`,
    `与本仓库构建的有 ${differences.length} 处不同：${own.whole}`,
  );
  return 1;
}

async function ownHashes(): Promise<WebHashes> {
  const folder = await mkdtemp(join(tmpdir(), "keepsake-verify-"));
  try {
    await buildWebInto(folder);
    const hashes = await readHashes(folder);
    return hashes;
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function compare(url: URL, own: WebHashes): Promise<readonly string[]> {
  const asked = [...Object.entries(own.files), ["", own.files["index.html"]!] as const].flatMap(
    ([path, hash]) => encodings.map((encoding) => ({ path, hash, encoding })),
  );
  const differences: string[] = [];
  const answers = mapBounded(asked, AT_ONCE, async (each) => ({
    ...each,
    answer: await fetched(new URL(`/${each.path}`, url), each.encoding),
  }));
  for await (const { path, hash, encoding, answer } of answers) {
    if (answer !== hash) differences.push(`/${path} (${encoding}): ${answer}, ${hash}`);
  }
  const listed = await listedAt(url);
  for (const path of Object.keys(listed))
    if (!Object.hasOwn(own.files, path)) differences.push(`/${path}: ${listed[path]}, -`);
  return differences;
}

/** The SHA-256 of what is answered; the status where it is not 200, and why there was no answer at all. */
async function fetched(url: URL, encoding: string): Promise<string> {
  try {
    const answer = await fetch(url, { headers: { "accept-encoding": encoding }, redirect: "manual" });
    const bytes = new Uint8Array(await answer.arrayBuffer());
    return answer.status === 200 ? sha256(bytes) : String(answer.status);
  } catch (error) {
    const { cause } = error as { cause?: { code?: string } };
    return cause?.code ?? "no answer";
  }
}

/** What the server itself says that it serves. */
async function listedAt(url: URL): Promise<Readonly<Record<string, string>>> {
  try {
    const answer = await fetch(new URL(`/${HASHES}`, url), { redirect: "manual" });
    return ((await answer.json()) as Partial<WebHashes>).files ?? {};
  } catch {
    return {};
  }
}

process.exitCode = await main(process.argv[2]);
