import { decodeEntities } from "./entities.ts";

/** An element as messages use it: the order between its text and its children is not kept. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly XmlElement[];
  /** Its own text and CDATA, joined. */
  readonly text: string;
  /** True where the text of the document ends in it: what it says may be half of what was said. */
  readonly isCut: boolean;
}

/** `broken`: read as far as it goes. `unsafe`: beyond a limit, or with declarations; nothing of it is read. */
type XmlProblem = "broken" | "unsafe";

export interface XmlDocument {
  /** An element without name that holds those at the top; undefined where the text is unsafe. */
  readonly root: XmlElement | undefined;
  readonly problem: XmlProblem | undefined;
}

type LimitName = "length" | "depth" | "elements" | "attributes" | "attributeLength";

/** What no message of WeChat passes. */
export const xmlLimits: Readonly<Record<LimitName, number>> = {
  /** UTF-16 code units of a document. */
  length: 8 * 1024 * 1024,
  depth: 128,
  elements: 200_000,
  /** Of one element. */
  attributes: 256,
  attributeLength: 1024 * 1024,
};

/**
 * Reads the XML of a message, in one pass and in time proportional to its length. Only elements, attributes, text,
 * CDATA, comments and the five entities of XML: declarations are refused, so nothing expands and nothing is fetched.
 * Messages are often not quite XML (a lone `&`, text around it, an end that is cut off): what can be read of them is.
 */
export function parseXml(text: string): XmlDocument {
  if (text.length > xmlLimits.length) return { root: undefined, problem: "unsafe" };
  const scan = new Scan(text);
  while (scan.at < text.length && scan.problem !== "unsafe") scan.step();
  if (scan.problem === "unsafe") return { root: undefined, problem: "unsafe" };
  return { root: scan.end(), problem: scan.problem };
}

interface OpenElement {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: XmlElement[];
  text: string;
  isCut: boolean;
}

