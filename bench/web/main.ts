import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { telegram } from "../../packages/core/src/formats/index.ts";
import { folderTarget, nodePrimitives } from "../../packages/core/src/platform/node/index.ts";
import { madeHistory } from "../../packages/core/testing/history/index.ts";
import { builtWeb } from "../../tools/web/built.ts";
import { webSizes } from "../../tools/web/sizes.ts";
import { median } from "../measure.ts";
import { headOf, short, writeSection } from "../report.ts";
import { watchedBrowser } from "./browser.ts";
import { figuresOf, measureImport, measureLife, type Figure, type Life } from "./life.ts";
import { measurePeers } from "./peers.ts";
import { served } from "./served.ts";

/*
 * npm run bench:web: what the web app takes on its way, and in a browser over a long history, beside its budgets and
 * beside what people use instead. --sizes measures the first alone; --write puts it all into docs/BENCHMARKS.md.
 */

const given = process.argv.slice(2);
const { values } = parseArgs({
  args: given,
  options: {
    sizes: { type: "boolean", default: false },
    messages: { type: "string", default: "1000000" },
    peers: { type: "string", default: "100000" },
    write: { type: "boolean", default: false },
  },
});
const page = new URL("../../docs/BENCHMARKS.md", import.meta.url);
const cache = join(import.meta.dirname, "../../.cache/bench");

const write = async (title: string, lines: readonly string[]): Promise<void> => {
  const report = [...headOf(given, "bench:web"), "", ...lines];
  console.log(report.join("\n"));
  if (values.write) await writeSection(page, title, report);
};

function row({ what, value, unit, goal }: Figure): string {
  const judged = goal === undefined ? "" : value <= goal ? "met" : "not met";
  return `| ${what} | ${goal === undefined ? "–" : `${goal} ${unit}`} | ${short(value)} ${unit} | ${judged} |`;
}

/** So many messages are brought in. */
const IMPORTED = 100_000;

const head = ["| | goal | measured | |", "|---|---|---|---|"];
const { shell, styles, page: scripts, reading, worker, later, wasm } = await webSizes(await builtWeb());
const kB = (what: string, bytes: number, goal?: number): string =>
  row({ what, value: bytes / 1000, unit: "kB", ...(goal !== undefined && { goal }) });
await write("The web app on its way", [
  "Compressed by brotli at its best, as a server sends it. WASM is counted by itself, wherever it lies. A browser that was here before loads none of this again.",
  "",
  ...head,
  kB("shell: what a page loads before somebody is in", shell, 35),
  kB("styles", styles, 15),
  kB("page: all of its scripts, but for plans, the guide to WeChat and the operator's", scripts),
  kB("page: what it loads to get in, read and search, without pages that somebody has yet to open", reading),
  kB("worker: what it loads at its start", worker),
  kB("the two above: to get in, read and search a history", reading + worker),
  kB(
    "whole app: all scripts of the page, but for plans, the guide to WeChat and the operator's, and the worker",
    scripts + worker,
    120,
  ),
  kB("what the worker loads when it is used: formats, writing, decoders, databases, words", later),
  kB("WASM of all kinds", wasm),
]);
if (!values.sizes) await measureInBrowser(Number(values.messages), Number(values.peers));

async function measureInBrowser(messages: number, peers: number): Promise<void> {
  const many = (count: number): string => count.toLocaleString("en");
  const life = async (count: number, imported?: number): Promise<[Life, readonly Figure[]]> => {
    await using server = await served(cache, count);
    await using browser = await watchedBrowser();
    const figures = await measureLife(browser, server);
    const more = imported === undefined ? [] : await measureImport(browser, server, await exportOf(imported));
    return [figures, more];
  };
  const [long, imports] = await life(messages, IMPORTED);
  await write("The web app in a browser", [
    `A history of ${many(messages)} messages in one chat, read in Chromium, which runs on the same machine as the server. What is waited for begins with a click and ends when the page has drawn it. Medians of five runs, of six jumps, of 35 searches. Texts that are open for searching lie outside of what Chromium counts as the memory of scripts: by reckoning, some 60 MB with their filters.`,
    "",
    ...head,
    ...[...figuresOf(long), ...imports].map(row),
  ]);
  const [own] = await life(peers);
  await using browser = await watchedBrowser();
  const { page: onePage, index } = await measurePeers(browser, peers);
  const line = (what: string, ...cells: readonly string[]): string => `| ${[what, ...cells].join(" | ")} |`;
  const yesOr = (isSo: boolean): string => (isSo ? "yes" : "no");
  await write("The web app beside what people use", [
    `The same ${many(peers)} messages as one HTML page, and as an index of SQLite (FTS5 with trigrams, in WebAssembly). The app reads and opens what is sealed; the others have it as it is.`,
    "",
    "| | web app | one page | FTS5 |",
    "|---|---|---|---|",
    line(
      "until something can be read or asked, s",
      ...[own.freshMs / 1000, onePage.readyS, index.readyS].map(short),
    ),
    line("CPU until all of it can be searched, s", ...[own.warm.cpuS, onePage.cpuS, index.cpuS].map(short)),
    line("a search, median, ms", ...[median(own.searchesMs), onePage.searchMs, index.searchMs].map(short)),
    line("finds two characters of Chinese", ...[true, onePage.findsTwo, index.findsTwo].map(yesOr)),
    line("memory of the process, MB", ...[own.residentMB, onePage.residentMB, index.residentMB].map(short)),
  ]);
}

/** A Telegram export of so many messages, made once. */
async function exportOf(messages: number): Promise<{ readonly path: string; readonly messages: number }> {
  const folder = join(cache, `telegram-${messages}`);
  const path = join(folder, "result.json");
  if (!existsSync(path)) {
    await mkdir(folder, { recursive: true });
    const target = await folderTarget(folder);
    const options = { primitives: nodePrimitives, now: 0 };
    await telegram.write!(madeHistory({ seed: "web bench", messages }), target, options);
  }
  return { path, messages };
}
