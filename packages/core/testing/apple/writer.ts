import { createHash } from "node:crypto";
import {
  closeSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  statSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { MbdbRecord } from "../../src/apple/mbdb.ts";
import type { Bytes } from "../../src/base/index.ts";
import type { Plist } from "../../src/apple/plist.ts";
import { makeKeybag, opening, protecting, type MadeKeybag, type Protection } from "./keybag.ts";
import { writeLists } from "./lists.ts";
import { writeMbdb } from "./mbdb.ts";
import { writeKeyedArchive } from "./plist.ts";

export interface MadeBackupOptions {
  readonly protection?: Protection | undefined;
  /** As before iOS 10: `Manifest.mbdb`, and all files in one folder. */
  readonly isOld?: boolean;
  readonly apps?: readonly string[];
  readonly snapshotState?: string;
  /** When the backup was made, milliseconds UTC. */
  readonly takenMs?: number;
}

/** A file of the phone, without what it holds. */
export interface PhonePlace {
  readonly domain: string;
  readonly path: string;
  readonly modifiedMs?: number;
}

const PROTECTION_CLASS = 3;
const MANIFEST_CLASS = 4;
const FILE_MODE = 0o100644;
const CHUNK_BYTES = 1024 * 1024;
const TAKEN_MS: number = Date.UTC(2026, 0, 2, 3, 4, 5);

/**
 * A backup folder that is written file by file, in the memory of one file that is given whole. Over a folder that
 * already holds a backup of the same protection it goes on with that one: files are replaced, so that hard links to
 * them keep what they were.
 */
export class BackupWriter {
  readonly #folder: string;
  readonly #options: MadeBackupOptions;
  readonly #keybag: MadeKeybag | undefined;
  readonly #takenMs: number;
  readonly #list: FileList;

  constructor(folder: string, options: MadeBackupOptions = {}) {
    this.#folder = folder;
    this.#options = options;
    this.#keybag = options.protection === undefined ? undefined : makeKeybag(options.protection);
    this.#takenMs = options.takenMs ?? TAKEN_MS;
    mkdirSync(folder, { recursive: true });
    const isProtected = this.#keybag !== undefined;
    this.#list = options.isOld === true ? new OldList(folder) : new DatabaseList(folder, isProtected);
  }

  /** A file whose content is at hand. */
  add(place: PhonePlace, content: Bytes): void {
    this.write(place, (path) => writeFileSync(path, content));
  }

  /** A file that `write` makes, or alters where the backup has it, at the path that it is given. */
  write(place: PhonePlace, write: (path: string) => void): void {
    const id = createHash("sha1").update(`${place.domain}-${place.path}`).digest("hex");
    const path = this.#pathOf(id);
    mkdirSync(dirname(path), { recursive: true });
    const key = this.#keybag && keyOf(id);
    const part = partOf(path);
    if (key !== undefined && existsSync(part)) pipe(part, opening(key));
    write(part);
    const sizeBytes = statSync(part).size;
    if (key !== undefined) pipe(part, protecting(key));
    renameSync(part, path);
    this.#list.add(id, {
      domain: place.domain,
      path: place.path,
      mode: FILE_MODE,
      modifiedMs: place.modifiedMs ?? this.#takenMs,
      sizeBytes,
      protectionClass: PROTECTION_CLASS,
      encryptionKey: key && this.#keybag!.wrap(PROTECTION_CLASS, key),
    });
  }

  /** Writes the backup's lists: before that it is none. */
  finish(): void {
    this.#list.finish();
    const manifestKey = this.#keybag?.wrap(MANIFEST_CLASS, manifestsKey);
    writeLists(this.#folder, {
      ...this.#options,
      takenMs: this.#takenMs,
      keybag: this.#keybag?.bytes,
      manifestKey,
    });
  }

  /** Since iOS 10 files lie in folders by the first two digits of their names. */
  #pathOf(id: string): string {
    return this.#options.isOld === true ? join(this.#folder, id) : join(this.#folder, id.slice(0, 2), id);
  }
}

interface FileList {
  add(id: string, record: MbdbRecord): void;
  finish(): void;
}

