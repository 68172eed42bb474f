import type { Code, FindingCode } from "@keepsake/core/base";
import type { Both } from "../state/language.ts";

/** What the table of codes says of one: the table is loaded with the first that somebody is told of. */
export async function saysOf(code: Code): Promise<Both<string>> {
  const { codes } = await import("@keepsake/core/codes");
  const { zh, en } = codes[code];
  return { zh, en };
}

/** What is found, in the words of a table that is loaded with the first of them. */
export async function findingSays(code: FindingCode): Promise<Both<string>> {
  const { findingWords } = await import("@keepsake/core/findings");
  const { zh, en } = findingWords(code);
  return { zh, en };
}
