import { concatBytes, KeepsakeError, textToBytes, type Bytes } from "../../base/index.ts";

/** FORMAT.md, "Versions": the format that this code writes, and the newest that it reads. */
export const FORMAT_VERSION = 1;
/** FORMAT.md, "Suites": 1 = AES-256-GCM, HKDF-SHA-256, SHA-256, Ed25519, X-Wing. Room for others. */
export const SUITE = 1;

/** What a stored file is: the last letter of its header. */
type FileKind = "head" | "pack" | "slots" | "journal";

const fileKinds: Readonly<Record<FileKind, number>> = { head: 0x48, pack: 0x50, slots: 0x53, journal: 0x4a };
const magic = textToBytes("KPSK");
export const HEADER_BYTES = 8;

/** The eight clear bytes that every stored file begins with: magic, format, suite, kind, zero. */
export function fileHeader(kind: FileKind): Bytes {
  return concatBytes(magic, new Uint8Array([FORMAT_VERSION, SUITE, fileKinds[kind], 0]));
}

/** Throws `vault.newer-format` if a newer Keepsake wrote the file, `vault.corrupt` if it is none of ours. */
export function checkFileHeader(file: Uint8Array, kind: FileKind): void {
  const bad = (what: string): KeepsakeError =>
    new KeepsakeError("vault.corrupt", { details: { what, kind } });
  if (file.length < HEADER_BYTES) throw bad("short-header");
  if (magic.some((byte, i) => file[i] !== byte)) throw bad("magic");
  if (file[6] !== fileKinds[kind] || file[7] !== 0) throw bad("file-kind");
  if (file[4]! > FORMAT_VERSION || file[5]! > SUITE) {
    throw new KeepsakeError("vault.newer-format", { details: { format: file[4]!, suite: file[5]! } });
  }
  if (file[4] !== FORMAT_VERSION || file[5] !== SUITE) throw bad("version");
}