const noAttributes: ReadonlyMap<string, string> = new Map();
/** Characters of the name of an element or an attribute. */
const nameMost = 128;
const endTag = /<\/([\w:.-]{1,128})\s{0,64}>/y;
const attributeName = /\s{0,1024}([^\s=<>"'/]{1,128})\s{0,64}=\s{0,64}(["'])/y;
const tagEnd = /\s{0,1024}(\/?)>/y;

class Scan {
  readonly #text: string;
  readonly #open: OpenElement[] = [opened("", noAttributes)];
  #elements = 0;
  at = 0;
  problem: XmlProblem | undefined;

  constructor(text: string) {
    this.#text = text;
  }

  /** Takes text up to the next `<`, and what stands there. */
  step(): void {
    const text = this.#text;
    const mark = text.indexOf("<", this.at);
    const end = mark < 0 ? text.length : mark;
    if (end > this.at) this.#top().text += decodeEntities(text.slice(this.at, end));
    this.at = end;
    if (mark < 0) return;
    const next = text[mark + 1];
    if (next === "!") this.#declaration();
    else if (next === "?") this.#skip("?>");
    else if (next === "/") this.#endTag();
    else this.#startTag();
  }

  /** The whole, once all text is taken. */
  end(): XmlElement {
    if (this.#open.length > 1) {
      this.#break();
      this.#top().isCut = true;
    }
    this.#close(1);
    return this.#open[0]!;
  }

  /** What is unsafe stays unsafe. */
  #break(): void {
    this.problem ??= "broken";
  }

  #top(): OpenElement {
    return this.#open.at(-1)!;
  }

  #close(length: number): void {
    this.#open.length = length;
  }

  #match(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.#text);
    if (found === null) return undefined;
    this.at = pattern.lastIndex;
    return found;
  }

  #declaration(): void {
    if (this.#text.startsWith("<![CDATA[", this.at)) this.#cdata();
    else if (this.#text.startsWith("<!--", this.at)) this.#skip("-->");
    else this.problem = "unsafe";
  }

  #cdata(): void {
    const start = this.at + "<![CDATA[".length;
    const end = this.#text.indexOf("]]>", start);
    this.#top().text += this.#text.slice(start, end < 0 ? undefined : end);
    this.at = end < 0 ? this.#text.length : end + "]]>".length;
    if (end < 0) this.#break();
  }

  /** Goes on behind an ending; to the end of the text where there is none. */
  #skip(ending: string): void {
    const end = this.#text.indexOf(ending, this.at);
    this.at = end < 0 ? this.#text.length : end + ending.length;
    if (end < 0) this.#break();
  }

  /** An end tag ends what stands open within its element, too; one without a start is passed over. */
  #endTag(): void {
    const expected = this.#top().name;
    const end = this.at + 2 + expected.length;
    if (expected !== "" && this.#text[end] === ">" && this.#text.startsWith(expected, this.at + 2)) {
      this.at = end + 1;
      this.#open.pop();
      return;
    }
    const name = this.#match(endTag)?.[1];
    if (name === undefined) {
      this.#literal();
      return;
    }
    const place = this.#open.findLastIndex((element) => element.name === name);
    if (place !== this.#open.length - 1) this.#break();
    if (place > 0) this.#close(place);
  }

  /** A `<` that begins no tag is text. */
  #literal(): void {
    this.#break();
    this.#top().text += "<";
    this.at += 1;
  }

  #startTag(): void {
    const start = this.at + 1;
    const end = nameEnd(this.#text, start);
    if (end === start || !isNameStart(this.#text.charCodeAt(start))) {
      this.#literal();
      return;
    }
    const name = this.#text.slice(start, end);
    this.at = end;
    const attributes = this.#text[this.at] === ">" ? noAttributes : this.#attributes();
    const isEmpty = this.#tagEnd();
    this.#elements += 1;
    if (this.#elements > xmlLimits.elements || this.#open.length > xmlLimits.depth) {
      this.problem = "unsafe";
      return;
    }
    const element = opened(name, attributes);
    this.#top().children.push(element);
    if (!isEmpty) this.#open.push(element);
  }

  /** Goes on behind the `>` of a start tag; whether the element ends with it. */
  #tagEnd(): boolean {
    if (this.#text[this.at] === ">") {
      this.at += 1;
      return false;
    }
    const end = this.#match(tagEnd);
    if (end !== undefined) return end[1] === "/";
    this.#break();
    this.#skip(">");
    return false;
  }

  #attributes(): ReadonlyMap<string, string> {
    const attributes = new Map<string, string>();
    let found: readonly [name: string, quote: string] | undefined;
    while ((found = this.#plainAttribute() ?? this.#anyAttribute()) !== undefined) {
      const [name, quote] = found;
      const quoted = this.#text.indexOf(quote, this.at);
      const end = quoted < 0 ? this.#text.length : quoted;
      if (end - this.at > xmlLimits.attributeLength || attributes.size >= xmlLimits.attributes)
        this.problem = "unsafe";
      else if (quoted >= 0 && !attributes.has(name))
        attributes.set(name, decodeEntities(this.#text.slice(this.at, end)));
      this.at = this.problem === "unsafe" ? this.#text.length : end + 1;
    }
    return attributes;
  }

  /** Goes on behind the quote with which a value begins, where all is as it mostly is: a space, a name, `="`. */
  #plainAttribute(): readonly [name: string, quote: string] | undefined {
    const start = this.at + 1;
    if (this.#text[this.at] !== " ") return undefined;
    const end = nameEnd(this.#text, start);
    if (end === start || this.#text[end] !== "=" || this.#text[end + 1] !== '"') return undefined;
    this.at = end + 2;
    return [this.#text.slice(start, end), '"'];
  }

  #anyAttribute(): readonly [name: string, quote: string] | undefined {
    const found = this.#match(attributeName);
    return found && [found[1]!, found[2]!];
  }
}

/** The end of a name of letters, digits, `_`, `:`, `.` and `-`: tens of them in each message, too many for a pattern. */
function nameEnd(text: string, start: number): number {
  let end = start;
  while (end - start < nameMost && isNameCode(text.charCodeAt(end))) end++;
  return end;
}

function isNameStart(code: number): boolean {
  const letter = code | 0x20;
  return (letter >= 0x61 && letter <= 0x7a) || code === 0x5f;
}

/** Beyond the letters: `-`, `.`, the digits, and `:`. */
function isNameCode(code: number): boolean {
  return isNameStart(code) || (code >= 0x30 && code <= 0x3a) || code === 0x2d || code === 0x2e;
}

function opened(name: string, attributes: ReadonlyMap<string, string>): OpenElement {
  return { name, attributes, children: [], text: "", isCut: false };
}
