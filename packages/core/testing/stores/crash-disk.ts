import type { Bytes } from "../../src/base/index.ts";
import type { Disk, DiskFile } from "../../src/platform/node/disk.ts";
import {
  abandonWrites,
  changeNames,
  newFile,
  newFolder,
  settleNames,
  survivingTree,
  syncFile,
  writeFile,
  type FileNode,
  type FolderNode,
  type NameChange,
  type Node,
} from "./crash-nodes.ts";

export interface CrashDiskOptions {
  /** Whether the file system has hard links, as FAT has not. True if absent. */
  readonly hasLinks?: boolean;
  /** The file system refuses to sync folders and keeps changes of names by itself, at once. */
  readonly refusesFolderSync?: boolean;
}

/**
 * What befalls the process at a point: the power goes; a call fails and does nothing; or, "lost-reply", the call does
 * its work and fails all the same, as over a network.
 */
export type Fault = "power" | "ENOSPC" | "EIO" | "lost-reply";

/** The power is gone: nothing may take this for a failure that one can go on after. */
export class PowerCut extends Error {
  constructor() {
    super("the power is gone");
    this.name = "PowerCut";
  }
}

/** An error as a file system has them. */
export class DiskError extends Error {
  readonly code: string;

  constructor(code: string) {
    super(code);
    this.name = "DiskError";
    this.code = code;
  }
}

/** The folder that every crash disk has from the start. */
export const CRASH_FOLDER = "/store";

/**
 * A disk in memory that forgets as a real one may: content that was not synced is lost, torn in sectors of 512 bytes
 * or there in part; changes of names are lost or kept in any order until their folder is synced (a rename is whole or
 * not at all). Each change and each sync is a point, counted from 1, at which a fault can be set.
 */
export class CrashDisk implements Disk {
  readonly #options: CrashDiskOptions;
  readonly #root: FolderNode;
  #changes: NameChange[] = [];
  #points = 0;
  #fault: { readonly point: number; readonly fault: Fault } | undefined;
  #isDead = false;

