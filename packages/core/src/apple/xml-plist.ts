import { bytesToText, type Bytes } from "../base/index.ts";
import { damagedList, plistLimits, type Plist } from "./plist.ts";

/** One tag, comment, declaration or processing instruction, or the text before the next one. */
const token = /<!--[^]*?-->|<[?!][^>]*>|<(\/?)([a-z]+)[^>]*?(\/?)>|[^<]+/gy;
const entities: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

/** The value of a property list in XML, as Apple writes it. Throws `format.damaged`. */
export function readXmlPlist(bytes: Bytes): Plist {
  if (bytes.length > plistLimits.bytes) throw damagedList("size");
  const reader = new XmlPlist(textOf(bytes));
  const value = reader.document();
  if (value === undefined) throw damagedList("empty");
  return value;
}

function textOf(bytes: Bytes): string {
  try {
    return bytesToText(bytes);
  } catch {
    throw damagedList("text");
  }
}

interface Tag {
  readonly name: string;
  readonly kind: "start" | "end" | "empty";
  /** What stands before the tag. */
  readonly text: string;
}

class XmlPlist {
  readonly #text: string;
  #at = 0;
  #objects = 0;

  constructor(text: string) {
    this.#text = text;
  }

  document(): Plist | undefined {
    const first = this.#next();
    return first.name === "plist" ? this.#value(this.#next(), 0) : this.#value(first, 0);
  }

  /** Undefined where a container ends. */
  #value(tag: Tag, depth: number): Plist | undefined {
    if (tag.kind === "end") return undefined;
    if (depth > plistLimits.depth || ++this.#objects > plistLimits.objects) throw damagedList("depth");
    if (tag.name === "dict") return this.#dictionary(tag, depth);
    if (tag.name === "array") return this.#list(tag, depth);
    const text = tag.kind === "empty" ? "" : this.#textUpToEnd(tag.name);
    return scalar(tag.name, text);
  }

  #dictionary(tag: Tag, depth: number): Plist {
    const entries = new Map<string, Plist>();
    if (tag.kind === "empty") return entries;
    for (let key = this.#next(); key.kind !== "end"; key = this.#next()) {
      if (key.name !== "key") throw damagedList("key");
      const name = key.kind === "empty" ? "" : this.#textUpToEnd("key");
      const value = this.#value(this.#next(), depth + 1);
      if (value === undefined) throw damagedList("value");
      entries.set(name, value);
    }
    return entries;
  }

  #list(tag: Tag, depth: number): Plist {
    const items: Plist[] = [];
    if (tag.kind === "empty") return items;
    for (;;) {
      const item = this.#value(this.#next(), depth + 1);
      if (item === undefined) return items;
      items.push(item);
    }
  }

  #textUpToEnd(name: string): string {
    const end = this.#next();
    if (end.kind !== "end" || end.name !== name) throw damagedList("tag");
    return end.text;
  }

  #next(): Tag {
    let text = "";
    for (;;) {
      token.lastIndex = this.#at;
      const match = token.exec(this.#text);
      if (match === null) throw damagedList("end");
      this.#at = token.lastIndex;
      const [whole, slash, name, empty] = match;
      if (name !== undefined) {
        const kind = slash === "/" ? "end" : empty === "/" ? "empty" : "start";
        return { name, kind, text: unescaped(text) };
      }
      if (!whole.startsWith("<")) text += whole;
    }
  }
}

function scalar(name: string, text: string): Plist {
  if (name === "string") return text;
  if (name === "true") return true;
  if (name === "false") return false;
  if (name === "integer") return wholeNumber(text.trim());
  if (name === "real") return Number(text);
  if (name === "data") return dataOf(text);
  if (name === "date") {
    const dateMs = Date.parse(text.trim());
    if (!Number.isNaN(dateMs)) return { dateMs };
  }
  throw damagedList("kind");
}

function wholeNumber(text: string): number | bigint {
  if (!/^[+-]?[0-9]{1,20}$/.test(text)) throw damagedList("integer");
  const number = Number(text);
  return Number.isSafeInteger(number) ? number : BigInt(text);
}

function dataOf(text: string): Bytes {
  try {
    return Uint8Array.from(atob(text.replaceAll(/\s/g, "")), (letter) => letter.charCodeAt(0));
  } catch {
    throw damagedList("data");
  }
}

function unescaped(text: string): string {
  return text.replaceAll(
    /&(?:#x([0-9a-f]{1,6})|#([0-9]{1,7})|([a-z]+));/gi,
    (whole, hex, decimal, name: string) => {
      if (name !== undefined) return entities[name] ?? whole;
      const code = hex === undefined ? Number(decimal) : Number.parseInt(String(hex), 16);
      return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
    },
  );
}
