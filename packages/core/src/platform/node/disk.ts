import type { Bytes } from "../../base/index.ts";

/**
 * The calls that a folder store makes of a file system, and nothing more: the real one in node-disk.ts, and one that
 * loses power at any of them in @keepsake/core/testing. What fails throws an error with a `code` such as "ENOENT".
 */
export interface Disk {
  /** "create" fails with EEXIST where anything of that name is. */
  open(path: string, how: "read" | "create"): Promise<DiskFile>;
  /** Fails with ENOENT where nothing is. */
  stat(path: string): Promise<{ readonly sizeBytes: number; readonly isFolder: boolean }>;
  /** A second name for a file: fails with EEXIST where anything of that name is. Not every file system can. */
  link(existing: string, path: string): Promise<void>;
  /** Replaces a file by a file and an empty folder by a folder; a folder that is not empty is ENOTEMPTY or EEXIST. */
  rename(from: string, to: string): Promise<void>;
  unlink(path: string): Promise<void>;
  makeFolder(path: string): Promise<void>;
  /** Only where it is empty. */
  removeFolder(path: string): Promise<void>;
  /** Names, in any order. */
  readFolder(path: string): Promise<string[]>;
  /** Makes the names in a folder survive a power cut. Some file systems refuse. */
  syncFolder(path: string): Promise<void>;
}

export interface DiskFile {
  /** Up to `length` bytes from `offset` on: fewer only where the file ends. */
  read(offset: number, length: number): Promise<Bytes>;
  /** All of them, from `offset` on. */
  write(bytes: Bytes, offset: number): Promise<void>;
  /** Makes what was written survive a power cut. */
  sync(): Promise<void>;
  close(): Promise<void>;
}
