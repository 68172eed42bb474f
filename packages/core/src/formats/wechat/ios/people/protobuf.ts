import type { Bytes } from "../../../../base/index.ts";

/** A field of a protobuf message: a number for varints, bytes for what has a length; other widths as their bytes. */
export interface ProtoField {
  readonly number: number;
  readonly value: bigint | Bytes;
}

const MOST_FIELDS = 100_000;

/** The fields of a message in their order; those before the place where it is broken. Groups end it. */
export function protoFields(bytes: Bytes): ProtoField[] {
  const fields: ProtoField[] = [];
  const reader = new ByteReader(bytes);
  while (!reader.isAtEnd && fields.length < MOST_FIELDS) {
    const key = reader.varint();
    if (key === undefined) break;
    const [number, width] = [Number(key >> 3n), Number(key & 7n)];
    const value = width === 0 ? reader.varint() : reader.take(lengthOf(width, reader));
    if (number === 0 || value === undefined) break;
    fields.push({ number, value });
  }
  return fields;
}

/** The text of the first field of that number, if it is a text. */
export function protoText(fields: readonly ProtoField[], number: number): string | undefined {
  const bytes = protoBytes(fields, number);
  if (bytes === undefined) return undefined;
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return text === "" ? undefined : text;
  } catch {
    return undefined;
  }
}

/** The bytes of the first field of that number that has any. */
export function protoBytes(fields: readonly ProtoField[], number: number): Bytes | undefined {
  const found = fields.find((field) => field.number === number && typeof field.value !== "bigint");
  return typeof found?.value === "bigint" ? undefined : found?.value;
}

function lengthOf(width: number, reader: ByteReader): number | undefined {
  if (width === 1) return 8;
  if (width === 5) return 4;
  const length = width === 2 ? reader.varint() : undefined;
  return length === undefined || length > 0x7fff_ffffn ? undefined : Number(length);
}

/** Goes along bytes; undefined where there are not as many. */
export class ByteReader {
  readonly #bytes: Bytes;
  #at = 0;

  constructor(bytes: Bytes) {
    this.#bytes = bytes;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#bytes.length;
  }

  varint(): bigint | undefined {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.#bytes[this.#at++];
      if (byte === undefined) return undefined;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    return undefined;
  }

  /** Bytes with their length before them. */
  sized(): Bytes | undefined {
    return this.take(lengthOf(2, this));
  }

  take(length: number | undefined): Bytes | undefined {
    if (length === undefined || this.#at + length > this.#bytes.length) return undefined;
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }
}
