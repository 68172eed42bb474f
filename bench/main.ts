import { mkdir, rm } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { hasCommand } from "./measure.ts";
import { headOf, writeSection } from "./report.ts";
import { telegramBench, telegramTitle } from "./telegram.ts";
import { borg, keepsake, restic, type Tool } from "./tools.ts";
import { ownName, weChatBench, weChatTitle } from "./wechat.ts";

/*
 * npm run bench: the same invented history, backed up by Keepsake and by its peers, in turn, in one run. What counts
 * are the ratios: seconds differ from machine to machine and from hour to hour. With --wechat it is an imagined
 * phone's Apple backup, else a Telegram export. --write puts what came of it into docs/BENCHMARKS.md.
 */

const { values } = parseArgs({
  options: {
    wechat: { type: "boolean", default: false },
    messages: { type: "string", default: "1000000" },
    "attachment-bytes": { type: "string", default: "1500000000" },
    "one-file-in": { type: "string", default: "27" },
    files: { type: "string", default: "6300" },
    runs: { type: "string", default: "3" },
    write: { type: "boolean", default: false },
    cache: { type: "string", default: fileURLToPath(new URL("../.cache/bench", import.meta.url)) },
  },
});

/** The launcher, as a person starts it. */
const cli = [fileURLToPath(new URL("../keepsake", import.meta.url))];
const page = new URL("../docs/BENCHMARKS.md", import.meta.url);
const { cache, wechat } = values;
const messages = Number(values.messages);
const attachmentBytes = Number(values["attachment-bytes"]);
const [files, oneFileIn] = [Number(values.files), Number(values["one-file-in"])];
const runs = Number(values.runs);
const root = `${cache}/work`;
await rm(root, { recursive: true, force: true });
await mkdir(root, { recursive: true });
const common = { messages, attachmentBytes, cache, root, runs };
const tools = await installed(wechat ? ["--me", ownName({ seed: "bench 1", messages })] : []);
const lines = wechat
  ? await weChatBench(tools, { ...common, files })
  : await telegramBench(tools, { ...common, oneFileIn });
const given = [
  ...(wechat ? ["--wechat"] : []),
  `--messages ${messages} --attachment-bytes ${attachmentBytes}`,
  wechat ? `--files ${files}` : `--one-file-in ${oneFileIn}`,
  `--runs ${runs}`,
];
const report = [...headOf(given), ...lines];
console.log(report.join("\n"));
if (values.write) await writeSection(page, wechat ? weChatTitle : telegramTitle, report);
await rm(root, { recursive: true, force: true });

/** Keepsake, and the peers that are there. */
async function installed(whose: readonly string[]): Promise<Tool[]> {
  const found: Tool[] = [keepsake(root, cli, whose)];
  for (const [name, make] of [
    ["restic", restic],
    ["borg", borg],
  ] as const) {
    if (await hasCommand(name)) found.push(make(root));
    else console.error(`${name} is not installed: not measured`);
  }
  return found;
}
