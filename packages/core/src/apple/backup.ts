import { KeepsakeError, throwIfAborted, type ForeignCiphers } from "../base/index.ts";
import type { SourceFile } from "../model/index.ts";
import type { Sqlite } from "../sqlite/index.ts";
import { readManifestPlist, wholeFile, type BackupFolder, type BackupInfo } from "./info.ts";
import { readKeybag, unlockKeybag, unwrapFileKey, type ClassKeys } from "./keybag.ts";
import { databaseManifest, mbdbManifest, type Manifest, type ManifestEntry } from "./manifest.ts";
import { openedFile } from "./opened-file.ts";
import { isBytes, type PlistDictionary } from "./plist.ts";

const MOST_MBDB_BYTES = 256 * 1024 * 1024;

export interface OpenBackupOptions {
  /** Only files of these domains are ever looked up or opened. */
  readonly domains: readonly string[];
  readonly sqlite: Sqlite;
  readonly ciphers: ForeignCiphers;
  /** The backup's own password, asked for only where it is protected; undefined if the person gives none. */
  readonly password: () => Promise<string | undefined>;
  readonly signal?: AbortSignal | undefined;
}

/**
 * An Apple local backup, opened for one app. It is only read, and of its files only those of the app's domains. Who
 * opened it disposes of it.
 */
export interface AppleBackup extends AsyncDisposable {
  /** A file by its domain and its path there, as it was on the phone; undefined if it is not there or cannot be opened. */
  file(domain: string, path: string): Promise<SourceFile | undefined>;
  /** The files whose path begins so, in no order; none of them is touched before it is opened. */
  within(domain: string, prefix: string): AsyncIterable<BackupFile>;
}

/** A file of the phone. */
export interface BackupFile {
  /** Its path in its domain. */
  readonly path: string;
  /** A text that is another where the phone's file was; of use only to be compared. */
  stamp(): string;
  /** How long the list of files says that it is. */
  sizeBytes(): number;
  /** As `AppleBackup.file` gives it: its own path is where it lies in the backup. */
  open(): Promise<SourceFile | undefined>;
}

/**
 * Opens a backup that `findBackups` found. Throws `format.password-needed`, `format.wrong-password`, `format.damaged`
 * and what the manifest's database throws.
 */
export async function openBackup(
  files: BackupFolder,
  { folder, isProtected }: BackupInfo,
  options: OpenBackupOptions,
): Promise<AppleBackup> {
  const about = await readManifestPlist(files, folder);
  const keys = isProtected ? await unlock(about, options) : undefined;
  throwIfAborted(options.signal);
  const manifest = await openManifest(files, { folder, about, keys }, options);
  return new Backup(files, { folder, keys, manifest }, options);
}

async function unlock(about: PlistDictionary, { password, ciphers }: OpenBackupOptions): Promise<ClassKeys> {
  const keybag = about.get("BackupKeyBag");
  if (!isBytes(keybag)) throw new KeepsakeError("format.damaged", { details: { what: "keybag" } });
  const read = readKeybag(keybag);
  const typed = await password();
  if (typed === undefined) throw new KeepsakeError("format.password-needed");
  return unlockKeybag(read, typed, ciphers);
}

interface Unlocked {
  readonly folder: string;
  readonly about: PlistDictionary;
  readonly keys: ClassKeys | undefined;
}

async function openManifest(
  files: BackupFolder,
  { folder, about, keys }: Unlocked,
  { domains, sqlite, ciphers, signal }: OpenBackupOptions,
): Promise<Manifest> {
  const database = await files.file(`${folder}Manifest.db`);
  if (database === undefined) {
    const old = await files.file(`${folder}Manifest.mbdb`);
    if (old === undefined) throw new KeepsakeError("format.damaged", { details: { what: "no-manifest" } });
    return mbdbManifest(await wholeFile(old, MOST_MBDB_BYTES), new Set(domains));
  }
  const wrapped = about.get("ManifestKey");
  if (keys === undefined || !isBytes(wrapped))
    return databaseManifest(await sqlite.open({ main: database }, { signal }));
  const key = await unwrapFileKey(wrapped, keys, ciphers);
  if (key === undefined) throw new KeepsakeError("format.damaged", { details: { what: "manifest-key" } });
  const main = openedFile(database, { key, ciphers });
  return databaseManifest(await sqlite.open({ main }, { signal }));
}

class Backup implements AppleBackup {
  readonly #files: BackupFolder;
  readonly #folder: string;
  readonly #keys: ClassKeys | undefined;
  readonly #manifest: Manifest;
  readonly #options: OpenBackupOptions;

  constructor(
    files: BackupFolder,
    {
      folder,
      keys,
      manifest,
    }: { readonly folder: string; readonly keys: ClassKeys | undefined; readonly manifest: Manifest },
    options: OpenBackupOptions,
  ) {
    this.#files = files;
    this.#folder = folder;
    this.#keys = keys;
    this.#manifest = manifest;
    this.#options = options;
  }

  async file(domain: string, path: string): Promise<SourceFile | undefined> {
    this.#require(domain);
    const entry = await this.#manifest.find(domain, path);
    return entry && (await this.#open(entry));
  }

  async *within(domain: string, prefix: string): AsyncGenerator<BackupFile> {
    this.#require(domain);
    for await (const entry of this.#manifest.within(domain, prefix)) {
      throwIfAborted(this.#options.signal);
      yield {
        path: entry.path,
        stamp: () => entry.stamp(),
        sizeBytes: () => entry.protection().sizeBytes ?? 0,
        open: () => this.#open(entry),
      };
    }
  }

  /** Since iOS 10 files lie in folders by the first two digits of their names; before, all in one. */
  async #open(entry: ManifestEntry): Promise<SourceFile | undefined> {
    const { id } = entry;
    const stored =
      (await this.#files.file(`${this.#folder}${id.slice(0, 2)}/${id}`)) ??
      (await this.#files.file(`${this.#folder}${id}`));
    if (stored === undefined || this.#keys === undefined) return stored;
    const { ciphers } = this.#options;
    const { sizeBytes, wrappedKey } = entry.protection();
    const key = wrappedKey && (await unwrapFileKey(wrappedKey, this.#keys, ciphers));
    return key && openedFile(stored, { sizeBytes, key, ciphers });
  }

  #require(domain: string): void {
    if (!this.#options.domains.includes(domain))
      throw new KeepsakeError("base.invalid", { details: { what: "domain" } });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#manifest[Symbol.asyncDispose]();
  }
}
