import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { wechatIos } from "@keepsake/core/formats";
import { folderSource } from "@keepsake/core/node";
import {
  dayLater,
  imaginePhone,
  readTools,
  writePhone,
  type WeChatOptions,
} from "@keepsake/core/testing/wechat";
import { databasesIn, filesAlone } from "./files-alone.ts";
import { firstChat } from "./first-chat.ts";
import { folderBytes, measure } from "./measure.ts";
import { Findings, short } from "./report.ts";
import { attachmentsAlone, swap, UNCHANGED_RUNS, type Tool } from "./tools.ts";

export const weChatTitle = "WeChat on an iPhone";

export interface WeChatBench {
  readonly messages: number;
  readonly attachmentBytes: number;
  readonly files: number;
  readonly cache: string;
  readonly root: string;
  readonly runs: number;
}

const keepsake = "keepsake";
const restic = "restic";
const firstChatThere = "first chat there after the start of a restore, s";
const rowsFirst = "rows read the first time, CPU s";
const rowsLater = "rows read a day later, CPU s";
const added = "added by a day more, MB";
const addedDatabases = "databases alone: added by a day more, MB";
const storedDatabases = "databases alone: stored after the first, MB";

/** An imagined phone's Apple backup, backed up by all tools in turn. */
export async function weChatBench(tools: readonly Tool[], options: WeChatBench): Promise<string[]> {
  const { messages, attachmentBytes, files, cache, root } = options;
  const about: WeChatOptions = { seed: "bench 1", messages };
  const whole: WeChatOptions = { ...about, mediaBytes: attachmentBytes, mediaFiles: files };
  const name = `${cache}/wechat-3-${messages}`;
  const phone = await made(`${name}-${attachmentBytes}-${files}`, whole);
  const databases = await made(`${name}-databases`, about);
  const findings = new Findings();
  for (let run = 0; run < options.runs; run++) {
    for (const tool of tools) {
      await life(tool, { phone, options: whole, root, findings });
      await shortLife(tool, { phone: databases, options: about, root, findings });
    }
    await readings({ phone: databases, options: about, root, findings });
  }
  return [
    "The files are those of an Apple backup of an imagined iPhone with WeChat, in plain; a day more is 2,000 messages, 30 withdrawn and 20 deleted ones, and 60 files of 9.18 MB. The databases alone are the same phone without pictures, voices, videos and files; among them is the search index that WeChat keeps on a phone, which the peers store and Keepsake does not, since WeChat makes it from the messages. Nothing new is asked for three times in each run. The attachments alone are what comes after the text in a restore with `--text-first`, and of the peers a restore of all but the databases. The first chat is there when all of its text stands in the restored file. Median of the runs, in brackets the least and the greatest; ratio: Keepsake's median by the peer's.",
    "",
    ...findings.table(),
    "",
    ...targets(findings),
  ];
}

/** Made once, kept in the cache. */
async function made(path: string, options: WeChatOptions): Promise<string> {
  if (existsSync(path)) return path;
  const unfinished = `${path}.unfinished`;
  await rm(unfinished, { recursive: true, force: true });
  writePhone(unfinished, options);
  await rename(unfinished, path);
  return path;
}

interface Life {
  readonly phone: string;
  readonly options: WeChatOptions;
  readonly root: string;
  readonly findings: Findings;
}

/** The first backup, nothing new, a day more, a restore. */
async function life(tool: Tool, { phone, options, root, findings }: Life): Promise<void> {
  const { name, env } = tool;
  const [source, target] = [`${root}/source`, `${root}/restored`];
  const note = async (step: string, command: readonly string[]): Promise<void> =>
    findings.addRun(name, step, await measure(command, env));
  await begin(tool, phone, source);
  await note("first", tool.backup(source));
  const first = await folderBytes(tool.repository);
  for (let again = 0; again < UNCHANGED_RUNS; again++) await note("unchanged", tool.backup(source));
  dayLater(source, options);
  await note("day more", tool.backup(source));
  const later = await folderBytes(tool.repository);
  await note("restore", tool.restore(target));
  await rm(target, { recursive: true, force: true });
  findings.add(name, attachmentsAlone, await filesAlone(tool, target, await databasesIn(source)));
  await rm(target, { recursive: true, force: true });
  if (tool.restoreText !== undefined)
    findings.add(name, firstChatThere, await firstChat(tool.restoreText(target), env, target));
  await rm(target, { recursive: true, force: true });
  findings.add(name, "stored after the first, MB", first / 1e6);
  findings.add(name, added, (later - first) / 1e6);
  await tool.clean();
}

