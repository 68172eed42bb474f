import { KeepsakeError } from "../../base/index.ts";
import type { Utf8Column } from "../../vault/index.ts";
import type { BlockWriter } from "./text-block.ts";

/** Texts of UTF-8, of which it is known where they begin as they are taken one after the other. */
export class Utf8Texts {
  readonly #column: Utf8Column;
  /** The text that begins at a byte. */
  #text = 0;
  #at = 0;

  constructor(column: Utf8Column) {
    this.#column = column;
  }

  /**
   * Adds one of the texts to a block; false where that cannot be done for this column: it is not valid, or cut within a
   * character. Throws `vault.corrupt` where bytes are left behind the last text.
   */
  write(writer: BlockWriter, text: number): boolean {
    const { bytes, starts } = this.#column;
    if (!this.#seek(text)) return false;
    const end = writer.utf8(bytes, this.#at, starts[text + 1]! - starts[text]!);
    if (end < 0) return false;
    this.#text = text + 1;
    this.#at = end;
    if (text + 2 === starts.length && end < bytes.length)
      throw new KeepsakeError("vault.corrupt", { details: { what: "text-block" } });
    return true;
  }

  /** Goes to where a text begins; false where that is within a character. */
  #seek(text: number): boolean {
    if (text === this.#text) return true;
    if (text < this.#text) [this.#text, this.#at] = [0, 0];
    const { bytes, starts } = this.#column;
    let left = starts[text]! - starts[this.#text]!;
    let at = this.#at;
    // A character has as many code units as it has bytes that begin one, and one more where it has four.
    for (; left > 0 || (at < bytes.length && (bytes[at]! & 0xc0) === 0x80); at++) {
      if (at === bytes.length) return false;
      if ((bytes[at]! & 0xc0) !== 0x80) left -= bytes[at]! < 0xf0 ? 1 : 2;
    }
    if (left < 0) return false;
    [this.#text, this.#at] = [text, at];
    return true;
  }
}
