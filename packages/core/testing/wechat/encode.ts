import { concatBytes, textToBytes, u32ToBytes, type Bytes } from "../../src/base/index.ts";

const PAGE_BYTES = 4096;

/** A field of protobuf that has a length. */
export function protoField(number: number, value: Uint8Array | string): Bytes {
  const bytes = typeof value === "string" ? textToBytes(value) : value;
  return concatBytes(new Uint8Array([number * 8 + 2]), sized(bytes));
}

/** Texts by their keys as an MMKV file has them, one after the other; and the file beside it. */
export function mmkvFiles(entries: readonly (readonly [key: string, text: string])[]): {
  readonly content: Bytes;
  readonly checks: Bytes;
} {
  const pairs = entries.map(([key, text]) =>
    concatBytes(sized(textToBytes(key)), sized(sized(textToBytes(text)))),
  );
  const written = concatBytes(new Uint8Array([0xff, 0xff, 0xff, 0x07]), ...pairs);
  const size = u32ToBytes(written.length).reverse();
  const content = new Uint8Array(PAGE_BYTES * Math.ceil((written.length + size.length) / PAGE_BYTES));
  content.set(concatBytes(size, written));
  const checks = new Uint8Array(PAGE_BYTES);
  checks.set(size, 32);
  return { content, checks };
}

/** Bytes with their length before them. */
function sized(bytes: Uint8Array): Bytes {
  return concatBytes(new Uint8Array(varint(bytes.length)), bytes);
}

/** A number seven bits at a time, the least first. */
function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  return [...bytes, rest];
}
