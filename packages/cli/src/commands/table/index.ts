import type { CommandSpec } from "../spec.ts";
import { agentCommands } from "./agent.ts";
import { careCommands } from "./care.ts";
import { chooseCommands } from "./choose.ts";
import { keysCommands } from "./keys.ts";
import { plansCommands } from "./plans.ts";
import { readCommands } from "./read.ts";
import { serverCommands } from "./server.ts";
import { safetyCommands } from "./safety.ts";
import { vaultCommands } from "./vault.ts";

const others: readonly CommandSpec[] = [
  {
    name: "completion",
    args: "<shell>",
    summary: { en: "completion for bash, zsh or fish", zh: "输出 bash、zsh 或 fish 的补全脚本" },
    examples: [
      "source <(keepsake completion bash)",
      "keepsake completion fish > ~/.config/fish/completions/keepsake.fish",
    ],
    load: () => import("../completion.ts"),
  },
  {
    name: "tour",
    summary: { en: "a guided tour on an invented history", zh: "用虚构的聊天记录带你走一遍" },
    options: [
      ["--no-pause", { en: "do not wait for Enter", zh: "不等待按回车" }],
      [
        "--exports-only <folder>",
        { en: "write the invented exports into a folder, and nothing else", zh: "只把虚构的导出写入文件夹" },
      ],
      ["--keep", { en: "leave what the tour made, and say where", zh: "保留演示产生的文件，并告知位置" }],
    ],
    examples: ["keepsake tour", "keepsake tour --no-pause --keep"],
    load: () => import("../../tour/tour.ts"),
  },
];

/** Every command, in the order in which help lists them. */
export const commands: readonly CommandSpec[] = [
  ...vaultCommands,
  ...chooseCommands,
  ...plansCommands,
  ...readCommands,
  ...careCommands,
  ...serverCommands,
  ...safetyCommands,
  ...agentCommands,
  ...keysCommands,
  ...others,
];