/** What the databases alone take. */
async function shortLife(tool: Tool, { phone, options, root, findings }: Life): Promise<void> {
  const { name, env } = tool;
  const source = `${root}/source`;
  await begin(tool, phone, source);
  await measure(tool.backup(source), env);
  const first = await folderBytes(tool.repository);
  dayLater(source, options);
  await measure(tool.backup(source), env);
  findings.add(name, storedDatabases, first / 1e6);
  findings.add(name, addedDatabases, ((await folderBytes(tool.repository)) - first) / 1e6);
  await tool.clean();
}

async function begin(tool: Tool, phone: string, source: string): Promise<void> {
  await tool.clean();
  await measure(tool.init, tool.env);
  await swap(source, phone);
}

/** How long the reader alone takes, the first time and with the memory of it. */
async function readings({ phone, options, root, findings }: Life): Promise<void> {
  const source = `${root}/source`;
  await swap(source, phone);
  const first = await readAll(source, options, undefined);
  dayLater(source, options);
  const later = await readAll(source, options, first.memo);
  findings.add(keepsake, rowsFirst, first.cpuS);
  findings.add(keepsake, rowsLater, later.cpuS);
}

async function readAll(
  folder: string,
  options: WeChatOptions,
  before: string | undefined,
): Promise<{ readonly cpuS: number; readonly memo: string | undefined }> {
  const source = await folderSource(folder);
  let memo: string | undefined;
  const remembered = {
    before,
    keep: (text: string) => void (memo = text),
    sha256Text: (text: string) => createHash("sha256").update(text).digest("hex"),
  };
  const start = process.cpuUsage();
  const own = ownName(options);
  for await (const _ of wechatIos.readMany!(source, { own, tools: readTools(), memory: remembered }));
  const { user, system } = process.cpuUsage(start);
  return { cpuS: (user + system) / 1e6, memo };
}

/** Whose account is read: there is nobody to ask. */
export function ownName(options: WeChatOptions): string {
  return imaginePhone({ ...options, messages: 1 })[0]!.own.value;
}

/** What is aimed at, and what came of it. */
function targets(findings: Findings): string[] {
  const own = (what: string): number => findings.median(keepsake, what);
  const ratio = (what: string): number => own(what) / findings.median(restic, what);
  const rows: readonly (readonly [what: string, most: number, measured: number])[] = [
    ["first backup, wall, of restic's", 1, ratio("first, wall s")],
    ["first backup, peak MB", 300, own("first, peak MB")],
    ["nothing new, wall, of restic's", 0.25, ratio("unchanged, wall s")],
    ["a day more: bytes, of restic's", 0.042, ratio(added)],
    ["a day more: bytes of the databases alone, of restic's", 0.003, ratio(addedDatabases)],
    ["a day more: bytes of the databases alone, MB", 1, own(addedDatabases)],
    ["a day more: reading rows, CPU, of the first time's", 0.25, own(rowsLater) / own(rowsFirst)],
    ["stored of the databases alone, of restic's", 0.4, ratio(storedDatabases)],
    ["restore of all attachments, wall, of restic's", 1, ratio(attachmentsAlone)],
    [firstChatThere, 2, own(firstChatThere)],
  ];
  return [
    "| target | at most | measured | |",
    "|---|---|---|---|",
    ...rows.map(([what, most, measured]) => {
      const verdict = Number.isNaN(measured) ? "–" : measured <= most ? "met" : "not met";
      return `| ${what} | ${most} | ${short(measured)} | ${verdict} |`;
    }),
  ];
}
