import { concatBytes, throwIfAborted, type Bytes } from "../base/index.ts";
import type { SourceFile } from "../model/index.ts";
import { looseText, textOf } from "./json-records.ts";

/** A line of a text file, without what ends it. */
export interface Line {
  /** Undefined where the line is longer than the limit. */
  readonly text: string | undefined;
  /** Counted from 1. */
  readonly number: number;
  /** False for a last line that nothing ends. */
  readonly isEnded: boolean;
  /** False where bytes were no UTF-8: U+FFFD stands for them. */
  readonly isUtf8: boolean;
}

/** The lines of a file in bunches, in constant memory; a byte order mark and CR before LF are taken away. */
export async function* lines(
  file: SourceFile,
  maxLineBytes: number,
  signal?: AbortSignal,
): AsyncGenerator<Line[]> {
  const splitter = new LineSplitter(maxLineBytes);
  for await (const chunk of file.open()) {
    throwIfAborted(signal);
    const found = splitter.split(chunk);
    if (found.length > 0) yield found;
  }
  const rest = splitter.rest();
  if (rest !== undefined) yield [rest];
}

class LineSplitter {
  readonly #maxBytes: number;
  #begun: Bytes[] = [];
  #begunBytes = 0;
  #number = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  split(chunk: Bytes): Line[] {
    const last = chunk.lastIndexOf(0x0a);
    if (last < 0) {
      this.#keep(chunk.slice());
      return [];
    }
    const first = this.#begunBytes > 0 ? chunk.indexOf(0x0a) : -1;
    const found: Line[] = [];
    if (first >= 0) found.push(this.#begunLine(chunk.subarray(0, first), true));
    if (last > first) this.#whole(chunk.subarray(first + 1, last), found);
    if (last + 1 < chunk.length) this.#keep(chunk.slice(last + 1));
    return found;
  }

  rest(): Line | undefined {
    return this.#begunBytes === 0 ? undefined : this.#begunLine(new Uint8Array(0), false);
  }

  #whole(bytes: Uint8Array, found: Line[]): void {
    const text = textOf(bytes);
    if (text !== undefined) {
      for (const line of text.split("\n")) found.push(this.#line(line, true, true));
      return;
    }
    let start = 0;
    while (start <= bytes.length) {
      const newline = bytes.indexOf(0x0a, start);
      const end = newline < 0 ? bytes.length : newline;
      found.push(this.#bytesLine(bytes.subarray(start, end), true));
      start = end + 1;
    }
  }

  #begunLine(end: Uint8Array, isEnded: boolean): Line {
    const bytes =
      this.#begunBytes + end.length <= this.#maxBytes ? concatBytes(...this.#begun, end) : undefined;
    this.#begun = [];
    this.#begunBytes = 0;
    if (bytes !== undefined) return this.#bytesLine(bytes, isEnded);
    this.#number += 1;
    return { text: undefined, number: this.#number, isEnded, isUtf8: true };
  }

  #bytesLine(bytes: Uint8Array, isEnded: boolean): Line {
    const text = textOf(bytes);
    return this.#line(text ?? looseText(bytes), isEnded, text !== undefined);
  }

  #line(text: string, isEnded: boolean, isUtf8: boolean): Line {
    this.#number += 1;
    const from = this.#number === 1 && text.startsWith("\ufeff") ? 1 : 0;
    const to = text.endsWith("\r") ? text.length - 1 : text.length;
    return { text: text.slice(from, to), number: this.#number, isEnded, isUtf8 };
  }

  #keep(chunk: Bytes): void {
    this.#begunBytes += chunk.length;
    if (this.#begunBytes <= this.#maxBytes) this.#begun.push(chunk);
    else this.#begun = [];
  }
}
