import { cpus, totalmem } from "node:os";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { benchData } from "./data.ts";
import { folderBytes, hasCommand, measure, median, type Measured } from "./measure.ts";
import { borg, keepsake, restic, type Tool } from "./tools.ts";

/*
 * npm run bench: the same invented history, backed up by Keepsake and by its peers, in turn, in one run. What counts
 * are the ratios: seconds differ from machine to machine and from hour to hour.
 */

/** Is in no message, so that all of them are looked through. */
const ABSENT = "zzqxzz";

const steps = ["first", "unchanged", "day more", "restore", "search"] as const;
type Step = (typeof steps)[number];

interface Result {
  readonly runs: Record<Step, Measured[]>;
  readonly bytes: Record<"first" | "day more" | "text alone", number[]>;
}

const { values } = parseArgs({
  options: {
    messages: { type: "string", default: "1000000" },
    "attachment-bytes": { type: "string", default: "1500000000" },
    "one-file-in": { type: "string", default: "27" },
    runs: { type: "string", default: "3" },
    write: { type: "boolean", default: false },
    cache: { type: "string", default: fileURLToPath(new URL("../.cache/bench", import.meta.url)) },
  },
});

/** The launcher, as a person starts it. */
const cli = [fileURLToPath(new URL("../keepsake", import.meta.url))];
await mkdir(values.cache, { recursive: true });
const data = await benchData(values.cache, {
  messages: Number(values.messages),
  attachmentBytes: Number(values["attachment-bytes"]),
  oneFileIn: Number(values["one-file-in"]),
});
const root = `${values.cache}/work`;
await rm(root, { recursive: true, force: true });
await mkdir(root, { recursive: true });
const tools: Tool[] = [keepsake(root, cli)];
for (const [name, make] of [
  ["restic", restic],
  ["borg", borg],
] as const) {
  if (await hasCommand(name)) tools.push(make(root));
  else console.error(`${name} is not installed: not measured`);
}
const results = new Map<string, Result>();
for (let run = 0; run < Number(values.runs); run++) for (const tool of tools) await life(tool);
const report = render();
console.log(report);
if (values.write) await writeFile(new URL("../docs/BENCHMARKS.md", import.meta.url), report);
await rm(root, { recursive: true, force: true });

/** One life of a repository: the first backup, nothing new, a day more, a restore, a search. */
async function life(tool: Tool): Promise<void> {
  const result = results.get(tool.name) ?? newResult();
  results.set(tool.name, result);
  await tool.clean();
  await measure(tool.init, tool.env);
  const source = `${root}/source`;
  await swap(source, data.day1);
  result.runs.first.push(await measure(tool.backup(source), tool.env));
  const before = await folderBytes(tool.repository);
  result.bytes.first.push(before);
  result.runs.unchanged.push(await measure(tool.backup(source), tool.env));
  await swap(source, data.day2);
  result.runs["day more"].push(await measure(tool.backup(source), tool.env));
  result.bytes["day more"].push((await folderBytes(tool.repository)) - before);
  const target = `${root}/restored`;
  result.runs.restore.push(await measure(tool.restore(target), tool.env));
  await rm(target, { recursive: true, force: true });
  if (tool.search !== undefined) result.runs.search.push(await measure(tool.search(ABSENT), tool.env));
  await tool.clean();
  await swap(source, data.text);
  await measure(tool.init, tool.env);
  await measure(tool.backup(source), tool.env);
  result.bytes["text alone"].push(await folderBytes(tool.repository));
  await tool.clean();
}

/** The source stands under one name on both days. */
async function swap(source: string, day: string): Promise<void> {
  await rm(source, { recursive: true, force: true });
  await measure(["cp", "-al", day, source], {});
}

function newResult(): Result {
  return {
    runs: { first: [], unchanged: [], "day more": [], restore: [], search: [] },
    bytes: { first: [], "day more": [], "text alone": [] },
  };
}

function render(): string {
  const lines = [
    "# Benchmarks",
    "",
    `Command: \`npm run bench -- --messages ${values.messages} --attachment-bytes ${values["attachment-bytes"]} --one-file-in ${values["one-file-in"]} --runs ${values.runs}\``,
    `Date: ${new Date().toISOString().slice(0, 10)}. Machine: ${cpus().length} cores (${cpus()[0]?.model ?? "unknown"}), ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}.`,
    "",
    "The files are those of a Telegram export of an invented history, with attachments; a day more is 2,000 messages. The search is for a text that no message holds. Median of the runs, in brackets the least and the greatest; ratio: Keepsake's median by the peer's.",
    "",
    `| | ${[...results.keys()].join(" | ")} | ${[...results.keys()]
      .slice(1)
      .map((name) => `ratio to ${name}`)
      .join(" | ")} |`,
    `|---|${"---|".repeat(2 * results.size - 1)}`,
  ];
  for (const step of steps) {
    lines.push(row(`${step}, wall s`, (result) => result.runs[step].map(({ wallS }) => wallS)));
    lines.push(row(`${step}, CPU s`, (result) => result.runs[step].flatMap(({ cpuS }) => cpuS ?? [])));
    lines.push(row(`${step}, peak MB`, (result) => result.runs[step].flatMap(({ peakMB }) => peakMB ?? [])));
  }
  lines.push(row("stored after the first, MB", (result) => result.bytes.first.map((bytes) => bytes / 1e6)));
  lines.push(
    row("stored of the text alone, MB", (result) => result.bytes["text alone"].map((bytes) => bytes / 1e6)),
  );
  lines.push(
    row("added by a day more, MB", (result) => result.bytes["day more"].map((bytes) => bytes / 1e6)),
  );
  return `${lines.join("\n")}\n`;
}

function row(title: string, valuesOf: (result: Result) => readonly number[]): string {
  const medians = [...results.values()].map((result) => median(valuesOf(result)));
  const cells = [...results.values()].map((result) => {
    const all = valuesOf(result);
    return `${short(median(all))} (${short(Math.min(...all))}–${short(Math.max(...all))})`;
  });
  const ratios = medians.slice(1).map((peer) => short(medians[0]! / peer));
  return `| ${title} | ${[...cells, ...ratios].join(" | ")} |`;
}

/** Nothing measured gives no number. */
function short(value: number): string {
  return Number.isFinite(value) ? value.toFixed(value < 10 ? 2 : 1) : "–";
}
