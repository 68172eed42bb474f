import type { Hit } from "../../worker/look/search.ts";

/** Frames that are waited for until the line is drawn. */
const MOST_FRAMES = 60;
const NAME = "found";

/** Marks what was found in its line, as soon as the line is there; gives what takes the mark away. */
export function markFound({ key, text, start, length }: Hit): () => void {
  const wanted = text.slice(start, start + length);
  let frame = 0;
  const mark = (left: number): void => {
    const line = document.querySelector(`.line[data-key="${CSS.escape(key)}"]`);
    const range = line === null ? undefined : rangeOf(line, wanted);
    if (range !== undefined) CSS.highlights?.set(NAME, new Highlight(range));
    else if (left > 0) frame = requestAnimationFrame(() => mark(left - 1));
  };
  mark(MOST_FRAMES);
  return () => {
    cancelAnimationFrame(frame);
    CSS.highlights?.delete(NAME);
  };
}

function rangeOf(line: Element, wanted: string): Range | undefined {
  const texts = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
  for (let node = texts.nextNode(); node !== null; node = texts.nextNode()) {
    const at = node.nodeValue?.indexOf(wanted) ?? -1;
    if (at === -1) continue;
    const range = document.createRange();
    range.setStart(node, at);
    range.setEnd(node, at + wanted.length);
    return range;
  }
  return undefined;
}
