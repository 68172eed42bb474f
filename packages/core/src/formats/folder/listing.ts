import type { SourceFile } from "../../model/index.ts";
import type { Source } from "../source.ts";

/** What a folder holds at a moment: equal lines, and nothing in it has changed. */
export interface Listing {
  readonly lines: readonly string[];
  /** When the newest file was written to, milliseconds. */
  readonly newestMs: number;
}

/** Looks through a folder. */
export async function listingOf(source: Source): Promise<Listing> {
  const lines: string[] = [];
  let newestMs = -Infinity;
  for await (const file of source.files(({ code, where = "" }) => lines.push(`${where}\0${code}`))) {
    lines.push(lineOf(file));
    newestMs = Math.max(newestMs, file.modifiedMs ?? -Infinity);
  }
  for await (const path of source.emptyFolders?.() ?? []) lines.push(`${path}/`);
  return { lines, newestMs };
}

export function isSameListing(a: Pick<Listing, "lines">, b: Pick<Listing, "lines">): boolean {
  return a.lines.length === b.lines.length && a.lines.every((line, i) => line === b.lines[i]);
}

function lineOf({ path, sizeBytes, modifiedMs, changed }: SourceFile): string {
  return `${path}\0${sizeBytes}\0${modifiedMs ?? ""}\0${changed ?? ""}`;
}
