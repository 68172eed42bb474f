import { limits, type SystemPayload } from "../../../../model/index.ts";
import { parseJson, isObject } from "../../../json-values.ts";
import { accountOf } from "../names.ts";
import { bodyOf, given, part, type Part, type Reader, type Reading } from "../reading.ts";
import { all, at, attribute, idAt, keyAt, textAt } from "../xml/look.ts";
import type { XmlElement } from "../xml/parse.ts";
import { readLightHtml } from "./light-html.ts";
import { meaningOf, revocationOf } from "./meaning.ts";
import { readPats } from "./pat.ts";
import { fillTemplate, type Named } from "./template.ts";

/** Reads a `<sysmsg>` of one type: the element of that type, or the notice itself where it has none. */
type NoticeReader = (element: XmlElement, reading: Reading) => Part | undefined;

const notices: ReadonlyMap<string, NoticeReader> = new Map<string, NoticeReader>([
  ["revokemsg", readRevocation],
  ["editrevokecontent", readEditable],
  ["sysmsgtemplate", readTemplate],
  ["delchatroommember", readMembers],
  ["pat", (element, reading) => readPats([element], reading)],
]);

const structured = /<(?:sysmsg|revokemsg)\b|^\s{0,64}&lt;sysmsg\b/;

/** A notice as text, with light HTML, or as `<sysmsg>`. */
export const readSystem: Reader = (reading) => {
  const { text, context } = reading;
  if (structured.test(text)) return readNotice(reading.xml(text), reading);
  const body = readLightHtml(text);
  if (body === undefined) return undefined;
  const deletion = revocationOf(body.text, context);
  if (deletion !== undefined) return part("deleted", {}, { body, deletion });
  return part("system", { action: "wechat:notice", meaning: meaningOf(body.text) }, { body });
};

/** What a `<sysmsg>` says; of a type without a reader, its words. */
export function readNotice(root: XmlElement | undefined, reading: Reading): Part | undefined {
  const notice = at(root, "sysmsg") ?? (at(root, "revokemsg") === undefined ? undefined : root);
  if (notice === undefined) return undefined;
  const type = attribute(notice, "type") ?? notice.children[0]?.name;
  if (type === undefined) return undefined;
  const element = at(notice, type) ?? notice;
  return notices.get(type)?.(element, reading) ?? readOther(type, element);
}

/** Where notices keep words that are shown. */
const wordsPaths: readonly (readonly string[])[] = [
  ["plain"],
  ["text"],
  ["content"],
  ["replacemsg"],
  ["appmsgcontent"],
  ["title"],
];

function wordsOf(element: XmlElement): string | undefined {
  for (const path of wordsPaths) {
    const words = textAt(element, ...path);
    if (words !== undefined) return words;
  }
  return undefined;
}

const meaningOfType: ReadonlyMap<string, string> = new Map([["paymsg", "payment"]]);

/** A type of notice that says words, or nothing to a person. */
function readOther(type: string, element: XmlElement): Part {
  const words = wordsOf(element);
  const body = words === undefined ? undefined : readLightHtml(words);
  const payload: SystemPayload = {
    action: `wechat:${type}`,
    meaning: meaningOfType.get(type) ?? meaningOf(body?.text),
  };
  return part("system", payload, body === undefined ? { isNoise: true } : { body });
}

function readRevocation(element: XmlElement, { context }: Reading): Part {
  const words = textAt(element, "replacemsg") ?? textAt(element, "content");
  const revokes = idAt(element, "newmsgid");
  const deletion = revocationOf(words, context) ?? { state: "revokedBySender" };
  return part("deleted", {}, { ...bodyOf(words), deletion, ...given({ revokes }) });
}

/** One's own message that was taken back, with what it said, to be written anew. */
function readEditable(element: XmlElement, { context }: Reading): Part {
  const said = textAt(element, "link", "revokecontent");
  const by = accountOf(context.own);
  const deletion = {
    state: "revokedBySender" as const,
    by,
    ...(said !== undefined && { contentRetained: true }),
  };
  return part("deleted", {}, { ...bodyOf(said ?? textAt(element, "text")), deletion });
}

function readTemplate(element: XmlElement, reading: Reading): Part | undefined {
  const template = at(element, "content_template");
  if (template === undefined) return undefined;
  const { body, actors, targets } = fillTemplate(template, reading);
  if (body === undefined) return undefined;
  const isOwn = /^(?:你|您|You\b)/.test(body.text) && actors.length === 0;
  const payload: SystemPayload = {
    action: "wechat:sysmsgtemplate",
    meaning: meaningOf(body.text),
    ...given({
      actor: isOwn ? accountOf(reading.context.own) : actors[0]?.account,
      actorName: actors[0]?.name,
    }),
    ...targetsOf(targets),
  };
  return part("system", payload, { body });
}

function targetsOf(people: readonly Named[]): Pick<SystemPayload, "targets" | "targetNames"> {
  const accounts = people.flatMap(({ account }) => account ?? []);
  const names = people.flatMap(({ name }) => (name === "" ? [] : [name]));
  return {
    ...(accounts.length > 0 && { targets: accounts }),
    ...(names.length > 0 && { targetNames: names }),
  };
}

/** Words about members, and a list of whom the owner may send out again. */
function readMembers(element: XmlElement): Part | undefined {
  const words = textAt(element, "plain") ?? textAt(element, "text");
  if (words === undefined) return undefined;
  const users = all(at(element, "link", "memberlist"), "username")
    .slice(0, limits.listLength)
    .flatMap((user) => keyAt(user) ?? []);
  const payload: SystemPayload = {
    action: "wechat:delchatroommember",
    meaning: meaningOf(words),
    ...(users.length > 0 && { targets: users.map(accountOf) }),
  };
  return part("system", payload, { body: { text: words } });
}

/** A notice as JSON, with an action and a meaning of its own. */
export function jsonNotice(payload: SystemPayload): Reader {
  return ({ text }) => {
    const json = parseJson(text);
    const words = isObject(json) ? json["msgContent"] : undefined;
    return typeof words !== "string"
      ? undefined
      : part("system", payload, bodyOf(words === "" ? undefined : words));
  };
}

/** The state of another device: noise between the phone and the computer. */
export const readStatus: Reader = () => part("system", { action: "wechat:status_notify" }, { isNoise: true });
