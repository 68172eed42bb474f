import type { Tree, Verdict } from "./tree.ts";

const sections = ["dependencies", "devDependencies", "optionalDependencies", "peerDependencies"] as const;
type Manifest = { readonly [section in (typeof sections)[number]]?: Readonly<Record<string, string>> };

/** Every dependency is pinned to one version and has its line in docs/DEPENDENCIES.md, and no line is left over. */
export function dependencies(tree: Tree): Verdict {
  const all = [...tree]
    .filter(([path]) => path.endsWith("package.json"))
    .flatMap(([path, text]) => declared(path, text));
  const page = tree.get("docs/DEPENDENCIES.md") ?? "";
  const explained = new Set(
    [...page.matchAll(/^\| `([^`]+)` *\|(?:[^|\n]*[^|\s][^|\n]*\|)+$/gm)].map((row) => row[1] ?? ""),
  );
  const names = new Set(all.map(({ name }) => name));
  const violations = [
    ...all
      .filter(({ version }) => !/^\d+\.\d+\.\d+/.test(version))
      .map(({ path, name }) => `${path}: ${name} is not pinned`),
    ...[...names]
      .filter((name) => !explained.has(name))
      .map((name) => `docs/DEPENDENCIES.md: no line for ${name}`),
    ...[...explained]
      .filter((name) => !names.has(name))
      .map((name) => `docs/DEPENDENCIES.md: nobody uses ${name}`),
  ];
  return { looked: all.length, violations };
}

function declared(path: string, text: string): readonly { path: string; name: string; version: string }[] {
  const manifest = JSON.parse(text) as Manifest;
  return sections
    .flatMap((section) => Object.entries(manifest[section] ?? {}))
    .filter(([name]) => !name.startsWith("@keepsake/"))
    .map(([name, version]) => ({ path, name, version }));
}

/** Lock files name no host: they install from whatever registry the reader uses, held by their digests. */
export function lockFiles(tree: Tree): Verdict {
  const locks = [...tree].filter(([path]) => path.endsWith("package-lock.json"));
  const violations = locks
    .filter(([, text]) => /"resolved": "[a-z+]+:/.test(text))
    .map(
      ([path]) => `${path}: names a registry's host; write it anew with omit-lockfile-registry-resolved=true`,
    );
  return { looked: locks.length, violations };
}
