import { parseArgs } from "node:util";
import { builtWeb } from "../../tools/web/built.ts";
import { webSizes } from "../../tools/web/sizes.ts";
import { headOf, writeSection } from "../report.ts";

/*
 * npm run bench:web: what the web app takes on the way, compressed by brotli, beside its budgets. --write puts it into
 * docs/BENCHMARKS.md.
 */

const given = process.argv.slice(2);
const { values } = parseArgs({ args: given, options: { write: { type: "boolean", default: false } } });
const { shell, styles, page, worker, later, wasm } = await webSizes(await builtWeb());

const kB = (bytes: number): string => (bytes / 1000).toFixed(1);
const row = (what: string, bytes: number, goal?: number): string =>
  `| ${what} | ${goal === undefined ? "–" : goal} | ${kB(bytes)} | ${goal === undefined ? "–" : bytes <= goal * 1000 ? "met" : "not met"} |`;

const report = [
  ...headOf(given, "bench:web"),
  "",
  "Compressed by brotli at its best, as a server sends it. WASM is counted by itself, wherever it lies. A browser that was here before loads none of this again.",
  "",
  "| part | goal, kB | kB | |",
  "|---|---|---|---|",
  row("shell: what a page loads before somebody is in", shell, 35),
  row("styles", styles, 15),
  row("page: all of its scripts", page),
  row("worker: what it loads at its start", worker),
  row("whole app: page and worker, to read and search a history", page + worker, 120),
  row("what the worker loads when it is used: formats, writing, decoders, databases, words", later),
  row("WASM of all kinds", wasm),
];
console.log(report.join("\n"));
if (values.write)
  writeSection(new URL("../../docs/BENCHMARKS.md", import.meta.url), "The web app on its way", report);
