import { bytesToText, concatBytes, throwIfAborted, type Bytes } from "../base/index.ts";
import type { ByteRange, JsonValue, SourceFile } from "../model/index.ts";
import { formatLimits } from "./format.ts";
import { ValueScan } from "./json-scan.ts";
import { parseJson, parseOddJson } from "./json-values.ts";

/** One element of a long list. */
export interface JsonRecord {
  /** Undefined where it is not JSON, or nested too deep. */
  readonly value: JsonValue | undefined;
  /** Of its first byte in the file. */
  readonly offset: number;
  readonly sizeBytes: number;
  /** Its text, where there is no value. Absent if it is longer than `formatLimits.recordBytes`. */
  readonly raw?: string;
}

/**
 * The elements of the JSON list that lies in `range` of a file, in bunches, in constant memory. A list that ends too
 * early yields what there is of it, the broken last element included.
 */
export async function* jsonRecords(
  file: SourceFile,
  range: ByteRange,
  signal?: AbortSignal,
): AsyncGenerator<JsonRecord[]> {
  const splitter = new Splitter(range.start);
  for await (const chunk of file.open(range)) {
    throwIfAborted(signal);
    for (let at = 0; at < chunk.length; at += PORTION_BYTES) {
      const records = splitter.split(chunk.subarray(at, at + PORTION_BYTES));
      if (records.length > 0) yield records;
      if (splitter.isDone) return;
    }
  }
  const rest = splitter.rest();
  if (rest !== undefined) yield [rest];
}

/** So much becomes values at a time: what is short-lived costs the collector little. */
const PORTION_BYTES = 64 * 1024;

/** Where an element begins and ends in a piece of the file. */
interface Slice {
  readonly start: number;
  readonly end: number;
  readonly isOdd: boolean;
  readonly isDeep: boolean;
}

/** Finds elements in pieces of a list. */
class Splitter {
  readonly #scan: ValueScan = new ValueScan();
  #base: number;
  #isOpen = false;
  #isInside = false;
  #begun: Bytes[] = [];
  #begunBytes = 0;
  #begunAt = 0;
  isDone = false;

  constructor(base: number) {
    this.#base = base;
  }

  split(chunk: Bytes): JsonRecord[] {
    const records: JsonRecord[] = [];
    const slices: Slice[] = [];
    let at = this.#isInside ? this.#finish(chunk, records) : 0;
    while (at >= 0 && at < chunk.length && !this.isDone) {
      const byte = chunk[at]!;
      if (byte <= 0x20 || byte === 0x2c) at += 1;
      else if (!this.#isOpen) {
        this.#isOpen = byte === 0x5b;
        this.isDone = !this.#isOpen;
        at += 1;
      } else if (byte === 0x5d) this.isDone = true;
      else at = this.#element(chunk, at, slices);
    }
    records.push(...parseSlices(chunk, slices, this.#base));
    this.#base += chunk.length;
    return records;
  }

  /** The element that the file ended in. */
  rest(): JsonRecord | undefined {
    if (!this.#isInside) return undefined;
    return this.#begunRecord(new Uint8Array(0));
  }

  #element(chunk: Bytes, start: number, slices: Slice[]): number {
    const scan = this.#scan;
    scan.start(chunk[start]!);
    const end = scan.scan(chunk, start);
    if (end < 0) {
      this.#isInside = true;
      this.#begunAt = this.#base + start;
      this.#keep(chunk.slice(start));
      return -1;
    }
    const isDeep = scan.depth > formatLimits.recordDepth;
    const after = Math.max(end, start + 1);
    slices.push({ start, end: after, isOdd: scan.isOdd, isDeep });
    return after;
  }

  /** Goes on with the element that an earlier piece began; the place after it, or -1. */
  #finish(chunk: Bytes, records: JsonRecord[]): number {
    const end = this.#scan.scan(chunk, 0);
    if (end < 0) {
      this.#keep(chunk.slice());
      return -1;
    }
    records.push(this.#begunRecord(chunk.subarray(0, end)));
    this.#isInside = false;
    return end;
  }

  #keep(chunk: Bytes): void {
    this.#begunBytes += chunk.length;
    if (this.#begunBytes <= formatLimits.recordBytes) this.#begun.push(chunk);
    else this.#begun = [];
  }

  #begunRecord(last: Uint8Array): JsonRecord {
    const sizeBytes = this.#begunBytes + last.length;
    const isKept = sizeBytes <= formatLimits.recordBytes;
    const bytes = isKept ? concatBytes(...this.#begun, last) : undefined;
    this.#begun = [];
    this.#begunBytes = 0;
    const offset = this.#begunAt;
    if (bytes === undefined) return { value: undefined, offset, sizeBytes };
    return oneRecord(bytes, offset, this.#scan.depth > formatLimits.recordDepth);
  }
}

/** Plain neighbours are parsed together, which is quicker; one by one if that fails. */
function parseSlices(chunk: Bytes, slices: readonly Slice[], base: number): JsonRecord[] {
  const records: JsonRecord[] = [];
  let i = 0;
  while (i < slices.length) {
    let next = i;
    while (next < slices.length && !slices[next]!.isOdd && !slices[next]!.isDeep) next += 1;
    const run = slices.slice(i, next);
    const values = run.length > 1 ? parseRun(chunk, run) : undefined;
    for (let place = 0; place < run.length; place++) {
      const { start, end } = run[place]!;
      if (values === undefined) records.push(oneRecord(chunk.subarray(start, end), base + start, false));
      else records.push({ value: values[place]!, offset: base + start, sizeBytes: end - start });
    }
    if (next < slices.length) {
      const { start, end, isDeep } = slices[next]!;
      records.push(oneRecord(chunk.subarray(start, end), base + start, isDeep));
      next += 1;
    }
    i = next;
  }
  return records;
}

function parseRun(chunk: Bytes, run: readonly Slice[]): readonly JsonValue[] | undefined {
  const text = textOf(asList(chunk.subarray(run[0]!.start, run.at(-1)!.end)));
  const values = text === undefined ? undefined : parseJson(text);
  return Array.isArray(values) && values.length === run.length ? values : undefined;
}

/** The bytes in brackets: putting these around a text would copy all of it. */
function asList(bytes: Bytes): Bytes {
  const list = listMemory.subarray(0, bytes.length + 2);
  list[0] = 0x5b;
  list.set(bytes, 1);
  list[bytes.length + 1] = 0x5d;
  return list;
}

const listMemory: Bytes = new Uint8Array(PORTION_BYTES + 2);

function oneRecord(bytes: Uint8Array, offset: number, isDeep: boolean): JsonRecord {
  const text = textOf(bytes);
  const value = text === undefined || isDeep ? undefined : parseOddJson(text);
  if (value !== undefined) return { value, offset, sizeBytes: bytes.length };
  return { value, offset, sizeBytes: bytes.length, raw: text ?? looseText(bytes) };
}

/** The text of bytes; undefined if they are not UTF-8. */
export function textOf(bytes: Uint8Array): string | undefined {
  try {
    return bytesToText(bytes);
  } catch {
    return undefined;
  }
}

const looseDecoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** The text of bytes that may not be UTF-8, U+FFFD for what is not. */
export function looseText(bytes: Uint8Array): string {
  return looseDecoder.decode(bytes);
}
