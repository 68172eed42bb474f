import type { Finding, FindingCode } from "../../../base/index.ts";
import {
  limits,
  type Body,
  type Deletion,
  type Kind,
  type PayloadOf,
  type Reply,
} from "../../../model/index.ts";
import type { RowContext, RowFile } from "./row.ts";
import { innerXml } from "./xml/look.ts";
import { parseXml, type XmlElement } from "./xml/parse.ts";

/** What the readers of types find in a row. */
export interface Part {
  readonly kind: Kind;
  readonly body?: Body;
  readonly payload?: object;
  readonly reply?: Reply;
  readonly deletion?: Deletion;
  readonly revokes?: string;
  readonly isNoise?: true;
}

/** Reads a row of one type; undefined where it is not what the type promises. */
export type Reader = (reading: Reading) => Part | undefined;

/** What a reading starts from. */
export interface ReadingStart {
  readonly type: number;
  readonly text: string;
  readonly context: RowContext;
  /** How many rows this one lies in. */
  readonly depth: number;
  /** Reads a row of any type: what is quoted is one. */
  readonly read: Reader;
}

/** A row while it is read, or what it quotes. */
export class Reading {
  readonly type: number;
  /** Without the sender that stands before it in groups. */
  readonly text: string;
  readonly context: RowContext;
  readonly files: RowFile[] = [];
  readonly #start: ReadingStart;
  readonly #findings: Map<string, Finding> = new Map();

  constructor(start: ReadingStart) {
    this.type = start.type;
    this.text = start.text;
    this.context = start.context;
    this.#start = start;
  }

  get findings(): Finding[] {
    return [...this.#findings.values()];
  }

  /** The elements of a text, which may stand behind something else or be escaped. */
  xml(text: string): XmlElement | undefined {
    const start = text.indexOf("<");
    const inner = innerXml(text) ?? (start < 0 ? undefined : text.slice(start));
    if (inner === undefined) return undefined;
    const { root, problem } = parseXml(inner);
    if (problem !== undefined) this.note(`wechat.${problem}-xml`);
    return root;
  }

  /** The elements within an element, be they its children or lie in its text as a document of their own. */
  inside(element: XmlElement | undefined): XmlElement | undefined {
    if (element === undefined || element.children.length > 0 || element.text === "") return element;
    return innerXml(element.text) === undefined ? element : this.xml(element.text);
  }

  /** The row's own text was expected to be XML of some shape, and is not. */
  misses(element: XmlElement | undefined): void {
    if (element === undefined && this.text.trim() !== "") this.note("wechat.broken-xml");
  }

  note(code: FindingCode): void {
    this.#findings.set(code, { code, severity: "warning" });
  }

  /** The place of a file in the list of attachments; undefined where the list is full. */
  add(file: RowFile): number | undefined {
    return this.files.length < limits.listLength ? this.files.push(file) - 1 : undefined;
  }

  /** What a row within this one says, and its files; undefined beyond the depth that messages reach. */
  quoted(type: number, text: string): { part: Part | undefined; files: readonly RowFile[] } | undefined {
    const { depth, context, read } = this.#start;
    if (depth >= mostQuotes) return undefined;
    const reading = new Reading({ type, text, context, read, depth: depth + 1 });
    return { part: read(reading), files: reading.files };
  }
}

/** How many quotes lie in each other and are read. */
const mostQuotes = 4;

/** A part of a kind; a payload without fields is left out. */
export function part<K extends Kind>(
  kind: K,
  payload: PayloadOf<K>,
  rest: Omit<Part, "kind" | "payload"> = {},
): Part {
  return { kind, ...(Object.keys(payload).length > 0 && { payload }), ...rest };
}

/** The fields that are there. */
export function given<T extends object>(fields: T): { readonly [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    readonly [K in keyof T]?: Exclude<T[K], undefined>;
  };
}

/** A body of some words, where there are any. */
export function bodyOf(text: string | undefined): { readonly body?: Body } {
  return text === undefined ? {} : { body: { text } };
}
