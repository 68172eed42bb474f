import { KeepsakeError, textToBytes, type Bytes, type ForeignCiphers } from "../base/index.ts";

/** Keys of protection classes, by the class's number. */
export type ClassKeys = ReadonlyMap<number, Bytes>;

const WRAPPED_BY_PASSWORD = 2;
const WRAPPED_BYTES = 40;
/** Apple asks for some ten million; a hostile file could ask for years. */
const MOST_ROUNDS = 100_000_000;

interface WrappedClass {
  readonly number: number;
  readonly wrap: number;
  readonly key: Bytes;
}

/** A keybag: how the password becomes a key, and the class keys that it opens. */
export interface Keybag {
  readonly salt: Bytes;
  readonly rounds: number;
  /** A first derivation, with SHA-256; absent in old backups. */
  readonly first?: { readonly salt: Bytes; readonly rounds: number } | undefined;
  readonly classes: readonly WrappedClass[];
}

/** Reads `BackupKeyBag`: four letters, a length, a value, and so on. Throws `format.damaged`. */
export function readKeybag(bytes: Bytes): Keybag {
  const [header, ...records] = recordsOf(bytes);
  if (header === undefined) throw damaged("empty");
  const salt = header.get("SALT");
  const rounds = numberOf(header.get("ITER"));
  const [firstSalt, firstRounds] = [header.get("DPSL"), numberOf(header.get("DPIC"))];
  if (salt === undefined || !areRounds(rounds)) throw damaged("parameters");
  const hasFirst = firstSalt !== undefined && firstRounds !== undefined;
  if (hasFirst && !areRounds(firstRounds)) throw damaged("parameters");
  const classes = records.flatMap((record): WrappedClass[] => {
    const [number, wrap, key] = [
      numberOf(record.get("CLAS")),
      numberOf(record.get("WRAP")),
      record.get("WPKY"),
    ];
    return number === undefined || wrap === undefined || key?.length !== WRAPPED_BYTES
      ? []
      : [{ number, wrap, key }];
  });
  return { salt, rounds, first: hasFirst ? { salt: firstSalt, rounds: firstRounds } : undefined, classes };
}

/** The header, then a record for each class: the second and every later UUID begins one. */
function recordsOf(bytes: Bytes): Map<string, Bytes>[] {
  const records: Map<string, Bytes>[] = [new Map()];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at < bytes.length;) {
    if (at + 8 > bytes.length) throw damaged("end");
    const tag = String.fromCharCode(...bytes.subarray(at, at + 4));
    const end = at + 8 + view.getUint32(at + 4);
    if (end > bytes.length) throw damaged("end");
    if (tag === "UUID" && records.at(-1)!.has("UUID")) records.push(new Map());
    records.at(-1)!.set(tag, bytes.slice(at + 8, end));
    at = end;
  }
  return records;
}

/** The class keys that the password opens. Throws `format.wrong-password` if it opens none, or not all. */
export async function unlockKeybag(
  keybag: Keybag,
  password: string,
  ciphers: ForeignCiphers,
): Promise<ClassKeys> {
  const { salt, rounds, first, classes } = keybag;
  const typed = textToBytes(password);
  const stretched =
    first === undefined ? typed : await ciphers.pbkdf2("sha256", typed, first.salt, first.rounds);
  const key = await ciphers.pbkdf2("sha1", stretched, salt, rounds);
  const keys = new Map<number, Bytes>();
  for (const { number, wrap, key: wrapped } of classes) {
    if ((wrap & WRAPPED_BY_PASSWORD) === 0) continue;
    const opened = await ciphers.unwrapKey(key, wrapped);
    if (opened === undefined) throw new KeepsakeError("format.wrong-password");
    keys.set(number, opened);
  }
  if (keys.size === 0) throw damaged("no-classes");
  return keys;
}

/** The key of a file: its class in four bytes, the least first, then the wrapped key. Undefined if none opens it. */
export async function unwrapFileKey(
  wrapped: Bytes,
  classKeys: ClassKeys,
  ciphers: ForeignCiphers,
): Promise<Bytes | undefined> {
  if (wrapped.length !== 4 + WRAPPED_BYTES) return undefined;
  const number = new DataView(wrapped.buffer, wrapped.byteOffset).getUint32(0, true);
  const classKey = classKeys.get(number);
  return classKey && (await ciphers.unwrapKey(classKey, wrapped.slice(4)));
}

function areRounds(rounds: number | undefined): rounds is number {
  return rounds !== undefined && rounds >= 1 && rounds <= MOST_ROUNDS;
}

function numberOf(bytes: Bytes | undefined): number | undefined {
  return bytes?.length === 4 ? new DataView(bytes.buffer, bytes.byteOffset).getUint32(0) : undefined;
}

function damaged(what: string): KeepsakeError {
  return new KeepsakeError("format.damaged", { details: { what: `keybag-${what}` } });
}
