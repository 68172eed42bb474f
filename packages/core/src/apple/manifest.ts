import { bytesToHex, textToBytes, type Bytes } from "../base/index.ts";
import { sha1 } from "@noble/hashes/legacy.js";
import type { SqliteCondition, SqliteDatabase, SqliteRow } from "../sqlite/index.ts";
import { readKeyedArchive } from "./keyed-archive.ts";
import { readMbdb } from "./mbdb.ts";
import { isBytes, isDictionary } from "./plist.ts";

/** What the manifest says of a file of the phone. */
export interface ManifestEntry {
  /** Its path within its domain. */
  readonly path: string;
  /** Its name in the backup, 40 hex digits. */
  readonly id: string;
  /** What opens it in a protected backup; found out only then, for most files are never opened. */
  protection(): Protection;
  /** A text that is another where the phone's file was; of use only to be compared. */
  stamp(): string;
}

interface Protection {
  readonly sizeBytes?: number | undefined;
  /** Its key, wrapped. */
  readonly wrappedKey?: Bytes | undefined;
}

/** The list of a backup's files, of those domains only that were asked for. */
export interface Manifest extends AsyncDisposable {
  find(domain: string, path: string): Promise<ManifestEntry | undefined>;
  /** The files whose path begins so, in no order. */
  within(domain: string, prefix: string): AsyncIterable<ManifestEntry>;
}

const COLUMNS = ["fileID", "relativePath", "flags", "file", "domain"];
const FILE_FLAG = 1n;

/**
 * `Manifest.db`: backups since iOS 10. Files are looked up when they are asked for, for there may be a million. SQLite
 * is told of their domain or of their path, never of both: it would go by the domain, and through all files of an app.
 */
export function databaseManifest(database: SqliteDatabase): Manifest {
  const entries = async function* (domain: string, where: SqliteCondition[]): AsyncGenerator<ManifestEntry> {
    for await (const rows of database.select({ table: "Files", columns: COLUMNS, where }))
      for (const row of rows) {
        const entry = row[4] === domain ? entryOf(row) : undefined;
        if (entry !== undefined) yield entry;
      }
  };
  return {
    async find(domain, path) {
      for await (const entry of entries(domain, [{ column: "relativePath", is: "=", value: path }]))
        return entry;
      return undefined;
    },
    async *within(domain, prefix) {
      const all: SqliteCondition[] = [{ column: "domain", is: "=", value: domain }];
      for await (const entry of entries(domain, prefix === "" ? all : beginning(prefix)))
        if (entry.path.startsWith(prefix)) yield entry;
    },
    [Symbol.asyncDispose]: () => database[Symbol.asyncDispose](),
  };
}

/** Bounds for texts that begin so: an index of the column then finds them without looking through all others. */
function beginning(prefix: string): SqliteCondition[] {
  const from: SqliteCondition = { column: "relativePath", is: ">=", value: prefix };
  const last = prefix.charCodeAt(prefix.length - 1);
  // The character after the last one is one only in ASCII, which the prefixes of apps' folders are.
  if (!(last < 0x7f)) return [from];
  const beyond = prefix.slice(0, -1) + String.fromCharCode(last + 1);
  return [from, { column: "relativePath", is: "<", value: beyond }];
}

const fileId = /^[0-9a-f]{40}$/;

function entryOf([id, path, flags, about]: SqliteRow): ManifestEntry | undefined {
  if (typeof id !== "string" || !fileId.test(id) || typeof path !== "string" || flags !== FILE_FLAG)
    return undefined;
  const archive = about instanceof Uint8Array ? about : undefined;
  return {
    path,
    id,
    protection: () => (archive === undefined ? {} : protectionIn(archive)),
    stamp: () => (archive === undefined ? "" : new TextDecoder("latin1").decode(archive)),
  };
}

/** What an archived `MBFile` says; nothing where it is broken: the file itself may be well. */
function protectionIn(archive: Bytes): Protection {
  try {
    const about = readKeyedArchive(archive);
    if (!isDictionary(about)) return {};
    const [size, key] = [about.get("Size"), about.get("EncryptionKey")];
    return {
      sizeBytes: typeof size === "number" && size >= 0 ? size : undefined,
      wrappedKey: isBytes(key) ? key : undefined,
    };
  } catch {
    return {};
  }
}

const REGULAR_FILE = 0o100000;
const KIND_OF_FILE = 0o170000;

/** `Manifest.mbdb`: backups before iOS 10. Throws `format.damaged` where it ends too early. */
export function mbdbManifest(bytes: Bytes, domains: ReadonlySet<string>): Manifest {
  const byDomain = new Map<string, Map<string, ManifestEntry>>();
  for (const record of readMbdb(bytes)) {
    const { domain, path, mode, sizeBytes, modifiedMs, encryptionKey } = record;
    if (!domains.has(domain) || (mode & KIND_OF_FILE) !== REGULAR_FILE) continue;
    const id = bytesToHex(sha1(textToBytes(`${domain}-${path}`)));
    const protection = { sizeBytes, wrappedKey: encryptionKey };
    const entries = byDomain.get(domain) ?? new Map<string, ManifestEntry>();
    const stamp = `${sizeBytes} ${modifiedMs}`;
    byDomain.set(domain, entries.set(path, { path, id, protection: () => protection, stamp: () => stamp }));
  }
  return {
    find: (domain, path) => Promise.resolve(byDomain.get(domain)?.get(path)),
    // oxlint-disable-next-line typescript/require-await -- the other kind reads a database
    async *within(domain, prefix) {
      for (const entry of byDomain.get(domain)?.values() ?? [])
        if (entry.path.startsWith(prefix)) yield entry;
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}
