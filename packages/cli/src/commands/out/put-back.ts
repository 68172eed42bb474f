import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { KeepsakeError } from "@keepsake/core/base";
import {
  compareFolder,
  diskName,
  readFolders,
  restoreFolder,
  RowReader,
  summaryOfFolder,
  type History,
} from "@keepsake/core/history";
import { keptTarget, keptThere } from "@keepsake/core/node";
import type { Context } from "../../context.ts";
import { openHistory } from "../../device/open.ts";
import { usageError } from "../../input.ts";
import type { Outcome } from "../../ui/output.ts";
import * as words from "../../ui/messages/folders.ts";
import { countText, sizeText } from "../../ui/values.ts";
import { historyAsked } from "./selection.ts";

type KeptFolders = Awaited<ReturnType<typeof readFolders>>;

/** One kept folder, put back right where it was asked for. */
export async function putFolderBack(context: Context, name: string): Promise<Outcome> {
  const { input } = context;
  const [target] = input.args;
  if (target === undefined || target === "") throw usageError("folder", "missing-argument");
  const history = await historyAsked(context, (await openHistory(context)).history);
  const folder = await folderNamed(history, name);
  if (input.flag("dryRun")) return { data: { dryRun: true, ...summaryOfFolder(folder.entries) } };
  const names = await readdir(target).catch(() => []);
  if (names.some((each) => !each.startsWith("."))) throw new KeepsakeError("format.target-exists");
  const isWhole = await putBack(context, history, folder, target);
  return isWhole ? { data: { ...summaryOfFolder(folder.entries) } } : { code: "cli.partly" };
}

/** All kept folders, in folders named after them below `folders` of a target; whether all of them are whole. */
export async function putFoldersBeside(context: Context, history: History, target: string): Promise<boolean> {
  let isWhole = true;
  const taken = new Set<string>();
  for (const folder of await readFolders(new RowReader(history))) {
    const path = join(target, "folders", freeName(folder.source.name, taken));
    if (!(await putBack(context, history, folder, path))) isWhole = false;
  }
  return isWhole;
}

/** The kept folder of that name. Throws `cli.no-folder`. */
export async function folderNamed(history: History, name: string): Promise<KeptFolders[number]> {
  const found = (await readFolders(new RowReader(history))).filter(({ source }) => source.name === name);
  if (found.length !== 1) throw new KeepsakeError("cli.no-folder", { details: { found: found.length } });
  return found[0]!;
}

async function putBack(
  { output, signal, primitives }: Context,
  history: History,
  folder: KeptFolders[number],
  target: string,
): Promise<boolean> {
  const options = { signal, report: output.report };
  const failed = await restoreFolder(history, folder, await keptTarget(target), options);
  const missing = new Set(failed.map(({ path }) => path));
  const written = new Map([...folder.entries].filter(([path]) => !missing.has(path)));
  const differences = await compareFolder(written, await keptThere(target), primitives, options);
  const { files, bytes } = summaryOfFolder(folder.entries);
  const { name, format } = folder.source;
  output.event("folder", { name, format, files, bytes, failed, differences });
  output.say(words.putBack, { name, files: countText(files), size: sizeText(bytes), place: target });
  const counts = new Map<keyof typeof words.differs, number>();
  for (const { what } of differences) counts.set(what, (counts.get(what) ?? 0) + 1);
  if (failed.length > 0) counts.set("unreadable", failed.length);
  if (counts.size === 0) output.say(words.compared);
  for (const [what, n] of counts) output.warn(words.differs[what], { n: countText(n) });
  if (format === "wechat-official" && counts.size === 0) output.say(words.wechatNext);
  return [...counts.keys()].every((what) => what === "time");
}

/** A name that any disk takes and that no folder beside it has: some disks do not tell `a` from `A`. */
function freeName(name: string, taken: Set<string>): string {
  const plain = diskName(name);
  let free = plain;
  for (let i = 2; taken.has(free.toLowerCase()); i++) free = `${plain} (${i})`;
  taken.add(free.toLowerCase());
  return free;
}
