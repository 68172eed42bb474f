import { resolve } from "node:path";
import { parseConfig, parseTargetConfig, type Config } from "../../config.ts";
import { printLog } from "../../log.ts";
import { moveServer, type MoveEvent } from "../move/move.ts";
import { read, usage, type Given } from "./given.ts";

/** How often it is told how far a move is. */
const TELL_MS = 1000;

/** `move [--without-missing]`: from where the settings say to where those of KEEPSAKE_TO_ say. */
export async function moveVerb({ words, environment, isChinese, say }: Given): Promise<void> {
  const { positionals, values } = read(words, { "without-missing": "flag" });
  if (positionals.length > 0) throw usage();
  const [from, to] = [parseConfig(environment), parseTargetConfig(environment)];
  const withoutMissing = values["without-missing"] === true;
  const moved = await moveServer(from, to, { withoutMissing, tell: tellNow() });
  printLog({ event: "moved", ...moved });
  const { intro, end } = isChinese ? zh : en;
  say(intro);
  for (const line of settingsToChange(from, to)) say(`  ${line}`);
  say(end);
}

const en = {
  intro: "Everything is there, and was read back. Set this, then start the server:",
  end: "The source was not changed. Keep it until the server has run well for a while, and never start it again beside the new one.",
};
const zh = {
  intro: "全部内容已迁移并读回校验。请修改以下设置，然后启动服务器：",
  end: "来源没有改变。请保留到新服务器稳定运行一段时间；切勿让两者同时运行。",
};

/** Settings by name; secret ones are not shown. */
function settingsToChange(from: Config, to: Config): string[] {
  const lines = [`KEEPSAKE_DATA=${resolve(to.data)}`, `KEEPSAKE_SECRETS_FILE=${resolve(from.secretsFile)}`];
  lines.push(to.postgres === "" ? "KEEPSAKE_POSTGRES=" : "KEEPSAKE_POSTGRES=$KEEPSAKE_TO_POSTGRES");
  lines.push(`KEEPSAKE_OBJECTS=${to.objects}`);
  if (to.objects !== "") lines.push("KEEPSAKE_S3_ACCESS_KEY_ID=...", "KEEPSAKE_S3_SECRET_ACCESS_KEY=...");
  lines.push(`KEEPSAKE_DAY_KEYS=${resolve(to.dayKeys)}`);
  if (from.guard.fence !== "") lines.push(`KEEPSAKE_GUARD_FENCE=${resolve(from.guard.fence)}`);
  return lines;
}

/** Tells how far it is, once in a while; rows come a table at a time, and are all told. */
function tellNow(): (event: MoveEvent) => void {
  let lastMs = Number.NEGATIVE_INFINITY;
  return (event) => {
    if (event.event === "moving-objects" && performance.now() - lastMs < TELL_MS) return;
    lastMs = performance.now();
    printLog({ ...event });
  };
}
