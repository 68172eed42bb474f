import { constants, lstatSync, readdirSync, type Dirent, type Stats } from "node:fs";
import { lstat, open, stat, type FileHandle } from "node:fs/promises";
import { basename, dirname, join, sep } from "node:path";
import { setImmediate } from "node:timers/promises";
import { KeepsakeError, type Bytes, type Finding } from "../../base/index.ts";
import { isInsidePath, type Source } from "../../formats/index.ts";
import { compareText, type ByteRange, type SourceFile } from "../../model/index.ts";

const pieceBytes = 256 * 1024;
const smallBytes = 1024 * 1024;
const maxDepth = 64;
/** So many files of a folder are looked at before others get their turn. */
const LOOKED_AT_ONCE = 256;
/** A larger folder is looked through again each time, so that memory stays bounded. */
const LISTED_MOST = 100_000;

/**
 * A source in a folder, or of a single file. No symbolic link in it is followed. Throws `format.unreadable` where
 * there is neither.
 */
export async function folderSource(path: string): Promise<Source> {
  const about = await stat(path).catch(unreadable);
  if (about.isDirectory()) return inside(path);
  if (!about.isFile()) throw new KeepsakeError("format.unreadable");
  const file = sourceFile(dirname(path), basename(path), about);
  return {
    // oxlint-disable-next-line typescript/require-await -- the port is asynchronous
    async *files() {
      yield file;
    },
    file: (wanted) => Promise.resolve(wanted === file.path ? file : undefined),
    folders: () => Promise.resolve([]),
  };
}

function inside(root: string): Source {
  const listed = listing(root);
  return {
    files: (found = ignore) => inTurns(listed(), (each) => fileOf(each, found)),
    file: inFolder(root),
    folders: () => Promise.resolve(foldersIn(root)),
    emptyFolders: () => inTurns(listed(), (each) => ("emptyFolder" in each ? each.emptyFolder : undefined)),
    afresh: () => inside(root),
  };
}

/** The file itself; what else is found is told. */
function fileOf(each: Listed, found: (finding: Finding) => void): SourceFile | undefined {
  if ("path" in each) return each;
  if ("code" in each) found(each);
  else if ("closed" in each) {
    // What lies in such a folder may be what is looked for.
    if (found === ignore) throw new KeepsakeError("format.unreadable");
    found(unreadableAt(each.closed));
  }
  return undefined;
}

function foldersIn(root: string): string[] {
  const folders = readdir(root).filter((entry) => entry.isDirectory());
  return folders.map(({ name }) => name).sort(compareText);
}

function ignore(): void {
  return undefined;
}

function unreadable(cause: unknown): never {
  throw new KeepsakeError("format.unreadable", { cause });
}

type FileStat = Pick<Stats, "size" | "mtimeMs" | "ctimeMs" | "ino">;

function sourceFile(root: string, path: string, about: FileStat): SourceFile {
  return new DiskFile(root, path, about);
}

/** Knows where it lies, which a copy or a view of it does not: what a view gives may be other bytes. */
class DiskFile implements SourceFile {
  readonly path: string;
  readonly sizeBytes: number;
  readonly modifiedMs: number;
  readonly changed: string;
  readonly open: SourceFile["open"];
  readonly #root: string;

  constructor(root: string, path: string, { size, mtimeMs, ctimeMs, ino }: FileStat) {
    this.path = path;
    this.sizeBytes = size;
    this.modifiedMs = toMicroseconds(mtimeMs);
    this.changed = `${ctimeMs}.${ino}`;
    this.open = (range) => pieces(join(root, path), size, range);
    this.#root = root;
  }

  static pathOf(file: SourceFile): string | undefined {
    return #root in file ? join(file.#root, file.path) : undefined;
  }
}

/** A number holds a time of today to a quarter of a microsecond: the whole part is set aside to round the rest. */
function toMicroseconds(timeMs: number): number {
  const whole = Math.floor(timeMs);
  return whole + Math.round((timeMs - whole) * 1000) / 1000;
}

/** Where a file of a folder source lies on the disk; undefined for any other file, and for views of such a file. */
export function pathOnDisk(file: SourceFile): string | undefined {
  return DiskFile.pathOf(file);
}

/** A small file comes in one piece; a byte more than it has is asked for, so that its end shows at once. */
async function* pieces(
  path: string,
  sizeBytes: number,
  range: ByteRange = { start: 0 },
): AsyncGenerator<Bytes> {
  const most = sizeBytes < smallBytes ? sizeBytes + 1 : pieceBytes;
  const handle = await open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0)).catch(unreadable);
  try {
    let at = range.start;
    while (range.end === undefined || at < range.end) {
      const length = Math.min(most, (range.end ?? Infinity) - at);
      const piece = await readPiece(handle, at, length);
      if (piece.length > 0) yield piece;
      if (piece.length < length) return;
      at += piece.length;
    }
  } finally {
    await handle.close();
  }
}

