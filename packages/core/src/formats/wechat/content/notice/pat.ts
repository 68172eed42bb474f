import type { Draft, SystemPayload } from "../../../../model/index.ts";
import { accountOf } from "../names.ts";
import { bodyOf, part, type Part, type Reading } from "../reading.ts";
import { keyAt, textAt } from "../xml/look.ts";
import type { XmlElement } from "../xml/parse.ts";
import { mostFilled } from "./template.ts";

/** The names of a pat's fields: notices and app messages differ, and one of them is misspelt. */
const fromNames: readonly string[] = ["fromusername", "fromUser"];
const pattedNames: readonly string[] = ["pattedusername", "pattedUser"];
const templateNames: readonly string[] = ["template", "templete"];
const placeholder = /\$\{([^{}]{1,128})\}/g;
const statusIcon = "@textstatusicon";

/** One or several pats as a notice. */
export function readPats(pats: readonly XmlElement[], reading: Reading): Part | undefined {
  const known = pats.filter((pat) => first(pat, fromNames) !== undefined);
  if (known.length === 0) return undefined;
  const payload: Draft<SystemPayload> = { action: "wechat:pat", meaning: "poke" };
  payload.actor = accountOf(first(known[0]!, fromNames)!);
  const patted = known.flatMap((pat) => first(pat, pattedNames) ?? []);
  if (patted.length > 0) payload.targets = [...new Set(patted.map(accountOf))];
  const lines = known.flatMap((pat) => wordsOf(pat, reading) ?? []);
  return part("system", payload, bodyOf(lines.length === 0 ? undefined : lines.join("\n")));
}

function first(pat: XmlElement, names: readonly string[]): string | undefined {
  for (const name of names) {
    const key = keyAt(pat, name);
    if (key !== undefined) return key;
  }
  return undefined;
}

/** `"${user}" patted "${other}"` with names in it. */
function wordsOf(pat: XmlElement, { context }: Reading): string | undefined {
  const template = textAt(pat, templateNames[0]!) ?? textAt(pat, templateNames[1]!);
  let added = 0;
  return template?.replace(placeholder, (whole, key: string) => {
    if (added > mostFilled) return whole;
    const name = key.endsWith(statusIcon) ? "" : (context.nameOf(key) ?? key);
    added += name.length;
    return name;
  });
}
