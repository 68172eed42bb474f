import { sources, type Tree, type Verdict } from "./tree.ts";

/** Words that say nothing of what is inside, alone or as part of a name; and some that say nothing alone. */
const vague = new Set([
  "util",
  "utils",
  "helper",
  "helpers",
  "common",
  "manager",
  "service",
  "services",
  "misc",
]);
const vagueAlone = new Set(["new", "old", "v2", "shared", "stuff", "lib"]);
const kebab = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;
const suffix = /(?:\.(?:node|browser|config))?\.(?:ts|tsx|mjs)$/;

/** Names of files and folders are kebab-case nouns or verbs that say what is inside. */
export function names(tree: Tree): Verdict {
  const files = sources(tree);
  const violations = files.flatMap(([path]) =>
    wrongParts(path).map((part) => `${path}: "${part}" is no name`),
  );
  return { looked: files.length, violations };
}

function wrongParts(path: string): readonly string[] {
  const parts = path.replace(suffix, "").split("/");
  return parts.filter(
    (part) => !kebab.test(part) || vagueAlone.has(part) || part.split("-").some((word) => vague.has(word)),
  );
}
