import { createCipheriv, createDecipheriv, pbkdf2Sync } from "node:crypto";
import { concatBytes, textToBytes, u32ToBytes, type Bytes } from "../../src/base/index.ts";

const CHECK = new Uint8Array(8).fill(0xa6);
const NO_IV = new Uint8Array(16);
const CLASSES = [1, 2, 3, 4, 6, 7, 8, 9, 10, 11];

/** How a test protects a backup. Real ones have some ten million first rounds. */
export interface Protection {
  readonly password: string;
  readonly rounds: number;
  /** Absent as in backups before iOS 10.2. */
  readonly firstRounds?: number;
}

/** A keybag, and what files are protected with. */
export interface MadeKeybag {
  readonly bytes: Bytes;
  /** A file's or the manifest's own key, wrapped with a class's, its number before it. */
  wrap(classNumber: number, key: Bytes): Bytes;
}

export function makeKeybag({ password, rounds, firstRounds }: Protection): MadeKeybag {
  const [salt, firstSalt] = [counted(20, 1), counted(20, 2)];
  const typed = textToBytes(password);
  const first = firstRounds === undefined ? typed : pbkdf2Sync(typed, firstSalt, firstRounds, 32, "sha256");
  const key = pbkdf2Sync(first, salt, rounds, 32, "sha1");
  const classKeys = new Map(CLASSES.map((number) => [number, counted(32, 10 + number)]));
  const header = [
    field("VERS", u32ToBytes(3)),
    field("TYPE", u32ToBytes(1)),
    field("UUID", counted(16, 3)),
    field("HMCK", counted(40, 4)),
    field("WRAP", u32ToBytes(1)),
    field("SALT", salt),
    field("ITER", u32ToBytes(rounds)),
    ...(firstRounds === undefined
      ? []
      : [field("DPWT", u32ToBytes(0)), field("DPIC", u32ToBytes(firstRounds)), field("DPSL", firstSalt)]),
  ];
  const records = [...classKeys].map(([number, classKey]) =>
    concatBytes(
      field("UUID", counted(16, 50 + number)),
      field("CLAS", u32ToBytes(number)),
      field("WRAP", u32ToBytes(number === 10 ? 3 : 2)),
      field("KTYP", u32ToBytes(0)),
      field("WPKY", wrapped(key, classKey)),
    ),
  );
  return {
    bytes: concatBytes(...header, ...records),
    wrap(classNumber, fileKey) {
      const number = new Uint8Array([classNumber, 0, 0, 0]);
      return concatBytes(number, wrapped(classKeys.get(classNumber)!, fileKey));
    },
  };
}

/** Files as a protected backup holds them: AES-256-CBC with PKCS#7, or filled up with nothing as the manifest is. */
type Padding = "pkcs7" | "zeros";

/** Takes a plain file piece by piece, and gives it as a protected backup holds it. */
export function protecting(key: Bytes, padding: Padding = "pkcs7"): PieceCipher {
  const cipher = createCipheriv("aes-256-cbc", key, NO_IV).setAutoPadding(padding === "pkcs7");
  if (padding === "pkcs7") return cipher;
  let length = 0;
  return {
    update(plain) {
      length += plain.length;
      return cipher.update(plain);
    },
    final: () => Buffer.concat([cipher.update(new Uint8Array((16 - (length % 16)) % 16)), cipher.final()]),
  };
}

/** The same for a file that is at hand. */
export function protectedBytes(key: Bytes, plain: Bytes): Bytes {
  const cipher = protecting(key);
  return new Uint8Array(Buffer.concat([cipher.update(plain), cipher.final()]));
}

/** The way back: what was filled up with nothing stays so long. */
export function opening(key: Bytes, padding: Padding = "pkcs7"): PieceCipher {
  return createDecipheriv("aes-256-cbc", key, NO_IV).setAutoPadding(padding === "pkcs7");
}

/** A cipher that is fed piece by piece. */
interface PieceCipher {
  update(piece: Uint8Array): Buffer;
  final(): Buffer;
}

function wrapped(key: Uint8Array, inner: Bytes): Bytes {
  const cipher = createCipheriv("id-aes256-wrap", key, CHECK);
  return new Uint8Array(Buffer.concat([cipher.update(inner), cipher.final()]));
}

function field(tag: string, value: Uint8Array): Bytes {
  return concatBytes(textToBytes(tag), u32ToBytes(value.length), value);
}

/** Bytes that tests can make again. */
function counted(length: number, from: number): Bytes {
  return Uint8Array.from({ length }, (_, i) => (from * 31 + i * 7) & 0xff);
}
