import { KeepsakeError, type Finding } from "../../base/index.ts";
import type { Source } from "../../formats/index.ts";
import { compareText, type SourceFile } from "../../model/index.ts";
import { readEntries } from "./entries.ts";
import { entryFile } from "./entry-file.ts";
import { zipLimits } from "../limits.ts";
import { listingOf, parentsOf, type Listing } from "./listing.ts";

/** Whether a file is a zip file, by its first bytes; also one that holds nothing. */
export async function isZip(file: SourceFile): Promise<boolean> {
  for await (const [p, k, a, b] of file.open({ start: 0, end: 4 }))
    return p === 0x50 && k === 0x4b && ((a === 3 && b === 4) || (a === 5 && b === 6));
  return false;
}

/**
 * What a zip file holds, read where it lies: no more of it is in memory than its list and a piece of a file. Where all
 * of it lies in one folder, the source is that folder: exports are mostly packed with theirs. Entries that are links,
 * encrypted, packed in a way that we do not know, or not where they can be, are passed over with a finding; the files
 * that are there throw `format.zip-damaged` when what is read is not what the list says.
 *
 * Throws `format.zip-damaged` where there is no list of entries, `format.zip-protected` where all are encrypted.
 */
export async function zipSource(file: SourceFile): Promise<Source> {
  const { entries, isWhole, end } = await readEntries(file);
  const most = Math.max(zipLimits.allFreeBytes, zipLimits.allRatio * file.sizeBytes);
  const listing = listingOf(entries, { most, end });
  const isEncrypted = listing.findings.some(({ code }) => code === "zip.encrypted");
  if (isEncrypted && listing.files.size === 0) throw new KeepsakeError("format.zip-protected");
  const findings: Finding[] = [...listing.findings];
  if (!isWhole) findings.push({ code: "zip.list-cut-off", severity: "error" });
  return new ZipSource(file, listing, findings);
}

class ZipSource implements Source {
  readonly #file: SourceFile;
  readonly #listing: Listing;
  readonly #findings: readonly Finding[];
  /** The folder in which all lies, with its slash; empty if there is none. */
  readonly #top: string;

  constructor(file: SourceFile, listing: Listing, findings: readonly Finding[]) {
    this.#file = file;
    this.#listing = listing;
    this.#findings = findings;
    this.#top = topOf(listing);
  }

  // oxlint-disable-next-line typescript/require-await -- the port is asynchronous
  async *files(found?: (finding: Finding) => void): AsyncGenerator<SourceFile> {
    for (const [path, entry] of this.#listing.files)
      yield entryFile(this.#file, path.slice(this.#top.length), entry);
    for (const finding of this.#findings) found?.(finding);
  }

  file(path: string): Promise<SourceFile | undefined> {
    const entry = this.#listing.files.get(this.#top + path);
    return Promise.resolve(entry && entryFile(this.#file, path, entry));
  }

  folders(): Promise<readonly string[]> {
    const names = new Set<string>();
    for (const path of this.#listing.files.keys()) addFolder(names, path.slice(this.#top.length));
    for (const path of this.#listing.folders) addFolder(names, `${path}/`.slice(this.#top.length));
    return Promise.resolve([...names].sort(compareText));
  }

  // oxlint-disable-next-line typescript/require-await -- the port is asynchronous
  async *emptyFolders(): AsyncGenerator<string> {
    const { files, folders } = this.#listing;
    const filled = new Set([...files.keys(), ...folders].flatMap(parentsOf));
    for (const path of [...folders].sort(compareText))
      if (!filled.has(path) && !files.has(path)) yield path.slice(this.#top.length);
  }
}

function addFolder(names: Set<string>, path: string): void {
  const slash = path.indexOf("/");
  if (slash > 0) names.add(path.slice(0, slash));
}

/** The one folder at the top of a zip in which all of it lies. */
function topOf({ files, folders }: Listing): string {
  const [first] = files.keys();
  const slash = first?.indexOf("/") ?? -1;
  if (first === undefined || slash < 0) return "";
  const top = first.slice(0, slash + 1);
  for (const path of files.keys()) if (!path.startsWith(top)) return "";
  for (const path of folders) if (!`${path}/`.startsWith(top)) return "";
  return top;
}
