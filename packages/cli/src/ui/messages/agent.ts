import type { Words } from "../language.ts";

export const added: Words = { en: "Watching now: {name}", zh: "已开始监视：{name}" };
export const notYetThere: Words = {
  en: "There is nothing at that place yet; it is watched all the same.",
  zh: "该位置现在还没有内容，仍会监视。",
};
export const nextInstall: Words = {
  en: "The agent does not run yet. Next: keepsake agent install",
  zh: "后台服务尚未运行。下一步：keepsake agent install",
};
export const noneKnown: Words = {
  en: "None of the known places of Apple's and WeChat's own backups is on this machine.",
  zh: "本机上没有苹果或微信备份的已知位置。",
};
export const knownPlace: Words = { en: "{format}: {path}", zh: "{format}：{path}" };
export const alreadyWatched: Words = { en: "  watched already", zh: "  已在监视" };
export const watchIt: Words = { en: "Watch it as {name}?", zh: "以“{name}”的名称监视吗？" };
export const removed: Words = {
  en: "No longer watched: {name}. What the vault holds of it stays.",
  zh: "不再监视：{name}。保险库中已有的内容不变。",
};
export const nothingWatched: Words = {
  en: "Nothing is watched yet. Begin with: keepsake agent add FOLDER, or keepsake agent add --known",
  zh: "尚未监视任何来源。请用 keepsake agent add 文件夹，或 keepsake agent add --known",
};
export const unknownKey: Words = {
  en: "The configuration has a key that means nothing: {where}",
  zh: "配置中有一个无意义的项：{where}",
};
export const listColumns: Readonly<Record<"name" | "path" | "format" | "me" | "password", Words>> = {
  name: { en: "Name", zh: "名称" },
  path: { en: "Place", zh: "位置" },
  format: { en: "Format", zh: "格式" },
  me: { en: "Account", zh: "账号" },
  password: { en: "Password file", zh: "密码文件" },
};
export const installed: Words = {
  en: "The agent runs, and starts again at each login. `keepsake status` shows how it stands.",
  zh: "后台服务已运行，每次登录都会启动。用 `keepsake status` 查看状态。",
};
export const noScheduler: Words = {
  en: "For this system there is nothing to install. Have `keepsake agent run` started at login, or `keepsake agent run --once` by cron.",
  zh: "此系统没有可安装的服务。请在登录时运行 `keepsake agent run`，或用 cron 定时运行 `keepsake agent run --once`。",
};
export const uninstalled: Words = {
  en: "The agent is stopped and starts no more. The vault and the configuration stay.",
  zh: "后台服务已停止，不再启动。保险库和配置保持不变。",
};
export const pausedNow: Words = { en: "Paused.", zh: "已暂停。" };
export const pausedUntil: Words = { en: "Paused until {time}.", zh: "已暂停，至 {time}。" };
export const resumed: Words = { en: "Going on.", zh: "已继续。" };

export const watching: Words = {
  en: "Watching {n} sources. Ctrl-C stops.",
  zh: "正在监视 {n} 个来源，按 Ctrl-C 停止。",
};
export const reminder: Words = {
  en: "No new backup for {days} days: {names}. Connect the phone and back it up once.",
  zh: "已有 {days} 天没有新的备份：{names}。请连接手机并备份一次。",
};
export const news: Words = {
  en: "{server}: {what}. If that was not you: keepsake events {server}",
  zh: "{server}：{what}。若非本人操作，请运行 keepsake events {server}",
};
export const title: Words = { en: "Keepsake", zh: "念存" };
export const nothingDue: Words = { en: "There was nothing to do.", zh: "没有需要做的事。" };

/** What a round does, as a line says it. */
export const works: Readonly<Record<"backup" | "check" | "rehearse" | "remind" | "news", Words>> = {
  backup: { en: "backup", zh: "备份" },
  check: { en: "read again", zh: "回读核对" },
  rehearse: { en: "rehearsal", zh: "演练恢复" },
  remind: { en: "reminder", zh: "提醒" },
  news: { en: "news", zh: "服务器动态" },
};
export const began: Readonly<Record<"backup" | "check" | "rehearse", Words>> = {
  backup: { en: "Backing up {source} …", zh: "正在备份 {source}……" },
  check: { en: "Reading a share of the vault again …", zh: "正在回读核对保险库的一部分……" },
  rehearse: { en: "Rehearsing a restore …", zh: "正在演练恢复……" },
};
export const ended: Words = {
  en: "{time}  {what}: {result}",
  zh: "{time}  {what}：{result}",
};
export const results: Readonly<
  Record<"done" | "added" | "unchanged" | "stopped" | "shrunk" | "reminded" | "told" | "read", Words>
> = {
  done: { en: "done", zh: "完成" },
  added: { en: "done, {added} new of {messages} messages", zh: "完成，{messages} 条消息中新增 {added} 条" },
  unchanged: { en: "nothing had changed", zh: "没有变化" },
  stopped: { en: "stopped; it goes on where it was", zh: "已停止，之后会接着进行" },
  shrunk: { en: "the source shows less than before", zh: "来源比以前少了内容" },
  reminded: { en: "no new backup for long", zh: "很久没有新的备份" },
  told: { en: "you were told; see keepsake events", zh: "已提醒你，请查看 keepsake events" },
  read: { en: "done, {size} read", zh: "完成，读取 {size}" },
};
export const holds: Readonly<Record<"paused" | "hours" | "battery" | "metered", Words>> = {
  paused: { en: "Paused. `keepsake agent resume` goes on.", zh: "已暂停。用 `keepsake agent resume` 继续。" },
  hours: { en: "Waiting for {time}: the hours that are allowed.", zh: "等到允许的时段：{time}。" },
  battery: { en: "Waiting for the power cable.", zh: "等待接通电源。" },
  metered: { en: "Waiting for a connection that is not metered.", zh: "等待非按流量计费的网络。" },
};
export const heldUntil: Words = { en: "Paused until {time}.", zh: "已暂停，至 {time}。" };

