import type { Code, CodeEntry } from "./codes/index.ts";

let known: Readonly<Record<Code, CodeEntry>> | undefined;

/** The table of codes says here that it is loaded: the web app does without it until it tells somebody of an error. */
export function knowSentences(codes: Readonly<Record<Code, CodeEntry>>): void {
  known = codes;
}

/** A code's English sentence, where the table is loaded; the code itself where it is not. */
export function textOfCode(code: Code): string {
  return known?.[code].en ?? code;
}
