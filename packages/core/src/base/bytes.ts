/** Bytes whose memory is never shared, as WebCrypto wants them. */
export type Bytes = Uint8Array<ArrayBuffer>;

const encoder = new TextEncoder();
const strictDecoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** The UTF-8 bytes of a text; lone surrogates become U+FFFD, as everywhere on the web. */
export function textToBytes(text: string): Bytes {
  return encoder.encode(text);
}

/** The text of UTF-8 bytes. Throws TypeError on invalid UTF-8; a BOM is kept. */
export function bytesToText(bytes: Uint8Array): string {
  return strictDecoder.decode(bytes);
}

export function concatBytes(...chunks: readonly Uint8Array[]): Bytes {
  let length = 0;
  for (const chunk of chunks) length += chunk.length;
  const whole = new Uint8Array(length);
  let offset = 0;
  for (const chunk of chunks) {
    whole.set(chunk, offset);
    offset += chunk.length;
  }
  return whole;
}

/** Smaller ones are not worth a call, and may share their memory with others. */
const RELEASE_BYTES = 4096;

/**
 * Gives the memory of bytes back at once. Only for who alone knows the memory under them: it is gone for every view of
 * it. The collector comes late for what does not lie in its heap, and looks through all of it each time.
 */
export function release({ buffer }: Bytes): void {
  if (buffer.byteLength >= RELEASE_BYTES) buffer.transfer(0);
}

/** Equal in length and content. Takes the same time wherever the first difference lies. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  let difference = 0;
  for (let i = 0; i < a.length; i++) difference |= a[i]! ^ b[i]!;
  return difference === 0;
}

const hexDigits = Uint8Array.from("0123456789abcdef", (digit) => digit.charCodeAt(0));
/** A call takes only so many arguments. */
const HEX_PORTION_BYTES = 4096;

/** In one go: a text put together piece by piece keeps all its pieces, and takes eight times its length for as long as it lives. */
export function bytesToHex(bytes: Uint8Array): string {
  if (bytes.length > HEX_PORTION_BYTES)
    return bytesToHex(bytes.subarray(0, HEX_PORTION_BYTES)) + bytesToHex(bytes.subarray(HEX_PORTION_BYTES));
  const digits: number[] = [];
  for (const byte of bytes) digits.push(hexDigits[byte >> 4]!, hexDigits[byte & 15]!);
  return String.fromCharCode(...digits);
}

/** What each character counts as a lower-case hex digit. */
const digitValues = new Uint8Array(128).fill(0xff);
for (const [value, digit] of [..."0123456789abcdef"].entries()) digitValues[digit.charCodeAt(0)] = value;

/** The bytes of lower-case hex digits; undefined for anything else. */
export function hexToBytes(hex: string): Bytes | undefined {
  if (hex.length % 2 === 1) return undefined;
  const bytes = new Uint8Array(hex.length / 2);
  for (let i = 0; i < bytes.length; i++) {
    const high = digitValues[hex.charCodeAt(2 * i)] ?? 0xff;
    const low = digitValues[hex.charCodeAt(2 * i + 1)] ?? 0xff;
    if ((high | low) > 15) return undefined;
    bytes[i] = high * 16 + low;
  }
  return bytes;
}

const base64StepBytes = 3 * 8192;

/** Base64 as RFC 4648 has it, padded. */
export function base64Of(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += base64StepBytes)
    text += btoa(String.fromCharCode(...bytes.subarray(at, at + base64StepBytes)));
  return text;
}

export function u32ToBytes(value: number): Bytes {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value);
  return bytes;
}

/** Eight bytes, big endian, of a whole number from 0 to 2^53 - 1. */
export function u64ToBytes(value: number): Bytes {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(value));
  return bytes;
}
