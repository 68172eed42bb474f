import { encode } from "uqr";
import type { Language } from "../ui/language.ts";

/** What a recovery kit says. */
export interface Kit {
  readonly words: readonly string[];
  /** The vault's id, hex. */
  readonly vault: string;
  readonly madeAt: number;
  readonly language: Language;
}

interface Sentence {
  readonly en: string;
  readonly zh: string;
}

const title: Sentence = { en: "Keepsake recovery kit", zh: "念存恢复卡" };
const lead: Sentence = {
  en: "These 24 words open your chat history on any device. Nobody else has them: without them, or a password, or one of your devices, the history cannot be opened by anyone.",
  zh: "凭这 24 个恢复口令词，可以在任何设备上打开你的聊天记录。除你之外没有人持有它们：没有恢复口令、密码或你的任一设备，任何人都无法打开。",
};
const rules: readonly Sentence[] = [
  {
    en: "Print this page, or write the words down by hand. Keep it like a passport, away from the computer.",
    zh: "请打印本页或手抄这些词，像护照一样保管，不要与电脑放在一起。",
  },
  {
    en: "Give it to nobody. No one from Keepsake will ever ask for it.",
    zh: "不要交给任何人。念存的人永远不会向你索要。",
  },
  {
    en: "Delete the file once it is printed, and do not photograph the page.",
    zh: "打印后请删除文件，也不要拍照。",
  },
  {
    en: "To restore: keepsake restore FOLDER --store VAULT, then type the words in their order.",
    zh: "恢复方法：keepsake restore 目标文件夹 --store 保险库，然后按顺序输入这些词。",
  },
];
const labels: Readonly<Record<"vault" | "date", Sentence>> = {
  vault: { en: "Vault", zh: "保险库" },
  date: { en: "Made on", zh: "制作日期" },
};

/** The person's language first. */
function both({ en, zh }: Sentence, language: Language): readonly [string, string] {
  return language === "zh" ? [zh, en] : [en, zh];
}

function day(kit: Kit): string {
  return new Date(kit.madeAt).toISOString().slice(0, 10);
}

function shortId(kit: Kit): string {
  return kit.vault.slice(0, 8);
}

/** The kit as plain text, to be written down or printed. */
export function kitText(kit: Kit): string {
  const { language, words } = kit;
  // In order of number, one a line, so that the words can be read back from the file.
  const list = words.map((word, i) => `${String(i + 1).padStart(2)}. ${word}`);
  return [
    both(title, language).join(" · "),
    `${both(labels.vault, language).join(" / ")}: ${shortId(kit)}    ${both(labels.date, language).join(" / ")}: ${day(kit)}`,
    "",
    both(lead, language).join("\n"),
    "",
    ...list,
    "",
    ...rules.map((rule) => `* ${both(rule, language).join("\n  ")}`),
    "",
  ].join("\n");
}

/** The kit as one page to print: it loads nothing, from nowhere. */
export function kitPage(kit: Kit): string {
  const { language, words } = kit;
  const paragraph = (sentence: Sentence): string => {
    const [first, second] = both(sentence, language);
    return `${first}<br><span class="second">${second}</span>`;
  };
  return `<!doctype html>
<html lang="${language === "zh" ? "zh-CN" : "en"}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="robots" content="noindex">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${both(title, language)[0]}</title>
<style>
@page { size: A4; margin: 16mm }
body { font: 11pt/1.45 system-ui, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif; color: #000; background: #fff; max-width: 178mm; margin: 8mm auto; padding: 0 4mm }
h1 { font-size: 20pt; margin: 0 }
.second { color: #444; font-size: 9.5pt }
.about { margin: 1mm 0 5mm; font-family: ui-monospace, Menlo, Consolas, monospace; font-size: 10pt }
.sheet { display: flex; gap: 8mm; align-items: center; border: 0.4mm solid #000; border-radius: 2mm; padding: 5mm; margin: 5mm 0; break-inside: avoid }
ol { columns: 3; column-gap: 6mm; margin: 0; padding: 0; flex: 1; list-style: none; counter-reset: place }
li { break-inside: avoid; font: 600 12pt/1.9 ui-monospace, Menlo, Consolas, "Noto Sans CJK SC", monospace; counter-increment: place }
li::before { content: counter(place) ". "; display: inline-block; width: 9mm; text-align: right; margin-right: 2mm; font-weight: 400; color: #444 }
svg { width: 42mm; height: 42mm; flex: none }
ul { padding-left: 5mm } ul li { font: inherit; margin-bottom: 2mm; counter-increment: none } ul li::before { content: none }
</style>
</head>
<body>
<h1>${both(title, language).join(' <span class="second">')}</span></h1>
<p class="about">${both(labels.vault, language).join(" / ")}: ${shortId(kit)} &nbsp; ${both(labels.date, language).join(" / ")}: ${day(kit)}</p>
<p>${paragraph(lead)}</p>
<div class="sheet">
<ol>
${words.map((word) => `<li>${word}</li>`).join("\n")}
</ol>
${qrPicture(words.join(" "))}
</div>
<ul>
${rules.map((rule) => `<li class="rule">${paragraph(rule)}</li>`).join("\n")}
</ul>
</body>
</html>
`;
}

/** A QR code as SVG of one path, black on white whatever the theme. */
function qrPicture(text: string): string {
  const { data, size } = encode(text, { ecc: "M", border: 2 });
  const path = data
    .flatMap((row, y) => row.map((isDark, x) => (isDark ? `M${x} ${y}h1v1h-1z` : "")))
    .join("");
  return `<svg viewBox="0 0 ${size} ${size}" shape-rendering="crispEdges" role="img"><rect width="${size}" height="${size}" fill="#fff"/><path d="${path}" fill="#000"/></svg>`;
}
