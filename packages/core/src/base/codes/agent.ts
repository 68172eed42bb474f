import type { CodeEntry } from "./entry.ts";

/** Codes of the service that keeps a vault up to date by itself. */
export type AgentCode = "agent.running" | "agent.bad-config" | "agent.not-installed" | "agent.stalled";

export const agentCodes: Readonly<Record<AgentCode, CodeEntry>> = {
  "agent.running": {
    en: "The agent is running already. See `keepsake status`.",
    zh: "后台服务已在运行。请看 `keepsake status`。",
    exit: 5,
    http: 409,
  },
  "agent.bad-config": {
    en: "The agent's configuration is not valid; the place is named. Put it right in the file `config.json` of the folder `agent`.",
    zh: "后台服务的配置无效，位置已指明。请在 `agent` 文件夹的 `config.json` 中改正。",
    exit: 2,
    http: 400,
  },
  "agent.not-installed": {
    en: "The system did not take the agent. Start it by hand with `keepsake agent run`, or see what `keepsake agent install --print` shows.",
    zh: "系统没有接受后台服务。可用 `keepsake agent run` 手动启动，或用 `keepsake agent install --print` 查看内容。",
    exit: 5,
    http: 503,
  },
  "agent.stalled": {
    en: "Nothing moved for long: a disk or a folder on the network does not answer. Connect it again, or restart the machine. It is tried again by itself; other sources go on.",
    zh: "长时间没有任何进展：磁盘或网络文件夹没有响应。请重新连接，或重启本机。之后会自动重试，其他来源照常进行。",
    exit: 5,
    http: 503,
  },
};