class OldList implements FileList {
  readonly #records: MbdbRecord[] = [];
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  add(_: string, record: MbdbRecord): void {
    this.#records.push(record);
  }

  finish(): void {
    writeFileSync(join(this.#folder, "Manifest.mbdb"), writeMbdb(this.#records));
  }
}

class DatabaseList implements FileList {
  readonly #path: string;
  readonly #part: string;
  readonly #isProtected: boolean;
  readonly #database: DatabaseSync;
  readonly #insert: ReturnType<DatabaseSync["prepare"]>;
  readonly #domains = new Set<string>();

  constructor(folder: string, isProtected: boolean) {
    this.#path = join(folder, "Manifest.db");
    this.#part = partOf(this.#path);
    this.#isProtected = isProtected;
    if (isProtected && existsSync(this.#part)) pipe(this.#part, opening(manifestsKey, "zeros"));
    this.#database = new DatabaseSync(this.#part);
    this.#database.exec(`
      PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; BEGIN;
      CREATE TABLE IF NOT EXISTS Files (fileID TEXT PRIMARY KEY, domain TEXT, relativePath TEXT, flags INTEGER, file BLOB);
      CREATE INDEX IF NOT EXISTS FilesDomainIdx ON Files(domain);
      CREATE INDEX IF NOT EXISTS FilesRelativePathIdx ON Files(relativePath);
      CREATE INDEX IF NOT EXISTS FilesFlagsIdx ON Files(flags);
      CREATE TABLE IF NOT EXISTS Properties (key TEXT PRIMARY KEY, value BLOB);
    `);
    this.#insert = this.#database.prepare("INSERT OR REPLACE INTO Files VALUES (?, ?, ?, ?, ?)");
  }

  add(id: string, record: MbdbRecord): void {
    this.#domains.add(record.domain);
    this.#insert.run(id, record.domain, record.path, 1, archiveOf(record));
  }

  finish(): void {
    for (const domain of this.#domains)
      this.#insert.run(createHash("sha1").update(`${domain}-`).digest("hex"), domain, "", 2, null);
    this.#database.exec("COMMIT");
    this.#database.close();
    if (this.#isProtected) pipe(this.#part, protecting(manifestsKey, "zeros"));
    renameSync(this.#part, this.#path);
  }
}

function archiveOf(record: MbdbRecord): Bytes {
  const { path, mode, modifiedMs, sizeBytes, protectionClass, encryptionKey } = record;
  const seconds = Math.floor(modifiedMs / 1000);
  return writeKeyedArchive(
    new Map<string, Plist>([
      ["LastModified", seconds],
      ["Flags", 0],
      ["GroupID", 501],
      ["UserID", 501],
      ["Mode", mode],
      ["Size", sizeBytes],
      ["Birth", seconds],
      ["LastStatusChange", seconds],
      ["InodeNumber", 12_345],
      ["ProtectionClass", protectionClass],
      ["RelativePath", path],
      ...(encryptionKey === undefined ? [] : [["EncryptionKey", encryptionKey] as const]),
    ]),
    "MBFile",
  );
}

/** A key for a file that tests can make again. */
function keyOf(name: string): Bytes {
  return new Uint8Array(createHash("sha256").update(`key ${name}`).digest());
}

const manifestsKey = keyOf("of the manifest");

/** The place where a file is made or altered before it takes its own: with what is there already. */
function partOf(path: string): string {
  const part = `${path}.part`;
  if (existsSync(path)) copyFileSync(path, part);
  return part;
}

/** Puts a file through a cipher piece by piece. */
function pipe(path: string, cipher: ReturnType<typeof protecting>): void {
  if (statSync(path).size <= CHUNK_BYTES) {
    const content = readFileSync(path);
    writeFileSync(path, Buffer.concat([cipher.update(content), cipher.final()]));
    return;
  }
  const [from, to] = [openSync(path, "r"), openSync(`${path}.piped`, "w")];
  const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
  for (let read = readSync(from, chunk); read > 0; read = readSync(from, chunk))
    writeSync(to, cipher.update(chunk.subarray(0, read)));
  writeSync(to, cipher.final());
  closeSync(from);
  closeSync(to);
  renameSync(`${path}.piped`, path);
}
