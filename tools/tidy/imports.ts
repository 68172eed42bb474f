import { posix } from "node:path";
import type { Tree } from "./tree.ts";

const importForms = [
  /(?:^|[\n;])\s*(?:import|export)\s(?:[^"';]*?\sfrom\s+)?"([^"]+)"/g,
  /\bimport\(\s*"([^"]+)"/g,
  /\bimport\.meta\.resolve\(\s*"([^"]+)"/g,
];

/** What a file imports, types and dynamic imports included, as written. */
export function importedNames(text: string): readonly string[] {
  return importForms.flatMap((form) => [...text.matchAll(form)].map((match) => match[1] ?? ""));
}

/** The doors of the packages: what `exports` of their package.json maps each name to. */
export function doors(tree: Tree): ReadonlyMap<string, string> {
  const all = new Map<string, string>();
  for (const [path, text] of tree) {
    if (!/^packages\/[^/]+\/package\.json$/.test(path)) continue;
    const { name, exports = {} } = JSON.parse(text) as { name: string; exports?: Record<string, string> };
    for (const [door, file] of Object.entries(exports)) {
      all.set(posix.join(name, door), posix.join(posix.dirname(path), file));
    }
  }
  return all;
}

/** The file of this repository that an import means; undefined for a library. */
export function resolveImport(
  name: string,
  from: string,
  allDoors: ReadonlyMap<string, string>,
): string | undefined {
  if (name.startsWith(".")) return posix.join(posix.dirname(from), name);
  if (!name.startsWith("@keepsake/")) return undefined;
  return allDoors.get(name) ?? `no door ${name}`;
}
