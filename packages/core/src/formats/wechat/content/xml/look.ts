import { decodeEntities } from "./entities.ts";
import type { XmlElement } from "./parse.ts";

/** The first element of that path below one; undefined where there is none. */
export function at(element: XmlElement | undefined, ...path: readonly string[]): XmlElement | undefined {
  let found = element;
  for (const name of path) found = found?.children.find((child) => child.name === name);
  return found;
}

/** All children of a name. */
export function all(element: XmlElement | undefined, name: string): XmlElement[] {
  return element?.children.filter((child) => child.name === name) ?? [];
}

/** The text at a path as it is written; undefined where it is blank. */
export function textAt(element: XmlElement | undefined, ...path: readonly string[]): string | undefined {
  return said(at(element, ...path)?.text);
}

/** The value of an attribute; undefined where it is blank. */
export function attribute(element: XmlElement | undefined, name: string): string | undefined {
  return said(element?.attributes.get(name));
}

/** A name or key at a path, without space around it; undefined where it may be half of one. */
export function keyAt(element: XmlElement | undefined, ...path: readonly string[]): string | undefined {
  const found = at(element, ...path);
  return found === undefined || found.isCut ? undefined : said(found.text.trim());
}

/** A message's number at the server: digits that need not fit in a double. */
export function idAt(element: XmlElement | undefined, ...path: readonly string[]): string | undefined {
  const id = keyAt(element, ...path);
  return id !== undefined && /^[1-9]\d{0,19}$/.test(id) ? id : undefined;
}

/** A whole number from 1 on; 0 stands for "not known" in WeChat's XML. */
export function countAt(element: XmlElement | undefined, ...path: readonly string[]): number | undefined {
  return countOf(keyAt(element, ...path));
}

export function countOf(text: string | undefined): number | undefined {
  if (text === undefined || !/^\d{1,16}$/.test(text)) return undefined;
  const count = Number(text);
  return count > 0 && Number.isSafeInteger(count) ? count : undefined;
}

function said(text: string | undefined): string | undefined {
  return text === undefined || text.trim() === "" ? undefined : text;
}

/** How often one document is escaped inside another, at most. */
const mostEscapes = 3;

/** The XML that lies in a text, however often it is escaped; undefined where the text is none. */
export function innerXml(text: string): string | undefined {
  let inner = text.trim();
  for (let i = 0; i < mostEscapes && inner.startsWith("&"); i++) inner = decodeEntities(inner).trim();
  return inner.startsWith("<") ? inner : undefined;
}
