import { rm } from "node:fs/promises";
import { benchData, type DataOptions } from "./data.ts";
import { filesAlone } from "./files-alone.ts";
import { folderBytes, measure } from "./measure.ts";
import { Findings } from "./report.ts";
import { attachmentsAlone, swap, UNCHANGED_RUNS, type Tool } from "./tools.ts";

/** Is in no message, so that all of them are looked through. */
const ABSENT = "zzqxzz";

export const telegramTitle = "A Telegram export";

export interface BenchOptions extends DataOptions {
  readonly cache: string;
  readonly root: string;
  readonly runs: number;
}

/** The same invented history as a Telegram export, backed up by all tools in turn. */
export async function telegramBench(tools: readonly Tool[], options: BenchOptions): Promise<string[]> {
  const data = await benchData(options.cache, options);
  const findings = new Findings();
  for (let run = 0; run < options.runs; run++)
    for (const tool of tools) await life(tool, data, { root: options.root, findings });
  return [
    "The files are those of a Telegram export of an invented history, with attachments; a day more is 2,000 messages. The search is for a text that no message holds. Nothing new is asked for three times in each run. The attachments alone are what comes after the text in a restore with `--text-first`, and of the peers a restore of all but the text. Median of the runs, in brackets the least and the greatest; ratio: Keepsake's median by the peer's.",
    "",
    ...findings.table(),
  ];
}

/** One life of a repository: the first backup, nothing new, a day more, a restore, a search. */
async function life(
  tool: Tool,
  data: Awaited<ReturnType<typeof benchData>>,
  { root, findings }: { readonly root: string; readonly findings: Findings },
): Promise<void> {
  const { name, env } = tool;
  const note = async (step: string, command: readonly string[]): Promise<void> =>
    findings.addRun(name, step, await measure(command, env));
  await tool.clean();
  await measure(tool.init, env);
  const source = `${root}/source`;
  await swap(source, data.day1);
  await note("first", tool.backup(source));
  const before = await folderBytes(tool.repository);
  for (let again = 0; again < UNCHANGED_RUNS; again++) await note("unchanged", tool.backup(source));
  await swap(source, data.day2);
  await note("day more", tool.backup(source));
  const after = await folderBytes(tool.repository);
  const target = `${root}/restored`;
  await note("restore", tool.restore(target));
  await rm(target, { recursive: true, force: true });
  findings.add(name, attachmentsAlone, await filesAlone(tool, target, ["result.json"]));
  await rm(target, { recursive: true, force: true });
  if (tool.search !== undefined) await note("search", tool.search(ABSENT));
  await tool.clean();
  await swap(source, data.text);
  await measure(tool.init, env);
  await measure(tool.backup(source), env);
  findings.add(name, "stored after the first, MB", before / 1e6);
  findings.add(name, "stored of the text alone, MB", (await folderBytes(tool.repository)) / 1e6);
  findings.add(name, "added by a day more, MB", (after - before) / 1e6);
  await tool.clean();
}
