import type { SourceFile } from "../../model/index.ts";

const blockBytes = 64 * 1024;
/** Read in one go where blocks are asked for one after the other. */
const aheadBlocks = 16;

/** A file read at any place, in blocks of which the last used are kept. */
export class BlockFile {
  readonly sizeBytes: number;
  readonly #file: SourceFile;
  readonly #blocks = new Map<number, Uint8Array>();
  readonly #most: number;
  #expected = -1;

  constructor(file: SourceFile, cacheBytes: number) {
    this.#file = file;
    this.sizeBytes = file.sizeBytes;
    this.#most = cacheBytes / blockBytes;
  }

  /** Fills `target` as far as the file goes. Throws as the file does. */
  async read(start: number, target: Uint8Array): Promise<void> {
    const end = Math.min(start + target.length, this.sizeBytes);
    for (let at = start; at < end;) {
      const index = Math.floor(at / blockBytes);
      const block = this.#blocks.get(index) ?? (await this.#fetch(index));
      const from = at - index * blockBytes;
      const part = block.subarray(from, from + end - at);
      if (part.length === 0) return;
      target.set(part, at - start);
      at += part.length;
    }
  }

  /** A block, and those after it where the file is read on from what was read last. */
  async #fetch(index: number): Promise<Uint8Array> {
    const count = index === this.#expected ? aheadBlocks : 1;
    const start = index * blockBytes;
    const end = Math.min(start + count * blockBytes, this.sizeBytes);
    const bytes = new Uint8Array(end - start);
    let filled = 0;
    for await (const piece of this.#file.open({ start, end })) {
      const part = piece.subarray(0, bytes.length - filled);
      bytes.set(part, filled);
      filled += part.length;
    }
    for (let at = 0; at < filled; at += blockBytes)
      this.#keep(index + at / blockBytes, bytes.slice(at, Math.min(at + blockBytes, filled)));
    this.#expected = index + count;
    return this.#blocks.get(index) ?? new Uint8Array();
  }

  /** The block that was read in longest ago makes room: SQLite keeps by itself what it uses again and again. */
  #keep(index: number, block: Uint8Array): void {
    this.#blocks.delete(index);
    this.#blocks.set(index, block);
    if (this.#blocks.size > this.#most) this.#blocks.delete(this.#blocks.keys().next().value!);
  }
}
