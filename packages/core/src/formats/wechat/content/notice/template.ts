import type { Body, Span } from "../../../../model/index.ts";
import { accountOf } from "../names.ts";
import type { Reading } from "../reading.ts";
import { all, at, attribute, keyAt, textAt } from "../xml/look.ts";
import type { XmlElement } from "../xml/parse.ts";

/** Somebody whom a notice names. */
export interface Named {
  readonly name: string;
  readonly account?: string;
}

/** What stands for a placeholder: people between separators, or words. */
interface Filling {
  readonly people: readonly Named[];
  readonly separator: string;
  readonly words: string;
}

/** A notice with names in it. */
export interface FilledTemplate {
  readonly body: Body | undefined;
  readonly actors: readonly Named[];
  readonly targets: readonly Named[];
}

const placeholder = /\$([A-Za-z0-9_]{1,64})\$/g;
/** The links of a template that name who did it; the others name to whom. */
const actorLinks: ReadonlySet<string> = new Set(["username", "adder", "from"]);

/** The words of a `content_template`: its template with the names of its links put in, else its plain text. */
export function fillTemplate(template: XmlElement, reading: Reading): FilledTemplate {
  const fillings = new Map<string, Filling>();
  const actors: Named[] = [];
  const targets: Named[] = [];
  for (const link of all(at(template, "link_list"), "link")) {
    const name = attribute(link, "name");
    if (name === undefined || fillings.has(name)) continue;
    const filling = fillingOf(link, reading);
    fillings.set(name, filling);
    (actorLinks.has(name) ? actors : targets).push(...filling.people);
  }
  const words = textAt(template, "template");
  const plain = textAt(template, "plain");
  const body = words === undefined ? plain && { text: plain } : filled(words, fillings);
  return { body: body === "" ? undefined : body, actors, targets };
}

function fillingOf(link: XmlElement, reading: Reading): Filling {
  const isHidden = attribute(link, "hidden") === "1";
  return {
    people: isHidden ? [] : all(at(link, "memberlist"), "member").map((member) => namedOf(member, reading)),
    separator: at(link, "separator")?.text ?? "、",
    words: isHidden ? "" : (textAt(link, "plain") ?? textAt(link, "title") ?? ""),
  };
}

/** A span repeats its account, so that a long one would make a short message large. */
const longestUser = 128;

function namedOf(member: XmlElement, { context }: Reading): Named {
  const key = keyAt(member, "username");
  const userName = key !== undefined && key.length <= longestUser ? key : undefined;
  const known = userName === undefined ? undefined : context.nameOf(userName);
  const name = textAt(member, "nickname") ?? known ?? userName ?? "";
  return { name, ...(userName !== undefined && { account: accountOf(userName) }) };
}

/** Code units that names add to a notice, about: no honest one comes near, and one that names itself often ends. */
export const mostFilled: number = 64 * 1024;

function filled(template: string, fillings: ReadonlyMap<string, Filling>): Body | undefined {
  const spans: Span[] = [];
  let text = "";
  let taken = 0;
  let added = 0;
  for (const found of template.matchAll(placeholder)) {
    const filling = fillings.get(found[1]!);
    if (filling === undefined || added > mostFilled) continue;
    text += template.slice(taken, found.index);
    taken = found.index + found[0].length;
    const start = text.length;
    if (filling.people.length === 0) text += filling.words;
    else text += namesOf(filling, start, spans);
    added += text.length - start;
  }
  text += template.slice(taken);
  if (text.trim() === "") return undefined;
  return spans.length === 0 ? { text } : { text, spans };
}

/** Names between separators; each becomes a span, counted from `start`. */
function namesOf({ people, separator }: Filling, start: number, spans: Span[]): string {
  let text = "";
  for (const [place, { name, account }] of people.entries()) {
    if (text.length > mostFilled) return `${text}…`;
    if (place > 0) text += separator;
    if (account !== undefined && name !== "")
      spans.push({ start: start + text.length, length: name.length, type: "mention", account });
    text += name;
  }
  return text;
}
