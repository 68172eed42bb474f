import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Primitives } from "@keepsake/core/base";
import { jsonl, telegram, type Format } from "@keepsake/core/formats";
import { folderTarget } from "@keepsake/core/node";
import { madeHistory, type HistoryOptions } from "@keepsake/core/testing/history";

/** What the tour's exports are called, beside each other in one folder. */
export const exportNames = { phoneA: "phone-a-export", phoneB: "phone-b-export", pc: "pc-export" } as const;

const DAY_MS = 86_400_000;
const endMs = Date.UTC(2026, 0, 1);

/** One life on three devices: the second phone is the first one a day later; the PC has another app. */
const histories: readonly (readonly [name: string, format: Format, options: HistoryOptions])[] = [
  [exportNames.phoneA, jsonl, { ...about("life", 1500), attachmentBytes: 3_000_000 }],
  [
    exportNames.phoneB,
    jsonl,
    { ...about("life", 1500), attachmentBytes: 3_000_000, day2: { messages: 120 } },
  ],
  [exportNames.pc, telegram, { ...about("office", 300), attachmentBytes: 400_000 }],
];

function about(seed: string, messages: number): HistoryOptions {
  return { seed, messages, chats: Math.ceil(messages / 200), startMs: endMs - 700 * DAY_MS, endMs };
}

/** Writes the exports that a person would have made with their apps, into folders. Returns the title of one chat. */
export async function makeExports(folder: string, primitives: Primitives): Promise<string> {
  for (const [name, format, options] of histories) {
    const path = join(folder, name);
    await mkdir(path, { recursive: true });
    const writeOptions = { primitives, now: endMs, includeExpired: true };
    await format.write!(madeHistory(options), await folderTarget(path), writeOptions);
  }
  for await (const event of madeHistory(histories[0]![2])) {
    if (event.type === "chat" && event.chat.kind === "direct") return event.chat.title ?? "";
  }
  return "";
}
