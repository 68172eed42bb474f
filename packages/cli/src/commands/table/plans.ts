import type { CommandSpec } from "../spec.ts";
import { readingOptions } from "./vault.ts";

/** What keeping a history would take, before anything is kept or paid. */
export const plansCommands: readonly CommandSpec[] = [
  {
    name: "estimate",
    args: "<source>",
    summary: {
      en: "what a source would take: room, time and price; nothing is stored or sent",
      zh: "估算来源所需的空间、时间和价格；不保存、不上传任何内容",
    },
    options: [
      [
        "--channel <channel>",
        {
          en: "where you would pay: web (without it), iphone, android, other",
          zh: "付款渠道：web（默认）、iphone、android、other",
        },
      ],
      [
        "--server <address>",
        {
          en: "with the plans of this server, in place of those that come with Keepsake",
          zh: "采用此服务器的方案，而非念存自带的方案",
        },
      ],
      ...readingOptions,
    ],
    examples: [
      "keepsake estimate ~/Downloads/ChatExport",
      "keepsake estimate ~/Library/Application\\ Support/MobileSync/Backup --channel iphone",
    ],
    load: () => import("../plans/estimate.ts"),
  },
];
