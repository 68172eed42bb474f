import { doors, importedNames, resolveImport } from "./imports.ts";
import { isTest, sources, type Tree, type Verdict } from "./tree.ts";

const all = [
  "base",
  "model",
  "vault",
  "history",
  "formats",
  "media",
  "evidence",
  "plans",
  "protocol",
  "client",
  "s3",
  "zip",
];

/** Which folders of core (or which file of one) a folder of core may import. */
const coreTable: Readonly<Record<string, readonly string[]>> = {
  base: [],
  model: ["base"],
  vault: ["base"],
  protocol: ["base"],
  s3: ["base", "vault/store"],
  media: ["base"],
  sqlite: ["model", "base"],
  apple: ["sqlite", "model", "base"],
  formats: ["apple", "sqlite", "model", "base"],
  zip: ["formats", "model", "base"],
  plans: ["base"],
  history: ["model", "vault", "base"],
  evidence: ["model", "history", "vault", "base"],
  client: ["formats", "evidence", "history", "vault", "protocol", "model", "base"],
  "platform/node": ["base", "vault/store", "model", "sqlite", "platform/wasm-sqlite", "formats", "history"],
  "platform/browser": ["base", "vault/store", "model", "sqlite", "platform/wasm-sqlite", "formats"],
  "platform/wasm-sqlite": ["sqlite", "model", "base"],
};

/** Which doors of core the other packages may use. */
const packageTable: Readonly<Record<string, readonly string[]>> = {
  cli: [...all, "platform/node", "index.ts"],
  web: [
    "client",
    "vault",
    "history",
    "formats",
    "media",
    "model",
    "base",
    "plans",
    "protocol",
    "s3",
    "zip",
    "platform/browser",
    "index.ts",
  ],
  server: [
    "plans",
    "protocol",
    "base",
    "s3",
    "vault/store",
    "platform/node/folder-store",
    "platform/node/primitives",
  ],
};

/** What ships and may use the testing kit, for its invented history: the guided tour, and the sample of the web app. */
const tour = /^packages\/(?:cli\/src\/(?:commands\/)?tour(?:\/|\.ts$)|web\/src\/worker\/act\/sample\.ts$)/;

/** The command that runs a server: it starts the server's program as a process, and imports nothing of it. */
const serving = { from: "packages/cli/src/commands/server/serve.ts", to: "packages/server/src/main.ts" };

/** What the server may never reach, not even through a file that it may import. */
const readsChats = ["model", "sqlite", "formats", "history", "evidence", "client", "vault"];

const core = "packages/core/src/";

/** Imports between folders and packages follow the table of ARCHITECTURE.md. */
export function layers(tree: Tree): Verdict {
  const allDoors = doors(tree);
  const files = sources(tree).filter(([path]) => zoneOf(path) !== undefined);
  const violations = files.flatMap(([path, text]) =>
    importedNames(text).flatMap((name) => {
      const target = resolveImport(name, path, allDoors);
      const why = target === undefined ? undefined : refusal(path, target, name);
      return why === undefined ? [] : [`${path}: imports ${name}: ${why}`];
    }),
  );
  return { looked: files.length, violations };
}

/** Why a file may not import another, or undefined if it may. */
function refusal(from: string, target: string, name: string): string | undefined {
  if (!target.startsWith("packages/") || packageOf(from) !== packageOf(target))
    return refusalAcross(from, target, name);
  const zone = zoneOf(from);
  if (zone === undefined || packageOf(from) !== "core") return undefined;
  const allowed = coreTable[zone];
  if (allowed === undefined) return `the table has no line for ${zone}`;
  if (!target.startsWith(core)) return "what ships does not import the testing kit";
  return zoneOf(target) === zone || isUnder(target, allowed) ? undefined : `${zone} may not know it`;
}

function refusalAcross(from: string, target: string, name: string): string | undefined {
  if (target.startsWith("no door")) return "its package opens no such door";
  if (name.startsWith(".")) return "another package is reached by its name";
  if (target.startsWith("packages/core/testing/") && tour.test(from)) return undefined;
  if (from === serving.from && target === serving.to) return undefined;
  const allowed = packageTable[packageOf(from)] ?? [];
  return target.startsWith(core) && isUnder(target, allowed)
    ? undefined
    : `${packageOf(from)} may not know it`;
}

function isUnder(target: string, prefixes: readonly string[]): boolean {
  const inner = target.slice(core.length);
  return prefixes.some(
    (prefix) => inner === prefix || inner.startsWith(`${prefix}/`) || inner === `${prefix}.ts`,
  );
}

/** The folder of core, or the package, whose rules hold for a file; undefined where none do. */
function zoneOf(path: string): string | undefined {
  const inner = /^packages\/core\/src\/(platform\/[^/]+|[^/]+)\//.exec(path);
  if (inner !== null) return inner[1];
  return /^packages\/(?:cli|web|server)\/src\//.test(path) ? packageOf(path) : undefined;
}

function packageOf(path: string): string {
  return path.split("/")[1] ?? "";
}

/** The server holds no code that could read a chat, however far one follows its imports. */
export function blindServer(tree: Tree): Verdict {
  const allDoors = doors(tree);
  const start = sources(tree).filter(([path]) => path.startsWith("packages/server/src/"));
  const reached = new Map(start.map(([path]) => [path, path]));
  for (const [path, way] of reached) {
    for (const name of importedNames(tree.get(path) ?? "")) {
      const target = resolveImport(name, path, allDoors);
      if (target !== undefined && !reached.has(target) && !isTest(target))
        reached.set(target, `${way} > ${target}`);
    }
  }
  const violations = [...reached]
    .filter(([path]) => path.startsWith(core) && isUnder(path, readsChats) && !isUnder(path, ["vault/store"]))
    .map(([, way]) => `the server reaches what reads chats: ${way}`);
  return { looked: start.length, violations };
}
