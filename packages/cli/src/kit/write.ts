import { open, rm, type FileHandle } from "node:fs/promises";
import { KeepsakeError } from "@keepsake/core/base";
import { kitPage, kitText, type Kit } from "./kit.ts";

/** A kit file that is there, empty, before the words are: they can then not be lost for want of a place. */
export interface KitFile extends AsyncDisposable {
  write(kit: Kit): Promise<void>;
  /** The words came to nothing: the file goes. */
  withdraw(): void;
}

/** A new file that only its owner can read; `.html` gives the page, anything else the text. */
export async function createKitFile(path: string): Promise<KitFile> {
  const file = await open(path, "wx", 0o600).catch(refused);
  let isWritten = false;
  return {
    async write(kit) {
      await writeAll(file, /\.html?$/i.test(path) ? kitPage(kit) : kitText(kit)).catch(refused);
      isWritten = true;
    },
    withdraw() {
      isWritten = false;
    },
    async [Symbol.asyncDispose]() {
      await file.close();
      if (!isWritten) await rm(path, { force: true });
    },
  };
}

/** A new file for words alone, which only its owner can read. */
export async function createWordsFile(
  path: string,
): Promise<AsyncDisposable & { write(list: readonly string[]): Promise<void> }> {
  const file = await open(path, "wx", 0o600).catch(refused);
  let isWritten = false;
  return {
    async write(list) {
      await writeAll(file, `${list.join(" ")}\n`).catch(refused);
      isWritten = true;
    },
    async [Symbol.asyncDispose]() {
      await file.close();
      if (!isWritten) await rm(path, { force: true });
    },
  };
}

async function writeAll(file: FileHandle, content: string): Promise<void> {
  await file.writeFile(content);
  await file.sync();
}

function refused(cause: unknown): never {
  throw new KeepsakeError("cli.no-file", { cause, details: { what: "kit" } });
}
