import { bytesToText, type Bytes } from "../base/index.ts";

/** An element of an answer: its text, and the elements in it. Attributes and prefixes of names are left out. */
export interface XmlElement {
  readonly name: string;
  readonly text: string;
  readonly children: readonly XmlElement[];
}

interface Open {
  readonly name: string;
  text: string;
  readonly children: XmlElement[];
}

const MOST_DEPTH = 8;
const MOST_ELEMENTS = 20_000;

/** One comment, passage of text as it is, declaration, tag, or the text before the next one. */
const token =
  /<!--[^]*?-->|<!\[CDATA\[([^]*?)\]\]>|<\?[^]*?\?>|<(\/?)(?:[\w.-]+:)?([\w.-]+)(?:\s[^<>]*?)?(\/?)>|([^<]+)/gy;
const entities: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

/**
 * The root element of a small document of a service that need not be trusted; undefined where it is none. Declarations
 * of types and entities are refused, depth and count have limits.
 */
export function readXml(bytes: Bytes): XmlElement | undefined {
  const text = textOf(bytes);
  return text === undefined ? undefined : new Reader().read(text);
}

/** The text of the first element of that name in another; undefined if there is none. */
export function textIn(element: XmlElement, name: string): string | undefined {
  return element.children.find((child) => child.name === name)?.text;
}

class Reader {
  readonly #open: Open[] = [{ name: "", text: "", children: [] }];
  #elements = 0;

  read(text: string): XmlElement | undefined {
    let end = 0;
    for (const part of text.matchAll(token)) {
      if (part.index !== end || !this.#take(part)) return undefined;
      end = part.index + part[0].length;
    }
    const [document] = this.#open;
    const isWhole = end === text.length && this.#open.length === 1 && document!.text.trim() === "";
    return isWhole && document!.children.length === 1 ? document!.children[0] : undefined;
  }

  /** False where the document is not in order. */
  #take([, verbatim, slash, name, emptySlash, text]: RegExpMatchArray): boolean {
    const top = this.#open.at(-1)!;
    const added = text === undefined ? verbatim : plain(text);
    if (text !== undefined && added === undefined) return false;
    top.text += added ?? "";
    if (name === undefined) return true;
    if (slash === "/") return this.#close(name);
    if (++this.#elements > MOST_ELEMENTS || this.#open.length > MOST_DEPTH) return false;
    this.#open.push({ name, text: "", children: [] });
    return emptySlash === "/" ? this.#close(name) : true;
  }

  #close(name: string): boolean {
    if (this.#open.length < 2 || this.#open.at(-1)!.name !== name) return false;
    const closed = this.#open.pop()!;
    this.#open.at(-1)!.children.push(closed);
    return true;
  }
}

/** Text without its entities; undefined where it names one that is not XML's own. */
function plain(text: string): string | undefined {
  let isKnown = true;
  const made = text.replace(/&([^;&]{1,10};)?/g, (_, rest: string | undefined) => {
    const letter = rest === undefined ? undefined : letterOf(rest.slice(0, -1));
    if (letter === undefined) isKnown = false;
    return letter ?? "";
  });
  return isKnown ? made : undefined;
}

function letterOf(name: string): string | undefined {
  const [, hex, decimal] = /^#(?:x([0-9a-f]{1,6})|([0-9]{1,7}))$/i.exec(name) ?? [];
  if (hex === undefined && decimal === undefined)
    return Object.hasOwn(entities, name) ? entities[name] : undefined;
  const code = hex === undefined ? Number(decimal) : parseInt(hex, 16);
  return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : undefined;
}

function textOf(bytes: Bytes): string | undefined {
  try {
    return bytesToText(bytes).replace(/^\ufeff/, "");
  } catch {
    return undefined;
  }
}
