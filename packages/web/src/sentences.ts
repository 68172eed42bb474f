/** The languages of the page, as their BCP 47 tags. */
export type Language = "zh-CN" | "en";

/** What the page says, by language. */
interface Sentences {
  readonly name: string;
  readonly promise: string;
  readonly independence: string;
}

export const sentences: Readonly<Record<Language, Sentences>> = {
  "zh-CN": {
    name: "念存",
    promise: "聊天记录在您自己的设备上封存，完整、可搜索、可带走，只有您能打开。",
    independence: "念存与腾讯及其他聊天应用的开发者没有任何关联。",
  },
  en: {
    name: "Keepsake",
    promise:
      "Your chat history, sealed on your own device: complete, searchable, movable, and open to you alone.",
    independence: "Keepsake is not affiliated with Tencent or with the maker of any other chat app.",
  },
};

/** The page's languages, the reader's own first. */
export function languagesFor(preferred: readonly string[]): readonly Language[] {
  const first = preferred
    .map((tag) => tag.toLowerCase().split("-", 1)[0])
    .find((tag) => tag === "zh" || tag === "en");
  return first === "en" ? ["en", "zh-CN"] : ["zh-CN", "en"];
}