export const standings: Readonly<
  Record<"off" | "needs-you" | "running" | "trying" | "overdue" | "empty" | "good", Words>
> = {
  off: {
    en: "○ The agent does not run: nothing is backed up by itself. `keepsake agent install` starts it.",
    zh: "○ 后台服务没有运行，不会自动备份。用 `keepsake agent install` 启动。",
  },
  "needs-you": { en: "! Something needs you: see below.", zh: "！有事情需要你处理，见下。" },
  running: { en: "◐ {what}", zh: "◐ {what}" },
  trying: {
    en: "◌ The last try failed; the next one comes by itself.",
    zh: "◌ 上一次没有成功，会自动重试。",
  },
  overdue: {
    en: "○ There was no new backup for {days} days. Connect the phone and back it up once.",
    zh: "○ 已有 {days} 天没有新的备份。请连接手机并备份一次。",
  },
  empty: {
    en: "○ The agent runs, and nothing is watched yet: keepsake agent add",
    zh: "○ 后台服务在运行，但尚未监视任何来源：keepsake agent add",
  },
  good: { en: "● All is well. The vault is kept up to date.", zh: "● 一切正常，保险库自动保持最新。" },
};
export const pausedMark: Words = { en: "‖ {what}", zh: "‖ {what}" };
export const lastMessage: Words = {
  en: "Last message protected: {time}",
  zh: "最后一条已保护的消息：{time}",
};
export const notKnown: Words = { en: "not known yet", zh: "尚不清楚" };
export const unknownPower: Readonly<Record<"battery" | "metered", Words>> = {
  battery: {
    en: "Whether this machine runs on battery is not known: work goes on.",
    zh: "无法得知本机是否使用电池，工作照常进行。",
  },
  metered: {
    en: "Whether the connection is metered is not known: work goes on.",
    zh: "无法得知网络是否按流量计费，工作照常进行。",
  },
};
export const sourceColumns: Readonly<Record<"source" | "standing" | "last" | "result" | "next", Words>> = {
  source: { en: "Source", zh: "来源" },
  standing: { en: "State", zh: "状态" },
  last: { en: "Last backup", zh: "最近备份" },
  result: { en: "Result", zh: "结果" },
  next: { en: "Next", zh: "下一次" },
};
export const sourceStandings: Readonly<
  Record<"needs-you" | "trying" | "running" | "overdue" | "waiting" | "good", Words>
> = {
  "needs-you": { en: "! needs you", zh: "！需要你处理" },
  trying: { en: "tries again", zh: "将重试" },
  running: { en: "runs now", zh: "进行中" },
  overdue: { en: "no new backup", zh: "很久没有新备份" },
  waiting: { en: "waits for its first", zh: "等待首次备份" },
  good: { en: "good", zh: "正常" },
};
export const onChange: Words = { en: "when it changes", zh: "有变化时" };
export const whenRight: Words = { en: "when you have put it right", zh: "你处理之后" };
export const never: Words = { en: "never", zh: "从未" };
export const copyColumns: Readonly<Record<"copy" | "whole" | "rehearsed" | "state", Words>> = {
  copy: { en: "Copy of the vault", zh: "保险库副本" },
  whole: { en: "Every byte read since", zh: "全部回读起始" },
  rehearsed: { en: "Restore rehearsed", zh: "演练恢复" },
  state: { en: "State", zh: "状态" },
};
export const wholePart: Words = { en: "{read} of {shares} shares", zh: "{shares} 份中的 {read} 份" };
export const copyGood: Words = { en: "good", zh: "正常" };
export const copyDamaged: Words = { en: "! damaged", zh: "！有损坏" };
export const copyAway: Words = { en: "could not be read", zh: "无法读取" };
export const about: Words = { en: "{name}: {sentence}", zh: "{name}：{sentence}" };
export const shrunkHere: Words = {
  en: "The source shows less than before. Everything is kept. If that was on purpose: keepsake backup with --accept-shrink and the same name, then keepsake agent resume.",
  zh: "来源比以前少了内容，保险库全部保留。如果是有意的，请用同一名称运行 keepsake backup 并加 --accept-shrink，再运行 keepsake agent resume。",
};
export const accountHere: Words = {
  en: "Whose history it is was not confirmed: add the source again with --me.",
  zh: "尚未确认这是谁的聊天记录：请移除后用 --me 重新添加。",
};
export const passwordHere: Words = {
  en: "The backup is protected and its password is missing or wrong: put the right one into the password file, or add the source again with --backup-password-file.",
  zh: "备份受密码保护，缺少密码或密码不对：请改正密码文件，或移除后用 --backup-password-file 重新添加。",
};
export const logColumns: Readonly<
  Record<"began" | "took" | "work" | "source" | "messages" | "added" | "files" | "bytes" | "result", Words>
> = {
  began: { en: "Begun", zh: "开始" },
  took: { en: "Took", zh: "用时" },
  work: { en: "What", zh: "工作" },
  source: { en: "Source", zh: "来源" },
  messages: { en: "Messages", zh: "消息" },
  added: { en: "New", zh: "新增" },
  files: { en: "Files", zh: "文件" },
  bytes: { en: "Read", zh: "读取" },
  result: { en: "Result", zh: "结果" },
};
export const noLog: Words = { en: "Nothing was done yet.", zh: "尚无记录。" };
