/** What a person calls a format, in both languages. */
export interface FormatName {
  readonly en: string;
  readonly zh: string;
}

const names: Readonly<Record<string, FormatName>> = {
  telegram: { en: "Telegram export", zh: "Telegram 导出" },
  chatlab: { en: "ChatLab file", zh: "ChatLab 文件" },
  jsonl: { en: "Keepsake JSONL", zh: "念存 JSONL" },
  "wechat-ios": { en: "WeChat in an iPhone's local backup", zh: "iPhone 本地备份中的微信" },
  "wechat-official": {
    en: "WeChat's own computer backup (kept as it is)",
    zh: "微信自己的电脑备份（原样保存）",
  },
  folder: { en: "A folder (kept as it is)", zh: "文件夹（原样保存）" },
};

/** What a format is called, by its id. */
export function formatName(id: string): FormatName {
  return names[id] ?? { en: id, zh: id };
}
