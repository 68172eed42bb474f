import type { Bytes } from "../../src/base/index.ts";
import { BackupWriter, type MadeBackupOptions, type PhonePlace } from "./writer.ts";

export type { MadeBackupOptions } from "./writer.ts";

/** A file of an invented phone. */
export interface PhoneFile extends PhonePlace {
  readonly content: Bytes;
}

/** Writes a backup of an invented phone into a folder, as a computer would. */
export function makeBackup(
  folder: string,
  files: readonly PhoneFile[],
  options: MadeBackupOptions = {},
): void {
  const writer = new BackupWriter(folder, options);
  for (const { content, ...place } of files) writer.add(place, content);
  writer.finish();
}
