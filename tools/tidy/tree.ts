import { lstatSync, readFileSync, readdirSync } from "node:fs";
import { join, posix } from "node:path";

/** The text files of the repository by their path from its root, "/" separated. Bytes that are not text are "". */
export type Tree = ReadonlyMap<string, string>;

/** What a guard found, and how many things it looked at: a guard that looked at nothing has not passed. */
export interface Verdict {
  readonly looked: number;
  readonly violations: readonly string[];
}

export type Guard = (tree: Tree) => Verdict;

const notOurs = new Set([".git", "node_modules", "dist", "coverage", ".cache"]);
const textNames =
  /(?:\.(?:ts|tsx|mjs|js|json|jsonl|md|html|css|yml|yaml|sh|py|txt|cmd|svg|webmanifest)|\/[^.]+)$/;
const maxTextBytes = 2_000_000;

export function readTree(root: string): Tree {
  const tree = new Map<string, string>();
  const visit = (folder: string): void => {
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
      const path = posix.join(folder, entry.name);
      if (notOurs.has(entry.name) || entry.isSymbolicLink()) continue;
      if (entry.isDirectory()) visit(path);
      else if (entry.isFile()) tree.set(path, readText(join(root, path), `/${path}`));
    }
  };
  visit("");
  return tree;
}

function readText(file: string, name: string): string {
  return textNames.test(name) && lstatSync(file).size <= maxTextBytes ? readFileSync(file, "utf8") : "";
}

/** The TypeScript and JavaScript that ships or builds: no tests, no fixtures. */
export function sources(tree: Tree): readonly [path: string, text: string][] {
  return [...tree].filter(([path]) => /\.(?:ts|tsx|mjs)$/.test(path) && !isTest(path) && !isFixture(path));
}

export function isTest(path: string): boolean {
  return /\.test\.tsx?$/.test(path);
}

export function isFixture(path: string): boolean {
  return /(?:^|\/)(?:fixtures|vectors)\//.test(path);
}

export function parentFolder(path: string): string {
  return posix.dirname(path);
}

export function groupBy<T>(items: Iterable<T>, key: (item: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(key(item));
    if (group === undefined) groups.set(key(item), [item]);
    else group.push(item);
  }
  return groups;
}
