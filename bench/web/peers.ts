import { createReadStream } from "node:fs";
import { createServer, type ServerResponse } from "node:http";
import { once } from "node:events";
import { join, normalize } from "node:path";
import { searchTexts } from "../../packages/core/src/model/index.ts";
import { historyEvents } from "../../packages/core/testing/history/index.ts";
import { median } from "../measure.ts";
import type { Watched } from "./browser.ts";
import { historyOf } from "./served.ts";

/*
 * What people use instead: the whole history as one page, and an index of SQLite (FTS5, trigrams) in the browser.
 */

const sqlite = join(import.meta.dirname, "../../node_modules/@journeyapps/wa-sqlite");

/** What each of them takes. */
export interface PeerFigures {
  /** Until its first message is seen, or its first question can be asked. */
  readonly readyS: number;
  readonly cpuS: number;
  readonly residentMB: number;
  readonly searchMs: number;
  /** Whether it finds two characters of Chinese. */
  readonly findsTwo: boolean;
}

export async function measurePeers(
  browser: Watched,
  messages: number,
): Promise<{ readonly page: PeerFigures; readonly index: PeerFigures }> {
  const server = createServer((request, response) => answer(request.url ?? "/", response, messages));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { readonly port: number };
  const url = `http://127.0.0.1:${port}`;
  try {
    return { page: await onePage(browser, url), index: await indexed(browser, url) };
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

function answer(path: string, response: ServerResponse, messages: number): void {
  if (path === "/page") return void writePage(response, messages);
  if (path === "/texts") return void writeTexts(response, messages);
  if (path === "/index") {
    response.setHeader("content-type", "text/html").end("<!doctype html><title>index</title>");
    return;
  }
  const file = join(sqlite, normalize(path.replace(/^\/sqlite/, "")));
  if (!file.startsWith(sqlite)) return void response.writeHead(404).end();
  response.setHeader("content-type", file.endsWith(".wasm") ? "application/wasm" : "text/javascript");
  createReadStream(file)
    .on("error", () => response.writeHead(404).end())
    .pipe(response);
}

async function writeAll(response: ServerResponse, pieces: Iterable<string>): Promise<void> {
  let gathered = "";
  for (const piece of pieces) {
    gathered += piece;
    if (gathered.length < 1 << 20) continue;
    if (!response.write(gathered)) await once(response, "drain");
    gathered = "";
  }
  response.end(gathered);
}

async function writePage(response: ServerResponse, messages: number): Promise<void> {
  response.setHeader("content-type", "text/html; charset=utf-8");
  await writeAll(response, pageOf(messages));
}

function* pageOf(messages: number): Generator<string> {
  yield '<!doctype html><meta charset="utf-8"><title>chat</title><style>p{margin:8px;padding:8px;border-radius:8px;background:#eee;max-width:40em}</style>';
  for (const event of historyEvents(historyOf(messages))) {
    if (event.type !== "message") continue;
    const { message } = event;
    const text = searchTexts(message)
      .map((each) => each.text)
      .join(" ")
      .replace(/[&<]/g, (sign) => (sign === "&" ? "&amp;" : "&lt;"));
    yield `<p><b>${message.author ?? ""}</b> <time>${new Date(message.time.sent).toISOString()}</time> ${text}</p>\n`;
  }
}

async function writeTexts(response: ServerResponse, messages: number): Promise<void> {
  response.setHeader("content-type", "text/plain; charset=utf-8");
  await writeAll(response, textsOf(messages));
}

function* textsOf(messages: number): Generator<string> {
  for (const event of historyEvents(historyOf(messages))) {
    if (event.type !== "message") continue;
    const text = searchTexts(event.message).map((each) => each.text);
    yield `${text.join(" ").replaceAll("\n", " ")}\n`;
  }
}

const QUERIES = ["生日快乐", "恭喜发财", "meeting"];
const WAIT_MS = 600_000;

async function onePage(browser: Watched, url: string): Promise<PeerFigures> {
  const { page, context } = await browser.newPage();
  const before = await browser.cpuS();
  const startMs = performance.now();
  await page.goto(`${url}/page`, { waitUntil: "commit" });
  await page.locator("p").first().waitFor({ timeout: WAIT_MS });
  const readyS = (performance.now() - startMs) / 1000;
  await page.waitForLoadState("load", { timeout: WAIT_MS });
  const cpuS = (await browser.cpuS()) - before;
  page.setDefaultTimeout(WAIT_MS);
  const searches: number[] = [];
  for (const text of QUERIES)
    searches.push(
      await page.evaluate((wanted) => {
        const began = performance.now();
        getSelection()?.removeAllRanges();
        (globalThis as unknown as { find(text: string): boolean }).find(wanted);
        return performance.now() - began;
      }, text),
    );
  const residentMB = await browser.residentMB();
  await context.close();
  return { readyS, cpuS, residentMB, searchMs: median(searches), findsTwo: true };
}

async function indexed(browser: Watched, url: string): Promise<PeerFigures> {
  const { page, context } = await browser.newPage();
  page.setDefaultTimeout(WAIT_MS);
  await page.goto(`${url}/index`);
  const before = await browser.cpuS();
  const startMs = performance.now();
  const told = await page.evaluate(buildIndex, QUERIES);
  const readyS = told.readyMs / 1000;
  const cpuS = (await browser.cpuS()) - before - told.searches.reduce((a, b) => a + b, 0) / 1000;
  if (performance.now() - startMs > WAIT_MS) throw new TypeError("the index took too long");
  const residentMB = await browser.residentMB();
  await context.close();
  return { readyS, cpuS, residentMB, searchMs: median(told.searches), findsTwo: told.two > 0 };
}

/** Runs in the page. */
async function buildIndex(queries: readonly string[]): Promise<{
  readonly readyMs: number;
  readonly searches: readonly number[];
  readonly two: number;
}> {
  const startMs = performance.now();
  // Not to be taken for modules of our own by who bundles.
  const load = (path: string): Promise<Record<string, (...args: unknown[]) => unknown>> =>
    import(/* @vite-ignore */ path) as never;
  const { default: factory } = await load("/sqlite/dist/wa-sqlite.mjs");
  const { Factory } = await load("/sqlite/src/sqlite-api.js");
  interface Sqlite {
    open_v2(name: string): Promise<number>;
    exec(db: number, sql: string): Promise<void>;
    statements(db: number, sql: string): AsyncIterable<number>;
    bind_text(statement: number, at: number, text: string): number;
    step(statement: number): Promise<number>;
    reset(statement: number): Promise<number>;
  }
  const api = Factory!(await factory!()) as Sqlite;
  const db = await api.open_v2(":memory:");
  await api.exec(db, "create virtual table t using fts5(text, content='', tokenize='trigram')");
  const texts = (await (await fetch("/texts")).text()).split("\n");
  await api.exec(db, "begin");
  for await (const statement of api.statements(db, "insert into t(text) values (?)"))
    for (const text of texts) {
      api.bind_text(statement, 1, text);
      await api.step(statement);
      await api.reset(statement);
    }
  await api.exec(db, "commit");
  const readyMs = performance.now() - startMs;
  const count = async (text: string): Promise<number> => {
    let found = 0;
    const sql = "select rowid from t where t match ? order by rowid desc limit 500";
    for await (const statement of api.statements(db, sql)) {
      api.bind_text(statement, 1, `"${text}"`);
      while ((await api.step(statement)) === 100) found++;
    }
    return found;
  };
  const searches: number[] = [];
  for (const text of queries) {
    const began = performance.now();
    await count(text);
    searches.push(performance.now() - began);
  }
  return { readyMs, searches, two: await count("可以") };
}
