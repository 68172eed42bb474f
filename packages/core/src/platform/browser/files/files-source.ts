import type { Finding } from "../../../base/index.ts";
import { isInsidePath, type Source } from "../../../formats/index.ts";
import { compareText, type SourceFile } from "../../../model/index.ts";
import { pickedFile } from "./picked-file.ts";

/** A file, and where it lay among the others: of an `<input webkitdirectory>` its `webkitRelativePath`. */
export interface PickedFile {
  readonly path: string;
  readonly file: File;
}

/**
 * A source of files that a person picked or dropped. Where all of them lie in one folder, the source is that folder: a
 * browser names it too. A path that leads out is passed over, and of two files of one path the second.
 */
export function filesSource(files: readonly PickedFile[]): Source {
  const byPath = new Map<string, File>();
  const findings: Finding[] = [];
  for (const { path, file } of files)
    if (!isInsidePath(path) || byPath.has(path))
      findings.push({ code: "format.no-file", severity: "warning" });
    else byPath.set(path, file);
  const top = topOf([...byPath.keys()]);
  const named = [...byPath].map(([path, file]) => [path.slice(top.length), file] as const);
  const inOrder = new Map(named.sort(([a], [b]) => compareText(a, b)));
  return {
    // oxlint-disable-next-line typescript/require-await -- the port is asynchronous
    async *files(found): AsyncGenerator<SourceFile> {
      for (const [path, file] of inOrder) yield pickedFile(file, path);
      for (const finding of findings) found?.(finding);
    },
    file(path) {
      const file = inOrder.get(path);
      return Promise.resolve(file && pickedFile(file, path));
    },
    folders() {
      const names = [...inOrder.keys()].flatMap((path) => /^[^/]+(?=\/)/.exec(path) ?? []);
      return Promise.resolve([...new Set(names)].sort(compareText));
    },
  };
}

/** The folder in which all paths lie, with its slash; empty if there is none. */
function topOf([first, ...others]: readonly string[]): string {
  const top = /^[^/]+\//.exec(first ?? "")?.[0] ?? "";
  return others.every((path) => path.startsWith(top)) ? top : "";
}
