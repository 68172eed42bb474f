import { groupBy, parentFolder, sources, type Tree, type Verdict } from "./tree.ts";

const maxLines = 400;
const maxFiles = 12;

/** A file is at most 400 lines. */
export function fileSizes(tree: Tree): Verdict {
  const files = sources(tree);
  const violations = files
    .map(([path, text]) => ({ path, lines: text.split("\n").length - 1 }))
    .filter(({ lines }) => lines > maxLines)
    .map(({ path, lines }) => `${path}: ${lines} lines, at most ${maxLines}`);
  return { looked: files.length, violations };
}

/** A folder holds at most 12 source files; more want a sub-folder with a name. */
export function folderSizes(tree: Tree): Verdict {
  const folders = groupBy(sources(tree), ([path]) => parentFolder(path));
  const violations = [...folders]
    .filter(([, files]) => files.length > maxFiles)
    .map(([folder, files]) => `${folder}: ${files.length} source files, at most ${maxFiles}`);
  return { looked: folders.size, violations };
}