async function readPiece(handle: FileHandle, at: number, length: number): Promise<Bytes> {
  const bytes = new Uint8Array(length);
  const { bytesRead } = await handle.read(bytes, 0, length, at).catch(unreadable);
  return bytesRead === length ? bytes : bytes.subarray(0, bytesRead);
}

/** What is in a folder, as it was when it was first looked through to its end. */
function listing(root: string): () => Iterable<Listed> {
  let known: readonly Listed[] | undefined;
  function* look(): Generator<Listed> {
    const seen: Listed[] = [];
    for (const listed of walk(root)) {
      yield listed;
      if (seen.length <= LISTED_MOST) seen.push(listed);
    }
    if (seen.length <= LISTED_MOST) known = seen;
  }
  return () => known ?? look();
}

/** What is wanted of a listing; others get their turn in between. */
async function* inTurns<T>(
  listed: Iterable<Listed>,
  wanted: (each: Listed) => T | undefined,
): AsyncGenerator<T> {
  let looked = 0;
  for (const each of listed) {
    const found = wanted(each);
    if (found !== undefined) yield found;
    if (++looked % LOOKED_AT_ONCE === 0) await setImmediate();
  }
}

type Listed =
  | SourceFile
  | Finding
  | { readonly emptyFolder: string }
  /** A folder that cannot be looked into. */
  | { readonly closed: string };

function unreadableAt(where: string): Finding {
  return { code: "format.unreadable", severity: "warning", where };
}

/**
 * What lies below a folder in order of path: a folder's name counts with its slash. Asking for each by way of another
 * thread would take several times as long as the answers.
 */
function* walk(root: string, prefix = ""): Generator<Listed> {
  const entries = prefix === "" ? readdir(root) : quickReaddir(root + sep + prefix);
  if (entries === undefined) return yield { closed: prefix.slice(0, -1) };
  if (entries.length === 0 && prefix !== "") yield { emptyFolder: prefix.slice(0, -1) };
  const named = entries.map((entry) => ({
    entry,
    name: entry.isDirectory() ? `${entry.name}/` : entry.name,
  }));
  for (const { entry, name } of named.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = prefix + name;
    if (entry.isDirectory()) {
      if (path.split("/").length <= maxDepth) yield* walk(root, path);
      else yield { code: "format.too-deep", severity: "warning" };
    } else {
      const seen = lookAt(root, path, entry);
      if (seen !== undefined) yield seen;
    }
  }
}

/** Undefined for what has just gone. */
function lookAt(root: string, path: string, entry: Dirent): SourceFile | Finding | undefined {
  if (!entry.isFile() || !isInsidePath(path))
    return { code: entry.isSymbolicLink() ? "format.link" : "format.no-file", severity: "warning" };
  const about = quickStat(root + sep + path);
  if (about === null) return unreadableAt(path);
  return about?.isFile() === true ? sourceFile(root, path, about) : undefined;
}

function readdir(path: string): Dirent[] {
  try {
    return readdirSync(path, { withFileTypes: true });
  } catch (error) {
    return unreadable(error);
  }
}

function quickReaddir(path: string): Dirent[] | undefined {
  try {
    return readdir(path);
  } catch {
    return undefined;
  }
}

/** What stands in a name for bytes that are no text: the file is not found by it. */
const NO_TEXT = "\ufffd";

/** Undefined for what has just gone; null for what is there and cannot be looked at. */
function quickStat(path: string): Stats | undefined | null {
  try {
    const about = lstatSync(path, { throwIfNoEntry: false });
    return about === undefined && path.includes(NO_TEXT) ? null : about;
  } catch {
    return null;
  }
}

/** Finds files by path, each folder on the way looked at once. */
function inFolder(root: string): Source["file"] {
  const folders = new Map<string, Promise<boolean>>();
  const isFolder = (path: string): Promise<boolean> => {
    const known = folders.get(path);
    if (known !== undefined) return known;
    const looked = lstat(join(root, path)).then(
      (about) => about.isDirectory(),
      () => false,
    );
    if (folders.size >= 10_000) folders.clear();
    folders.set(path, looked);
    return looked;
  };
  return async (path) => {
    if (!isInsidePath(path)) return undefined;
    const parts = path.split("/");
    for (let depth = 1; depth < parts.length; depth++)
      if (!(await isFolder(parts.slice(0, depth).join("/")))) return undefined;
    const about = await lstat(join(root, path)).catch(ignore);
    return about?.isFile() === true ? sourceFile(root, path, about) : undefined;
  };
}
