import { bytesToText, concatBytes, KeepsakeError, throwIfAborted, type Bytes } from "../base/index.ts";
import type { JsonValue, SourceFile } from "../model/index.ts";
import { formatLimits } from "./format.ts";
import { ValueScan } from "./json-scan.ts";
import { parseOddJson } from "./json-values.ts";

/** Where a value lies in a JSON document: keys and places in lists from the root on. */
export type JsonPath = readonly (string | number)[];

/** What to do with the value at a path: look inside, take it, or note only where it lies. */
export type Visit = "enter" | "keep" | "skip";

/** A value that was met. */
export type OutlinePart =
  | { readonly type: "kept"; readonly path: JsonPath; readonly value: JsonValue }
  | { readonly type: "skipped"; readonly path: JsonPath; readonly start: number; readonly end: number }
  /** What was entered, before anything in it. */
  | { readonly type: "entered"; readonly path: JsonPath; readonly isList: boolean }
  /** From here on the document is broken, or ends too early. */
  | { readonly type: "broken"; readonly at: number };

/** How deep an outline goes. */
const maxDepth = 8;

/**
 * Walks through a JSON document of any size and yields its parts as `visit` asks, in the order of the file. What is
 * kept may be `formatLimits.frameBytes` together (`base.limit`). Ends at the first broken place outside of values.
 */
export async function* outline(
  file: SourceFile,
  visit: (path: JsonPath) => Visit,
  signal?: AbortSignal,
): AsyncGenerator<OutlinePart> {
  const cursor = new Cursor(file, signal);
  if ((await cursor.next()) === 0xef) await cursor.skipMark();
  const walk: Walk = { cursor, visit, budget: { bytes: formatLimits.frameBytes } };
  try {
    const isWhole = yield* parts(walk, []);
    if (!isWhole) yield { type: "broken", at: cursor.offset };
  } finally {
    await cursor.close();
  }
}

interface Walk {
  readonly cursor: Cursor;
  readonly visit: (path: JsonPath) => Visit;
  readonly budget: { bytes: number };
}

/** One value and what is in it; false where the document breaks. */
async function* parts(walk: Walk, path: JsonPath): AsyncGenerator<OutlinePart, boolean> {
  const { cursor } = walk;
  const first = await cursor.next();
  if (first < 0 || first === 0x7d || first === 0x5d) return false;
  const wish = walk.visit(path);
  const isList = first === 0x5b;
  if (wish === "enter" && (isList || first === 0x7b) && path.length < maxDepth) {
    cursor.take();
    yield { type: "entered", path, isList };
    return yield* isList ? listParts(walk, path) : objectParts(walk, path);
  }
  const start = cursor.offset;
  if (wish === "skip") {
    const isWhole = await cursor.value(undefined);
    yield { type: "skipped", path, start, end: cursor.offset };
    return isWhole;
  }
  const value = await keptValue(walk);
  if (value !== undefined) yield { type: "kept", path, value };
  return value !== undefined;
}

async function keptValue({ cursor, budget }: Walk): Promise<JsonValue | undefined> {
  const chunks: Bytes[] = [];
  const isWhole = await cursor.value((chunk) => {
    budget.bytes -= chunk.length;
    if (budget.bytes < 0) throw new KeepsakeError("base.limit", { details: { what: "frame" } });
    chunks.push(chunk);
  });
  if (!isWhole || cursor.depth > formatLimits.recordDepth) return undefined;
  try {
    return parseOddJson(bytesToText(concatBytes(...chunks)));
  } catch {
    return undefined;
  }
}

async function* listParts(walk: Walk, path: JsonPath): AsyncGenerator<OutlinePart, boolean> {
  const { cursor } = walk;
  for (let place = 0; ; place++) {
    if ((await cursor.next()) === 0x5d) break;
    const isWhole = yield* parts(walk, [...path, place]);
    if (!isWhole) return false;
    if ((await cursor.next()) === 0x2c) cursor.take();
    else if ((await cursor.next()) !== 0x5d) return false;
  }
  cursor.take();
  return true;
}

async function* objectParts(walk: Walk, path: JsonPath): AsyncGenerator<OutlinePart, boolean> {
  const { cursor } = walk;
  for (;;) {
    const first = await cursor.next();
    if (first === 0x7d) break;
    const key = first === 0x22 ? await keptValue(walk) : undefined;
    if (typeof key !== "string" || (await cursor.next()) !== 0x3a) return false;
    cursor.take();
    const isWhole = yield* parts(walk, [...path, key]);
    if (!isWhole) return false;
    if ((await cursor.next()) === 0x2c) cursor.take();
    else if ((await cursor.next()) !== 0x7d) return false;
  }
  cursor.take();
  return true;
}

/** A place in a file that only goes forward. */
class Cursor {
  readonly #chunks: AsyncIterator<Bytes>;
  readonly #signal: AbortSignal | undefined;
  readonly #scan: ValueScan = new ValueScan();
  #chunk: Bytes = new Uint8Array(0);
  #at = 0;
  #base = 0;

  constructor(file: SourceFile, signal: AbortSignal | undefined) {
    this.#chunks = file.open()[Symbol.asyncIterator]();
    this.#signal = signal;
  }

  /** Bytes before this place. */
  get offset(): number {
    return this.#base + this.#at;
  }

  /** Levels of nesting of the last value. */
  get depth(): number {
    return this.#scan.depth;
  }

  /** The next byte that is no white space, not yet taken; -1 at the end. */
  async next(): Promise<number> {
    for (;;) {
      while (this.#at < this.#chunk.length) {
        const byte = this.#chunk[this.#at]!;
        if (byte > 0x20) return byte;
        this.#at += 1;
      }
      if (!(await this.#refill())) return -1;
    }
  }

  take(): void {
    this.#at += 1;
  }

  /** Passes over a byte order mark. */
  async skipMark(): Promise<void> {
    for (const byte of [0xef, 0xbb, 0xbf]) if ((await this.next()) === byte) this.take();
  }

  /** Passes over one value and gives its bytes to `sink`; false if the file ends before the value does. */
  async value(sink: ((chunk: Bytes) => void) | undefined): Promise<boolean> {
    const first = await this.next();
    this.#scan.start(first);
    for (;;) {
      const end = this.#scan.scan(this.#chunk, this.#at);
      const to = end < 0 ? this.#chunk.length : end;
      if (sink !== undefined && to > this.#at) sink(this.#chunk.slice(this.#at, to));
      const isStuck = end === this.#at;
      this.#at = to;
      if (end >= 0) return !isStuck;
      if (!(await this.#refill())) return false;
    }
  }

  close(): Promise<unknown> {
    return Promise.resolve(this.#chunks.return?.());
  }

  async #refill(): Promise<boolean> {
    throwIfAborted(this.#signal);
    const { done, value } = await this.#chunks.next();
    if (done === true) return false;
    this.#base += this.#chunk.length;
    this.#chunk = value;
    this.#at = 0;
    return true;
  }
}
