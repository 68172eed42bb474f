let made: Intl.Segmenter | undefined;

/** Made when it is first needed: it takes as long as a tenth of a short command. */
function graphemes(text: string): Iterable<Intl.SegmentData> {
  made ??= new Intl.Segmenter(undefined, { granularity: "grapheme" });
  return made.segment(text);
}

const wide =
  /^[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}|\ufe0f/u;
const none = /^[\p{Mn}\p{Me}\p{Cf}]+$/u;

/** What would move the cursor, colour the screen or turn the text around is not given to a terminal. */
export function printable(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]+/g, " ");
}

/** How many columns a text takes on a terminal: Chinese characters and emoji take two. */
export function widthOf(text: string): number {
  let width = 0;
  for (const { segment } of graphemes(text)) {
    if (!none.test(segment)) width += wide.test(segment) ? 2 : 1;
  }
  return width;
}

/** The text in at most so many columns, with an ellipsis where it was longer. */
export function cutTo(text: string, columns: number): string {
  if (widthOf(text) <= columns) return text;
  let cut = "";
  let width = 1;
  for (const { segment } of graphemes(text)) {
    width += widthOf(segment);
    if (width > columns) break;
    cut += segment;
  }
  return `${cut}…`;
}

export function padTo(text: string, columns: number, side: "left" | "right" = "left"): string {
  const space = " ".repeat(Math.max(0, columns - widthOf(text)));
  return side === "left" ? text + space : space + text;
}

/** What does not begin a line. */
const closing = /^[\p{Pe}\p{Pf}\p{Po}…]/u;

/** The text in lines of at most so many columns: broken between words, Chinese anywhere but before a closing mark. */
export function wrapTo(text: string, columns: number): string {
  return text
    .split("\n")
    .map((line) => wrapLine(line, columns))
    .join("\n");
}

function wrapLine(text: string, columns: number): string {
  const lines: string[] = [];
  let line = "";
  for (const part of unbroken(text)) {
    if (line !== "" && widthOf((line + part).trimEnd()) > columns) {
      lines.push(line.trimEnd());
      line = part.trimStart();
    } else line += part;
  }
  return [...lines, line].join("\n");
}

/** Words, each with the marks that follow it; between spaces, what is no word stays in one piece. */
function unbroken(text: string): string[] {
  const words = new Intl.Segmenter("zh", { granularity: "word" });
  const parts: string[] = [];
  for (const { segment } of words.segment(text)) {
    const before = parts.at(-1);
    const isJoined =
      before !== undefined && !/\s$/.test(before) && !wide.test(segment) && !/^\s/.test(segment);
    const isClosing = before !== undefined && closing.test(segment) && !/\s$/.test(before);
    if (isClosing || (isJoined && !wide.test(before.at(-1)!))) parts[parts.length - 1] = before + segment;
    else parts.push(segment);
  }
  return parts;
}
