import { kindEntry, type Snapshot } from "../../../../model/index.ts";
import { accountOf, serverScheme } from "../names.ts";
import { bodyOf, given, part, type Part, type Reading } from "../reading.ts";
import type { RowFile } from "../row.ts";
import { countAt, idAt, innerXml, keyAt, textAt, at } from "../xml/look.ts";
import type { XmlElement } from "../xml/parse.ts";
import type { AppReader } from "./shares.ts";

/** An answer to a message: one's own words, and what is quoted as it was then. */
export const readQuote: AppReader = ({ app }, reading) => {
  const title = textAt(app, "title");
  const quoted = reading.inside(at(app, "refermsg"));
  const refer = at(quoted, "refermsg") ?? quoted;
  if (refer === undefined) return title === undefined ? undefined : part("text", {}, bodyOf(title));
  const id = idAt(refer, "svrid");
  const snapshot = snapshotOf(refer, reading);
  const reply = {
    ...(id !== undefined && { target: { scheme: serverScheme, value: id } }),
    ...(Object.keys(snapshot).length > 0 && { snapshot }),
  };
  return part("text", {}, { ...bodyOf(title), ...(Object.keys(reply).length > 0 && { reply }) });
};

function snapshotOf(refer: XmlElement, reading: Reading): Snapshot {
  const author = authorOf(refer);
  const seconds = countAt(refer, "createtime");
  return given({
    author: author === undefined ? undefined : accountOf(author),
    authorName: textAt(refer, "displayname"),
    ...saidOf(refer, reading),
    sent: seconds === undefined || seconds > 100_000_000_000 ? undefined : seconds * 1000,
  });
}

/** In a group the chat stands first and the author second. */
function authorOf(refer: XmlElement): string | undefined {
  const from = keyAt(refer, "fromusr");
  return from?.endsWith("@chatroom") === true ? keyAt(refer, "chatusr") : from;
}

/** The kind of what is quoted, and the most telling of its words. */
function saidOf(refer: XmlElement, reading: Reading): { kind?: string; text?: string } {
  const type = countAt(refer, "type");
  const content = textAt(refer, "content");
  if (type === undefined) return given({ text: content });
  const { part: said, files = [] } = reading.quoted(type, content ?? "") ?? {};
  if (said === undefined || said.kind === "unknown")
    return innerXml(content ?? "") === undefined ? given({ text: content }) : {};
  return { kind: said.kind, ...given({ text: tellingText(said, files) }) };
}

function tellingText({ kind, body, payload }: Part, files: readonly RowFile[]): string | undefined {
  const texts = payload === undefined ? [] : (kindEntry(kind)?.texts(payload) ?? []);
  const all = [body?.text, ...texts, ...files.map(({ about }) => about.fileName)];
  return all.find((words) => words !== undefined && words !== "");
}
