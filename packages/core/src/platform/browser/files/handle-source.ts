import { mapBounded, type Finding } from "../../../base/index.ts";
import { isInsidePath, type Source } from "../../../formats/index.ts";
import { compareText, type SourceFile } from "../../../model/index.ts";
import { pickedFile, unreadable } from "./picked-file.ts";

const maxDepth = 64;
/** Files that are asked for their size and time at once. */
const LOOKED_AT_ONCE = 16;
/** A larger folder is looked through again each time, so that memory stays bounded. */
const LISTED_MOST = 100_000;

/** A source in a folder that a person let the page read, or in one of the page's own. It is looked through as needed. */
export function handleSource(root: FileSystemDirectoryHandle): Source {
  const listed = listing(root);
  return {
    async *files(found) {
      for await (const each of listed()) {
        if ("path" in each) yield each;
        else if ("code" in each) found?.(each);
        else if ("closed" in each) {
          // What lies in such a folder may be what is looked for.
          if (found === undefined) unreadable(each.closed);
          found(unreadableAt(each.closed));
        }
      }
    },
    file: inFolder(root),
    async folders() {
      const entries = await entriesOf(root).catch(unreadable);
      return entries.filter(({ kind }) => kind === "directory").map(({ name }) => name);
    },
    async *emptyFolders() {
      for await (const each of listed()) if ("emptyFolder" in each) yield each.emptyFolder;
    },
    afresh: () => handleSource(root),
  };
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

/** What is in a folder, as it was when it was first looked through to its end. */
function listing(root: FileSystemDirectoryHandle): () => AsyncGenerator<Listed> {
  let known: readonly Listed[] | undefined;
  return async function* list() {
    if (known !== undefined) return yield* known;
    const seen: Listed[] = [];
    for await (const each of walk(await entriesOf(root).catch(unreadable))) {
      yield each;
      if (seen.length <= LISTED_MOST) seen.push(each);
    }
    if (seen.length <= LISTED_MOST) known = seen;
  };
}

type Entry = FileSystemFileHandle | FileSystemDirectoryHandle;

/** In order of path: a folder's name counts with its slash. */
async function entriesOf(folder: FileSystemDirectoryHandle): Promise<Entry[]> {
  const entries: Entry[] = [];
  for await (const entry of folder.values()) entries.push(entry);
  return entries.sort((a, b) => compareText(sortName(a), sortName(b)));
}

function sortName({ kind, name }: Entry): string {
  return kind === "directory" ? `${name}/` : name;
}

async function* walk(entries: readonly Entry[], prefix = ""): AsyncGenerator<Listed> {
  if (entries.length === 0 && prefix !== "") yield { emptyFolder: prefix.slice(0, -1) };
  const looked = mapBounded(entries, LOOKED_AT_ONCE, (entry) => lookAt(entry, prefix));
  for await (const each of looked) {
    if (each === undefined) continue;
    if ("below" in each) yield* walk(each.below, each.prefix);
    else yield each;
  }
}

interface Below {
  readonly below: readonly Entry[];
  readonly prefix: string;
}

/** Undefined for what has just gone. */
async function lookAt(entry: Entry, prefix: string): Promise<Listed | Below | undefined> {
  const path = prefix + entry.name;
  if (!isInsidePath(path)) return { code: "format.no-file", severity: "warning" };
  try {
    if (isFile(entry)) return pickedFile(await entry.getFile(), path);
    if (path.split("/").length >= maxDepth) return { code: "format.too-deep", severity: "warning" };
    return { below: await entriesOf(entry), prefix: `${path}/` };
  } catch (error) {
    if (error instanceof DOMException && error.name === "NotFoundError") return undefined;
    return isFile(entry) ? unreadableAt(path) : { closed: path };
  }
}

function isFile(entry: Entry): entry is FileSystemFileHandle {
  return entry.kind === "file";
}

/** Finds files by path, each folder on the way asked for once. */
function inFolder(root: FileSystemDirectoryHandle): Source["file"] {
  const folders = new Map<string, Promise<FileSystemDirectoryHandle>>();
  const folderAt = (parts: readonly string[]): Promise<FileSystemDirectoryHandle> => {
    if (parts.length === 0) return Promise.resolve(root);
    const path = parts.join("/");
    const known = folders.get(path);
    if (known !== undefined) return known;
    const found = folderAt(parts.slice(0, -1)).then((folder) => folder.getDirectoryHandle(parts.at(-1)!));
    if (folders.size >= 10_000) folders.clear();
    folders.set(path, found);
    return found;
  };
  return async (path) => {
    if (!isInsidePath(path)) return undefined;
    const parts = path.split("/");
    try {
      const folder = await folderAt(parts.slice(0, -1));
      return pickedFile(await (await folder.getFileHandle(parts.at(-1)!)).getFile(), path);
    } catch {
      return undefined;
    }
  };
}
