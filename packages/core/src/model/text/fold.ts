import { simplified, traditionalGaps } from "./fold-chinese.ts";
import { foldRuns } from "./fold-runs.ts";

/**
 * What each UTF-16 code unit is searched as: lower case, plain width, simplified Chinese. A code unit maps to one
 * code unit, so that offsets into the folded text are offsets into the text. Part of the format: it never changes
 * for a code unit that it maps.
 */
export function foldTable(): Readonly<Uint16Array<ArrayBuffer>> {
  return (built ??= buildTable());
}

let built: Uint16Array<ArrayBuffer> | undefined;

/** The text as it is searched, of the same length. Folding twice changes nothing more. */
export function fold(text: string): string {
  const table = foldTable();
  let at = 0;
  while (at < text.length && table[text.charCodeAt(at)] === text.charCodeAt(at)) at++;
  if (at === text.length) return text;
  const units = new Uint16Array(text.length);
  for (let i = 0; i < text.length; i++) units[i] = table[text.charCodeAt(i)]!;
  return unitsToText(units);
}

/**
 * Finds a text in texts that are not folded, where `fold(text).indexOf(fold(wanted))` would: nothing is copied, and the
 * length of a match is that of the wanted text.
 */
export function foldedPattern(wanted: string): RegExp {
  const unitsByFolded = new Map<number, string>();
  for (const unit of fold(wanted).split("")) unitsByFolded.set(unit.charCodeAt(0), "");
  for (const [unit, folded] of foldTable().entries()) {
    const units = unitsByFolded.get(folded);
    if (units !== undefined) unitsByFolded.set(folded, `${units}\\u${unit.toString(16).padStart(4, "0")}`);
  }
  const classes = fold(wanted)
    .split("")
    .map((unit) => `[${unitsByFolded.get(unit.charCodeAt(0))!}]`);
  return new RegExp(classes.join(""));
}

/** Folds code units where they lie. */
export function foldUnits(units: Uint16Array): void {
  const table = foldTable();
  for (let i = 0; i < units.length; i++) units[i] = table[units[i]!]!;
}

/** Few enough arguments for every engine. */
const unitsPerCall = 8192;

function unitsToText(units: Uint16Array): string {
  let text = "";
  for (let i = 0; i < units.length; i += unitsPerCall) {
    text += String.fromCharCode(...units.subarray(i, i + unitsPerCall));
  }
  return text;
}

function buildTable(): Uint16Array<ArrayBuffer> {
  const table = Uint16Array.from({ length: 0x10000 }, (_, unit) => unit);
  let last = 0;
  for (const run of wordsOf(foldRuns)) {
    const [gap, more, step, added] = run.split(",") as [string, string, string, string];
    const stride = step === "" ? 1 : Number(step);
    const first = last + Number.parseInt(gap, 36);
    last = first + (more === "" ? 0 : Number.parseInt(more, 36)) * stride;
    for (let unit = first; unit <= last; unit += stride) table[unit] = unit + Number(added);
  }
  const to = simplified.join("");
  let from = 0;
  for (const [i, gap] of wordsOf(traditionalGaps).entries()) {
    from += Number.parseInt(gap, 36);
    table[from] = to.charCodeAt(i);
  }
  return table;
}

function wordsOf(lines: readonly string[]): readonly string[] {
  return lines.join(" ").split(" ");
}
