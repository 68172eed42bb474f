import type { Finding, FindingCode } from "../../base/index.ts";
import { isInsidePath } from "../../formats/index.ts";
import { compareText } from "../../model/index.ts";
import type { Entry } from "./entries.ts";
import { zipLimits } from "../limits.ts";

/** What of a zip can be read, by path as it stands there; all else became a finding. */
export interface Listing {
  /** Files in order of path by code units. */
  readonly files: ReadonlyMap<string, Entry>;
  /** Folders that have an entry of their own. */
  readonly folders: ReadonlySet<string>;
  readonly findings: readonly Finding[];
}

/** What a program on a Mac puts beside each file: attributes that only a Mac knows. */
const macFolder = /^__MACOSX\//;

/** Looks at every entry of a list; `most` is what all may unpack to, `end` where the list begins. */
export function listingOf(entries: readonly Entry[], { most, end }: { most: number; end: number }): Listing {
  const found = new Found();
  const overlapping = overlaps(entries.filter((entry) => entry.end <= end));
  const [files, folders] = [new Map<string, Entry>(), new Set<string>()];
  let total = 0;
  for (const entry of entries) {
    const { name } = entry;
    const isFolder = name.endsWith("/");
    const path = isFolder ? name.slice(0, -1) : name;
    if (macFolder.test(name)) found.add("zip.mac-attributes", "info");
    else if (!isInsidePath(path)) found.add("zip.unsafe-path", "warning");
    else if (path.split("/").length > zipLimits.depth) found.add("format.too-deep", "warning");
    else if (isFolder) folders.add(path);
    else {
      const isSame = files.has(path);
      const isTooMuch = total + entry.sizeBytes > most;
      const problem =
        problemOf(entry, end) ?? problemAmong({ isOverlap: overlapping.has(entry), isSame, isTooMuch });
      if (problem !== undefined) found.add(problem[0], problem[1], path);
      else {
        files.set(path, entry);
        total += entry.sizeBytes;
      }
    }
  }
  const inOrder = [...files].sort(([a], [b]) => compareText(a, b));
  return { files: withoutFolders(inOrder, found), folders, findings: found.findings() };
}

type Problem = readonly [code: FindingCode, severity: Finding["severity"]];
const same: Problem = ["zip.same-name", "warning"];

interface Among {
  readonly isOverlap: boolean;
  readonly isSame: boolean;
  readonly isTooMuch: boolean;
}

/** Why an entry that is well by itself is passed over for the sake of others, or undefined. */
function problemAmong({ isOverlap, isSame, isTooMuch }: Among): Problem | undefined {
  if (isOverlap) return ["zip.overlap", "error"];
  if (isSame) return same;
  return isTooMuch ? ["zip.bomb", "error"] : undefined;
}

const kindBits = 0xf000;
const linkKind = 0xa000;
/** None said, a file, and a pipe: what a program packed as it came out of one. */
const fileKinds: ReadonlySet<number> = new Set([0, 0x8000, 0x1000]);
const encryptedFlags = 0x2041;
const [STORED, DEFLATED] = [0, 8];

/** Why an entry is passed over, or undefined. */
function problemOf(entry: Entry, end: number): Problem | undefined {
  const kind = (entry.attributes >>> 16) & kindBits;
  if (kind === linkKind) return ["format.link", "warning"];
  if (!fileKinds.has(kind)) return ["format.no-file", "warning"];
  if ((entry.flags & encryptedFlags) !== 0) return ["zip.encrypted", "error"];
  const { method, packedBytes, sizeBytes } = entry;
  if (method !== STORED && method !== DEFLATED) return ["zip.unknown-method", "error"];
  const isPossible =
    method === STORED ? sizeBytes === packedBytes : sizeBytes <= packedBytes * zipLimits.ratio;
  return entry.end <= end && isPossible ? undefined : ["zip.wrong-size", "error"];
}

/** Entries that reach into the next one: whichever of them is wrong, all others are still read. */
function overlaps(entries: readonly Entry[]): ReadonlySet<Entry> {
  const inPlace = [...entries].sort((a, b) => a.at - b.at);
  return new Set(inPlace.filter((entry, i) => entry.end > (inPlace[i + 1]?.at ?? Infinity)));
}

/** A file cannot have the name of a folder in which others lie. */
function withoutFolders(files: readonly [string, Entry][], found: Found): ReadonlyMap<string, Entry> {
  const parents = new Set(files.flatMap(([path]) => parentsOf(path)));
  const isAlone = ([path]: readonly [string, Entry]): boolean => {
    if (parents.has(path)) found.add(same[0], same[1], path);
    return !parents.has(path);
  };
  return new Map(files.filter(isAlone));
}

/** Folders in which a path lies, the innermost last. */
export function parentsOf(path: string): string[] {
  const parts = path.split("/");
  return parts.slice(1).map((_, i) => parts.slice(0, i + 1).join("/"));
}

/** Findings by kind: a million entries of one kind are told of one by one no more. */
class Found {
  readonly #byCode = new Map<FindingCode, { severity: Finding["severity"]; where: string[]; more: number }>();

  add(code: FindingCode, severity: Finding["severity"], where?: string): void {
    const known = this.#byCode.get(code) ?? { severity, where: [], more: 0 };
    this.#byCode.set(code, known);
    if (where === undefined || known.where.length >= zipLimits.findings) known.more++;
    else known.where.push(where);
  }

  findings(): Finding[] {
    return [...this.#byCode].flatMap(([code, { severity, where, more }]) => [
      ...where.map((each) => ({ code, severity, where: each })),
      ...(more > 0 ? [{ code, severity, count: more }] : []),
    ]);
  }
}
