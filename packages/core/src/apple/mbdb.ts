import { KeepsakeError, type Bytes } from "../base/index.ts";

const MAGIC = [0x6d, 0x62, 0x64, 0x62, 5, 0];
const NULL_LENGTH = 0xffff;
const FIXED_BYTES = 40;

/** A record of the manifest that backups had before iOS 10. */
export interface MbdbRecord {
  readonly domain: string;
  readonly path: string;
  readonly linkTarget?: string | undefined;
  readonly mode: number;
  readonly modifiedMs: number;
  readonly sizeBytes: number;
  readonly protectionClass: number;
  /** The file's key, wrapped, with its class before it; absent in backups without a password. */
  readonly encryptionKey?: Bytes | undefined;
}

function isMbdb(bytes: Uint8Array): boolean {
  return MAGIC.every((byte, i) => bytes[i] === byte);
}

/** The records of `Manifest.mbdb`. Throws `format.damaged` where they end within one; those before have been given. */
export function* readMbdb(bytes: Bytes): Generator<MbdbRecord> {
  if (!isMbdb(bytes)) throw damaged("header");
  const reader = new Reader(bytes, MAGIC.length);
  while (!reader.isAtEnd) yield readRecord(reader);
}

function readRecord(reader: Reader): MbdbRecord {
  const domain = reader.text() ?? "";
  const path = reader.text() ?? "";
  const linkTarget = reader.text();
  reader.data(); // the digest of the content, of no use: SHA-1 of a file that may have grown since
  const encryptionKey = reader.data();
  const fixed = reader.view(FIXED_BYTES);
  const properties = fixed.getUint8(39);
  for (let i = 0; i < 2 * properties; i++) reader.data();
  return {
    domain,
    path,
    linkTarget,
    mode: fixed.getUint16(0),
    modifiedMs: fixed.getUint32(18) * 1000,
    sizeBytes: Number(fixed.getBigUint64(30)),
    protectionClass: fixed.getUint8(38),
    encryptionKey,
  };
}

class Reader {
  readonly #bytes: Bytes;
  #at: number;

  constructor(bytes: Bytes, at: number) {
    this.#bytes = bytes;
    this.#at = at;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#bytes.length;
  }

  view(length: number): DataView {
    const bytes = this.#take(length);
    return new DataView(bytes.buffer, bytes.byteOffset, length);
  }

  data(): Bytes | undefined {
    const length = this.view(2).getUint16(0);
    return length === NULL_LENGTH ? undefined : this.#take(length).slice();
  }

  text(): string | undefined {
    const bytes = this.data();
    return bytes && new TextDecoder().decode(bytes);
  }

  #take(length: number): Bytes {
    if (this.#at + length > this.#bytes.length) throw damaged("end");
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }
}

function damaged(what: string): KeepsakeError {
  return new KeepsakeError("format.damaged", { details: { what: `mbdb-${what}` } });
}
