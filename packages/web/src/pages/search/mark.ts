import type { Hit } from "../../worker/look/search.ts";

/** So many frames long the line may still come, or be drawn anew. */
const MOST_FRAMES = 180;
const NAME = "found";

/** Marks what was found in its line, as soon as the line is there; gives what takes the mark away. */
export function markFound({ key, text, start, length }: Hit): () => void {
  const wanted = text.slice(start, start + length);
  let [frame, marked]: [number, Range | undefined] = [0, undefined];
  const mark = (left: number): void => {
    // Where its line is drawn anew, a range shrinks to nothing.
    if (marked?.toString() !== wanted) {
      const line = document.querySelector(`.line[data-key="${CSS.escape(key)}"]`);
      marked = line === null ? undefined : rangeOf(line, wanted);
      if (marked !== undefined) CSS.highlights?.set(NAME, new Highlight(marked));
    }
    if (left > 0) frame = requestAnimationFrame(() => mark(left - 1));
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
