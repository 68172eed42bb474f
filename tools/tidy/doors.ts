import { posix } from "node:path";
import { doors as allDoors, importedNames } from "./imports.ts";
import { isTest, parentFolder, sources, type Tree, type Verdict } from "./tree.ts";

/** Every door in `exports` opens on a file, and every folder of core that holds code has a door file. */
export function doorFiles(tree: Tree): Verdict {
  const doors = allDoors(tree);
  const closed = [...doors]
    .filter(([, file]) => !tree.has(file))
    .map(([door, file]) => `${door}: ${file} does not exist`);
  const missing = [...coreFolders(tree)]
    .filter((folder) => !tree.has(`${folder}/index.ts`))
    .map((folder) => `${folder}: has no index.ts`);
  return { looked: doors.size, violations: [...closed, ...missing] };
}

function coreFolders(tree: Tree): ReadonlySet<string> {
  const folder = /^packages\/core\/src\/(?:(?:platform|formats)\/[^/]+|[^/]+)(?=\/)/;
  return new Set(sources(tree).flatMap(([path]) => folder.exec(path)?.[0] ?? []));
}

/** A file imports its neighbours by name, never the index.ts of a folder that it lies in: that is how cycles begin. */
export function ownDoor(tree: Tree): Verdict {
  const files = [...tree].filter(([path]) => path.endsWith(".ts"));
  const violations = files.flatMap(([path, text]) =>
    importedNames(text)
      .filter((name) => name.startsWith(".") && !isTest(path))
      .map((name) => posix.join(parentFolder(path), name))
      .filter((target) => target.endsWith("/index.ts") && path.startsWith(`${parentFolder(target)}/`))
      .map((target) => `${path}: imports its own door ${target}`),
  );
  return { looked: files.length, violations };
}

/** One folder of core enters another through a door: its index.ts or a file that `exports` names. */
export function otherDoors(tree: Tree): Verdict {
  const open = new Set(allDoors(tree).values());
  const files = sources(tree).filter(([path]) => path.startsWith("packages/core/src/"));
  const violations = files.flatMap(([path, text]) =>
    importedNames(text)
      .filter((name) => name.startsWith("."))
      .map((name) => posix.join(parentFolder(path), name))
      .filter((target) => area(target) !== area(path) && !target.endsWith("/index.ts") && !open.has(target))
      .map((target) => `${path}: enters ${target} beside its door`),
  );
  return { looked: files.length, violations };
}

function area(path: string): string {
  return /^packages\/core\/(?:src\/(?:platform\/)?)?[^/]+/.exec(path)?.[0] ?? path;
}

/** Every chat format has the same inner layout: README.md, read.ts, fixtures/, and write.ts or the reason for none. */
export function formatLayout(tree: Tree): Verdict {
  const paths = [...tree.keys()];
  const formats = new Set(
    paths.flatMap((path) => /^packages\/core\/src\/formats\/[^/]+(?=\/)/.exec(path)?.[0] ?? []),
  );
  const violations = [...formats].flatMap((format) => {
    const lacks = ["README.md", "read.ts"].filter((file) => !tree.has(`${format}/${file}`));
    if (!paths.some((path) => path.startsWith(`${format}/fixtures/`))) lacks.push("fixtures/");
    const saysWhy = /^## No writer$/m.test(tree.get(`${format}/README.md`) ?? "");
    if (!tree.has(`${format}/write.ts`) && !saysWhy)
      lacks.push('write.ts (or "## No writer" in its README.md)');
    return lacks.map((file) => `${format}: has no ${file}`);
  });
  return { looked: formats.size, violations };
}
