import type { Bytes } from "../../src/base/index.ts";
import { randomOf, type Random } from "../history/random.ts";

const SECTOR_BYTES = 512;

/** A file: what a reader sees now, what survives for sure, and the writes in between. */
export interface FileNode {
  readonly kind: "file";
  content: Bytes;
  durable: Bytes;
  pending: Write[];
}

export interface FolderNode {
  readonly kind: "folder";
  readonly entries: Map<string, Node>;
  readonly durable: Map<string, Node>;
}

export type Node = FileNode | FolderNode;

interface Write {
  readonly offset: number;
  readonly bytes: Bytes;
  /** A sync failed after it: no later sync promises anything of it. */
  isAbandoned: boolean;
}

/** A change of names, whole or not at all; undefined takes the name away. */
export type NameChange = readonly {
  readonly folder: FolderNode;
  readonly name: string;
  readonly node: Node | undefined;
}[];

export function newFile(): FileNode {
  return { kind: "file", content: new Uint8Array(0), durable: new Uint8Array(0), pending: [] };
}

export function newFolder(): FolderNode {
  return { kind: "folder", entries: new Map(), durable: new Map() };
}

export function writeFile(file: FileNode, offset: number, bytes: Bytes): void {
  file.pending.push({ offset, bytes: bytes.slice(), isAbandoned: false });
  file.content = overlay(file.content, offset, bytes);
}

/** What was written since the last sync survives from now on, unless a sync failed after it. */
export function syncFile(file: FileNode): void {
  for (const { offset, bytes, isAbandoned } of file.pending) {
    if (!isAbandoned) file.durable = overlay(file.durable, offset, bytes);
  }
  file.pending = file.pending.filter(({ isAbandoned }) => isAbandoned);
}

export function abandonWrites(file: FileNode): void {
  for (const write of file.pending) write.isAbandoned = true;
}

export function changeNames(change: NameChange, where: "entries" | "durable"): void {
  for (const { folder, name, node } of change) {
    if (node === undefined) folder[where].delete(name);
    else folder[where].set(name, node);
  }
}

/** Makes the changes of a folder's names durable; returns the others, less what a change after them has overtaken. */
export function settleNames(changes: readonly NameChange[], folder: FolderNode): NameChange[] {
  let left: NameChange[] = [];
  for (const change of changes) {
    if (!change.some((each) => each.folder === folder)) {
      left.push(change);
      continue;
    }
    changeNames(change, "durable");
    const isOvertaken = (old: NameChange[number]): boolean =>
      change.some((each) => each.folder === old.folder && each.name === old.name);
    left = left.map((earlier) => earlier.filter((old) => !isOvertaken(old)));
  }
  return left;
}

/**
 * The tree that may be found after a power cut, as a copy in which everything is durable. Seed 0: nothing survives
 * that was not synced; seed 1: everything does, as after the death of a process; others: any part of it, in any order.
 */
export function survivingTree(root: FolderNode, changes: readonly NameChange[], seed: number): FolderNode {
  const random = randomOf("crash", seed);
  const keeps = (): boolean => (seed < 2 ? seed === 1 : random.chance(0.5));
  const names = new Map<FolderNode, Map<string, Node>>();
  const namesOf = (folder: FolderNode): Map<string, Node> => {
    const known = names.get(folder) ?? new Map(folder.durable);
    names.set(folder, known);
    return known;
  };
  for (const change of changes.filter(keeps)) {
    for (const { folder, name, node } of change) {
      if (node === undefined) namesOf(folder).delete(name);
      else namesOf(folder).set(name, node);
    }
  }
  const copies = new Map<Node, Node>();
  const copy = (node: Node): Node => {
    const known = copies.get(node);
    if (known !== undefined) return known;
    if (node.kind === "file") return remember(copies, node, settled(survivingContent(node, seed, random)));
    const folder = newFolder();
    copies.set(node, folder);
    for (const [name, each] of namesOf(node)) changeBoth(folder, name, copy(each));
    return folder;
  };
  return copy(root) as FolderNode;
}

function changeBoth(folder: FolderNode, name: string, node: Node): void {
  folder.entries.set(name, node);
  folder.durable.set(name, node);
}

function remember(copies: Map<Node, Node>, node: Node, copied: Node): Node {
  copies.set(node, copied);
  return copied;
}

function settled(content: Bytes): FileNode {
  return { kind: "file", content, durable: content, pending: [] };
}

/** Each sector of each unsynced write may be there or not; the length may run ahead of the content. */
function survivingContent(file: FileNode, seed: number, random: Random): Bytes {
  if (seed === 1) return file.content;
  let content = file.durable;
  if (seed === 0) return content;
  const share = random.pick([0, 0.3, 0.9, 1]);
  for (const { offset, bytes } of file.pending) {
    for (let start = 0; start < bytes.length; start += SECTOR_BYTES) {
      const sector = bytes.slice(start, start + SECTOR_BYTES);
      if (random.chance(share)) content = overlay(content, offset + start, sector);
    }
  }
  const isLong = random.chance(0.3) && content.length < file.content.length;
  return isLong ? overlay(new Uint8Array(file.content.length), 0, content) : content;
}

function overlay(content: Bytes, offset: number, bytes: Bytes): Bytes {
  const whole = new Uint8Array(Math.max(content.length, offset + bytes.length));
  whole.set(content);
  whole.set(bytes, offset);
  return whole;
}
