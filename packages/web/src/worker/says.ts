import type { Code } from "@keepsake/core/base";
import type { Both } from "../state/language.ts";

/** What the table of codes says of one: the table is loaded with the first that somebody is told of. */
export async function saysOf(code: Code): Promise<Both<string>> {
  const { codes } = await import("@keepsake/core/codes");
  const { zh, en } = codes[code];
  return { zh, en };
}
