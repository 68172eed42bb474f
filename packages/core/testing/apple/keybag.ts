import { createCipheriv, pbkdf2Sync } from "node:crypto";
import { concatBytes, textToBytes, u32ToBytes, type Bytes } from "../../src/base/index.ts";

const CHECK = new Uint8Array(8).fill(0xa6);
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

/** A file as a protected backup holds it: AES-256-CBC with PKCS#7, or filled up with nothing as the manifest is. */
export function protectedBytes(key: Bytes, plain: Bytes, padding: "pkcs7" | "zeros" = "pkcs7"): Bytes {
  const cipher = createCipheriv("aes-256-cbc", key, new Uint8Array(16));
  if (padding === "pkcs7") return new Uint8Array(Buffer.concat([cipher.update(plain), cipher.final()]));
  cipher.setAutoPadding(false);
  const filled = concatBytes(plain, new Uint8Array((16 - (plain.length % 16)) % 16));
  return new Uint8Array(Buffer.concat([cipher.update(filled), cipher.final()]));
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
