import { concatBytes, KeepsakeError, type Bytes } from "../base/index.ts";
import type { SourceFile } from "../model/index.ts";

/** The bytes of a zip up to `end`; fewer where the file ends earlier. */
export async function readRange(file: SourceFile, start: number, end: number): Promise<Bytes> {
  const pieces: Bytes[] = [];
  for await (const piece of file.open({ start, end })) pieces.push(piece);
  return concatBytes(...pieces);
}

export function damaged(cause?: unknown): KeepsakeError {
  return new KeepsakeError("format.zip-damaged", { cause });
}

/** Numbers as zip files have them: the last byte counts most. */
export class Fields {
  readonly bytes: Bytes;
  readonly #view: DataView;

  constructor(bytes: Bytes) {
    this.bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  u16(at: number): number {
    return this.#view.getUint16(at, true);
  }

  u32(at: number): number {
    return this.#view.getUint32(at, true);
  }

  /** Past what a number holds, Infinity: larger than any file. */
  u64(at: number): number {
    const value = this.#view.getBigUint64(at, true);
    return value > BigInt(Number.MAX_SAFE_INTEGER) ? Infinity : Number(value);
  }
}

/** The extra fields of an entry, by their numbers; the first of each. What is cut off is left out. */
export function extraFields(bytes: Bytes): ReadonlyMap<number, Bytes> {
  const found = new Map<number, Bytes>();
  const fields = new Fields(bytes);
  for (let at = 0; at + 4 <= bytes.length;) {
    const end = at + 4 + fields.u16(at + 2);
    if (end > bytes.length) break;
    const id = fields.u16(at);
    if (!found.has(id)) found.set(id, bytes.subarray(at + 4, end));
    at = end;
  }
  return found;
}
