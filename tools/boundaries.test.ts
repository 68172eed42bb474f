import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Runs a script of node_modules in a folder that holds the given files; its output and exit code. */
function runIn(parent: string, files: Readonly<Record<string, string>>, script: string, ...args: string[]) {
  mkdirSync(parent, { recursive: true });
  const folder = mkdtempSync(join(parent, "keepsake-boundary-"));
  try {
    for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, file), text);
    const command = [join(root, "node_modules", script), ...args];
    const { stdout, stderr, status } = spawnSync(process.execPath, command, {
      cwd: folder,
      encoding: "utf8",
    });
    return { output: stdout + stderr, exitCode: status };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Checks core's real files and a planted one, which finds the types where core does, under a configuration of core. */
function typeCheck(config: string, planted: string) {
  const core = join(root, "packages/core");
  const tsconfig = { extends: join(core, config), include: [join(core, "src")], files: ["planted.ts"] };
  const files = { "tsconfig.json": JSON.stringify(tsconfig), "planted.ts": planted };
  return runIn(join(root, "node_modules/.cache"), files, "typescript/bin/tsc", "--pretty", "false");
}

test.each([
  [
    "tsconfig.portable.json",
    "Node's modules",
    'import { readFileSync } from "node:fs";\nexport const f: unknown = readFileSync;\n',
  ],
  ["tsconfig.portable.json", "Node's globals", "export const f: unknown = process.cwd();\n"],
  ["tsconfig.portable.json", "Node's Buffer", "export const f: unknown = Buffer.alloc(1);\n"],
  ["tsconfig.portable.json", "the page", "export const f: unknown = document.title;\n"],
  ["tsconfig.json", "the page", "export const f: unknown = document.title;\n"],
  ["tsconfig.json", "the browser's database", "export const f: unknown = indexedDB;\n"],
])("%s refuses %s", (config, _, planted) => {
  expect(typeCheck(config, planted).output).toMatch(/planted\.ts\(\d+,\d+\): error TS/);
});

test.each(["tsconfig.portable.json", "tsconfig.json"])("%s accepts what both platforms have", (config) => {
  const planted = "export const f: unknown = [crypto.subtle, new TextEncoder(), structuredClone(1)];\n";
  expect(typeCheck(config, planted).output).not.toContain("planted.ts");
});

test("a deep import of another package fails in Node and in the compiler", () => {
  const deep = "@keepsake/core/src/base/bytes.ts";
  const inNode = spawnSync(process.execPath, ["--input-type=module", "--eval", `import "${deep}";`], {
    cwd: join(root, "packages/server"),
    encoding: "utf8",
  });
  expect(inNode.stderr).toContain("ERR_PACKAGE_PATH_NOT_EXPORTED");
  const planted = `import { textToBytes } from "${deep}";\nexport const f: unknown = textToBytes;\n`;
  expect(typeCheck("tsconfig.json", planted).output).toMatch(/planted\.ts\(1,\d+\): error TS2307/);
});

test("dependencies that nobody declared and exports that nobody uses are found", () => {
  const files = {
    "package.json": '{ "name": "planted", "type": "module", "dependencies": { "idle": "1.0.0" } }',
    "index.js": 'import "undeclared";\nimport "./a.js";\n',
    "a.js": "export const unused = 1;\n",
    "b.js": "",
  };
  const { output, exitCode } = runIn(tmpdir(), files, "knip/bin/knip.js", "--no-progress");
  expect(exitCode).toBe(1);
  for (const found of ["idle", "undeclared", "unused", "b.js"]) expect(output).toContain(found);
});
