import { readdir, readFile, stat } from "node:fs/promises";
import { dirname, join, resolve, sep } from "node:path";
import { KeepsakeError } from "@keepsake/core/base";
import type { Config } from "../config.ts";
import { dayOf, isDay, isDayKey } from "../keys/day-keys.ts";
import { DATABASE } from "./backup.ts";
import { bad, good, type Told } from "./told.ts";

const DAY_MS = 24 * 60 * 60_000;
/** A server that runs makes a key each day, and destroys one. */
const SLACK_DAYS = 2;

/** Looks at the folder of day keys: whether it is there, of today, for its owner alone, and in no copy of the database. */
export async function lookAtDayKeys(config: Config, nowMs: number = Date.now()): Promise<Told> {
  const { dayKeys: folder } = config;
  if (await isInCopy(config))
    return bad(
      `The folder of day keys lies in a copy of the server: what members forgot could be opened from it. Move it out, and set KEEPSAKE_DAY_KEYS: ${folder}`,
      `日密钥文件夹位于服务器副本之中，成员遗忘的内容因此可能被打开。请移出并设置 KEEPSAKE_DAY_KEYS：${folder}`,
    );
  const found = await stat(folder).catch(() => undefined);
  if (found === undefined) return await missing(config);
  if ((found.mode & 0o077) !== 0)
    return bad(
      `Others than the owner may read the folder of day keys. Run: chmod 700 ${folder}`,
      `日密钥文件夹可被其他用户读取。请运行：chmod 700 ${folder}`,
    );
  return lookAtDays(config, nowMs);
}

async function missing({ dayKeys, secretsFile }: Config): Promise<Told> {
  const hasServed = (await stat(secretsFile).catch(() => undefined)) !== undefined;
  return hasServed
    ? bad(
        `The folder of day keys is not there: vaults do not open from this server. Bring it back from its own copy: ${dayKeys}`,
        `日密钥文件夹不存在，无法从本服务器打开保险库。请用它单独的副本恢复：${dayKeys}`,
      )
    : good(
        "There is no folder of day keys yet: the first start makes it.",
        "还没有日密钥文件夹，首次启动时会生成。",
      );
}

async function lookAtDays({ dayKeys: folder, backupDays }: Config, nowMs: number): Promise<Told> {
  const days = (await readdir(folder)).filter(isDay).sort();
  for (const day of days)
    if (!isDayKey(await readFile(join(folder, day), "utf8")))
      return bad(
        `This file is no day key any more: ${join(folder, day)}`,
        `此文件已不是日密钥：${join(folder, day)}`,
      );
  const [oldest, newest] = [days[0], days.at(-1)];
  if (newest === undefined || newest < dayOf(nowMs - SLACK_DAYS * DAY_MS))
    return bad(
      "The newest day key is days old. Is a server running, with this folder?",
      "最新的日密钥已是几天以前的。服务器是否在运行并使用此文件夹？",
    );
  if (days.length > backupDays + SLACK_DAYS && oldest! < dayOf(nowMs - (backupDays + SLACK_DAYS) * DAY_MS))
    return bad(
      "Day keys that should be gone are still there. Look for the event tokens-renewed in the log: it says how many tokens were lost.",
      "应已销毁的日密钥仍在。请在日志中查看 tokens-renewed 事件，其中有丢失的令牌数。",
    );
  return good(
    `Day keys are there, of ${days.length} days. Copy their folder by itself, and keep no older state of it: ${folder}`,
    `日密钥齐全，共 ${days.length} 天。请单独复制该文件夹，且不要保留它的旧状态：${folder}`,
  );
}

/** Whether the folder lies below a database that is not the server's own. */
async function isInCopy({ dayKeys, data }: Config): Promise<boolean> {
  for (let folder = resolve(dayKeys); ; folder = dirname(folder)) {
    const isThere = (await stat(join(folder, DATABASE)).catch(() => undefined)) !== undefined;
    if (isThere && folder !== resolve(data)) return true;
    if (dirname(folder) === folder) return false;
  }
}

/** Throws `server.keys-in-backup` where a copy would hold the day keys. */
export async function requireApart({ dayKeys }: Config, to: string): Promise<void> {
  const [keys, copy] = [resolve(dayKeys), resolve(to)];
  const within = (inner: string, outer: string): boolean => inner === outer || inner.startsWith(outer + sep);
  const held = (await readdir(join(to, "day-keys")).catch(() => [])).some(isDay);
  if (held || within(keys, copy) || within(copy, keys)) throw new KeepsakeError("server.keys-in-backup");
}

/** What is said after a backup: what is not in it, and how that is copied. */
export function saysApart({ secretsFile, dayKeys, backupDays }: Config): {
  readonly en: string;
  readonly zh: string;
} {
  const [secrets, keys] = [resolve(secretsFile), resolve(dayKeys)];
  return {
    en: `Not in the copy, on purpose:
  ${secrets}  the secrets: copy them once, to another place
  ${keys}  the day keys: copy them every day to a third place that keeps no older state,
    such as: rsync -a --delete ${keys}/ OTHER/
Keep no copy of the database for longer than ${backupDays} days (KEEPSAKE_BACKUP_DAYS): older ones open no vault.
`,
    zh: `副本中有意不包含：
  ${secrets}  服务器密钥：请另存一份到别处
  ${keys}  日密钥：请每天复制到不保留旧状态的第三处，
    例如：rsync -a --delete ${keys}/ 目标/
数据库副本的保留时间不要超过 ${backupDays} 天（KEEPSAKE_BACKUP_DAYS）：更旧的副本打不开保险库。
`,
  };
}