  constructor(options: CrashDiskOptions = {}, root?: FolderNode) {
    this.#options = options;
    this.#root = root ?? newFolder();
    if (root === undefined) {
      const change = [{ folder: this.#root, name: CRASH_FOLDER.slice(1), node: newFolder() }];
      changeNames(change, "entries");
      changeNames(change, "durable");
    }
  }

  /** How many points were passed. */
  get points(): number {
    return this.#points;
  }

  failAt(point: number, fault: Fault): void {
    this.#fault = { point, fault };
  }

  /** The disk as it may be found after a power cut now; seeds as in `survivingTree`. */
  survivors(seed: number): CrashDisk {
    return new CrashDisk(this.#options, survivingTree(this.#root, this.#changes, seed));
  }

  async open(path: string, how: "read" | "create"): Promise<DiskFile> {
    if (how === "read") {
      this.#live();
      const node = this.#find(path);
      if (node.kind === "folder") throw new DiskError("EISDIR");
      return new CrashFile(this, node);
    }
    const node = newFile();
    this.point(() => this.#change({ ...this.#free(path), node }));
    return new CrashFile(this, node);
  }

  async stat(path: string): Promise<{ sizeBytes: number; isFolder: boolean }> {
    this.#live();
    const node = this.#find(path);
    return node.kind === "folder"
      ? { sizeBytes: 0, isFolder: true }
      : { sizeBytes: node.content.length, isFolder: false };
  }

  async link(existing: string, path: string): Promise<void> {
    if (this.#options.hasLinks === false) {
      this.#live();
      throw new DiskError("EPERM");
    }
    this.point(() => {
      const node = this.#find(existing);
      if (node.kind === "folder") throw new DiskError("EPERM");
      this.#change({ ...this.#free(path), node });
    });
  }

  async rename(from: string, to: string): Promise<void> {
    this.point(() => {
      const node = this.#find(from);
      const target = this.#place(to);
      const there = target.folder.entries.get(target.name);
      if (there?.kind === "folder" && node.kind === "file") throw new DiskError("EISDIR");
      if (there?.kind === "file" && node.kind === "folder") throw new DiskError("ENOTDIR");
      if (there?.kind === "folder" && there.entries.size > 0) throw new DiskError("ENOTEMPTY");
      this.#change({ ...this.#place(from), node: undefined }, { ...target, node });
    });
  }

  async unlink(path: string): Promise<void> {
    this.point(() => {
      if (this.#find(path).kind === "folder") throw new DiskError("EISDIR");
      this.#change({ ...this.#place(path), node: undefined });
    });
  }

  async makeFolder(path: string): Promise<void> {
    this.point(() => this.#change({ ...this.#free(path), node: newFolder() }));
  }

  async removeFolder(path: string): Promise<void> {
    this.point(() => {
      const node = this.#find(path);
      if (node.kind === "file") throw new DiskError("ENOTDIR");
      if (node.entries.size > 0) throw new DiskError("ENOTEMPTY");
      this.#change({ ...this.#place(path), node: undefined });
    });
  }

  async readFolder(path: string): Promise<string[]> {
    this.#live();
    return [...this.#folder(path).entries.keys()];
  }

  async syncFolder(path: string): Promise<void> {
    if (this.#options.refusesFolderSync === true) {
      this.#live();
      throw new DiskError("EINVAL");
    }
    this.point(() => {
      const folder = this.#folder(path);
      this.#changes = settleNames(this.#changes, folder);
    });
  }

  /** Passes a point: does the work, unless a fault stands here. `onFailure` is what a failed call does instead. */
  point(work: () => void, onFailure?: () => void): void {
    this.#live();
    this.#points++;
    const fault = this.#fault?.point === this.#points ? this.#fault.fault : undefined;
    if (fault === "power") {
      this.#isDead = true;
      throw new PowerCut();
    }
    if (fault === "ENOSPC" || fault === "EIO") {
      onFailure?.();
      throw new DiskError(fault);
    }
    work();
    if (fault === "lost-reply") throw new DiskError("EIO");
  }

  /** Nothing is read or closed after the power is gone. */
  checkPower(): void {
    this.#live();
  }

  #live(): void {
    if (this.#isDead) throw new PowerCut();
  }

  #change(...change: NameChange): void {
    changeNames(change, "entries");
    if (this.#options.refusesFolderSync === true) changeNames(change, "durable");
    else this.#changes.push(change);
  }

  #find(path: string): Node {
    let node: Node = this.#root;
    for (const name of path.split("/").filter((part) => part !== "")) {
      if (node.kind === "file") throw new DiskError("ENOTDIR");
      const next: Node | undefined = node.entries.get(name);
      if (next === undefined) throw new DiskError("ENOENT");
      node = next;
    }
    return node;
  }

  #folder(path: string): FolderNode {
    const node = this.#find(path);
    if (node.kind === "file") throw new DiskError("ENOTDIR");
    return node;
  }

  #place(path: string): { folder: FolderNode; name: string } {
    const end = path.lastIndexOf("/");
    return { folder: this.#folder(path.slice(0, end)), name: path.slice(end + 1) };
  }

  #free(path: string): { folder: FolderNode; name: string } {
    const place = this.#place(path);
    if (place.folder.entries.has(place.name)) throw new DiskError("EEXIST");
    return place;
  }
}

class CrashFile implements DiskFile {
  readonly #disk: CrashDisk;
  readonly #node: FileNode;

  constructor(disk: CrashDisk, node: FileNode) {
    this.#disk = disk;
    this.#node = node;
  }

  async read(offset: number, length: number): Promise<Bytes> {
    this.#disk.checkPower();
    return this.#node.content.slice(offset, offset + length);
  }

  async write(bytes: Bytes, offset: number): Promise<void> {
    const half = bytes.subarray(0, bytes.length >> 1);
    this.#disk.point(
      () => writeFile(this.#node, offset, bytes),
      () => writeFile(this.#node, offset, half),
    );
  }

  async sync(): Promise<void> {
    this.#disk.point(
      () => syncFile(this.#node),
      () => abandonWrites(this.#node),
    );
  }

  async close(): Promise<void> {
    this.#disk.checkPower();
  }
}
