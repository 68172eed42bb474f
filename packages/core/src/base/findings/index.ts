import { codes, type Code } from "../codes/index.ts";
import { fileFindings, type FileFinding } from "./files.ts";
import { formatFindings, type FormatFinding } from "./formats.ts";
import type { FindingWords } from "./words.ts";

/** What a finding can be: one of its own codes, or an error that touched one thing alone. */
export type FindingCode = Code | FileFinding | FormatFinding;

const ofTheirOwn: Readonly<Record<FileFinding | FormatFinding, FindingWords>> = {
  ...fileFindings,
  ...formatFindings,
};

/** What each finding tells a person, in both languages. */
export function findingWords(code: FindingCode): FindingWords {
  return Object.hasOwn(ofTheirOwn, code) ? ofTheirOwn[code as keyof typeof ofTheirOwn] : codes[code as Code];
}
