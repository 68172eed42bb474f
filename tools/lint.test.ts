import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const lines = (count: number): string => "  value();\n".repeat(count);
const branches = (count: number): string => "  if (n === 0) return 1;\n".repeat(count);

/** What each rule must refuse; the file's name stands before its text. */
const planted: Readonly<Record<string, readonly (readonly [file: string, text: string])[]>> = {
  "eslint(complexity)": [["a.ts", `export function f(n: number): number {\n${branches(12)}  return 2;\n}\n`]],
  "eslint(eqeqeq)": [["a.ts", "export const f = (a: string, b: string): boolean => a == b;\n"]],
  "eslint(max-lines-per-function)": [
    ["a.ts", `const value = (): number => 1;\nexport function f(): void {\n${lines(70)}}\n`],
  ],
  "eslint(max-params)": [
    [
      "a.ts",
      "export const f = (a: number, b: number, c: number, d: number, e: number): number => a + b + c + d + e;\n",
    ],
  ],
  "eslint(no-console)": [["a.ts", 'console.log("x");\nexport {};\n']],
  "eslint(no-eval)": [["a.ts", 'export const f = (): unknown => eval("1");\n']],
  "import(no-cycle)": [
    ["a.ts", 'import { b } from "./b.ts";\nexport const a = (): number => b();\n'],
    ["b.ts", 'import { a } from "./a.ts";\nexport const b = (): number => a();\n'],
  ],
  "import(no-default-export)": [["a.ts", "export default 1;\n"]],
  "import(no-self-import)": [["a.ts", 'import "./a.ts";\nexport {};\n']],
  "typescript(await-thenable)": [["a.ts", "export const f = async (): Promise<number> => await 1;\n"]],
  "typescript(ban-ts-comment)": [["a.ts", "// @ts-ignore\nexport const a: number = 1;\n"]],
  "typescript(no-explicit-any)": [["a.ts", "export const f = (a: any): void => void a;\n"]],
  "typescript(no-floating-promises)": [
    ["a.ts", "const g = async (): Promise<void> => {};\nexport const f = (): void => {\n  g();\n};\n"],
  ],
  "typescript(no-misused-promises)": [
    [
      "a.ts",
      "const g = async (): Promise<boolean> => true;\nexport const f = (): number => (g() ? 1 : 2);\n",
    ],
  ],
  "typescript(only-throw-error)": [["a.ts", 'export const f = (): never => {\n  throw "x";\n};\n']],
  "typescript(switch-exhaustiveness-check)": [
    [
      "a.ts",
      'export function f(a: "x" | "y"): void {\n  switch (a) {\n    case "x":\n      return;\n  }\n}\n',
    ],
  ],
  "unicorn(prefer-node-protocol)": [["a.ts", 'import "fs";\n']],
  "vitest(no-focused-tests)": [["a.test.ts", 'import { test } from "vitest";\ntest.only("a", () => {});\n']],
  "vitest(no-disabled-tests)": [["a.test.ts", 'import { test } from "vitest";\ntest.skip("a", () => {});\n']],
};

function lint(files: readonly (readonly [file: string, text: string])[]): {
  output: string;
  exitCode: number | null;
} {
  const folder = mkdtempSync(join(tmpdir(), "keepsake-lint-"));
  try {
    const tsconfig = { extends: join(root, "tsconfig.base.json"), include: ["."] };
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(tsconfig));
    for (const [file, text] of files) writeFileSync(join(folder, file), text);
    const oxlint = join(root, "node_modules/oxlint/bin/oxlint");
    const options = ["--config", join(root, ".oxlintrc.json"), "--type-aware", "--deny-warnings", "."];
    const { stdout, stderr, status } = spawnSync(process.execPath, [oxlint, ...options], {
      cwd: folder,
      encoding: "utf8",
    });
    return { output: stdout + stderr, exitCode: status };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test.each(Object.entries(planted))("the linter reports %s where it is planted", (rule, files) => {
  const { output, exitCode } = lint(files);
  expect(output).toContain(rule);
  expect(exitCode).toBe(1);
});

test("the linter accepts what is in order, cycles of types included", () => {
  const { output, exitCode } = lint([
    ["a.ts", 'import type { B } from "./b.ts";\nexport interface A {\n  readonly b?: B;\n}\n'],
    ["b.ts", 'import type { A } from "./a.ts";\nexport interface B {\n  readonly a?: A;\n}\n'],
  ]);
  expect(output).toContain("Found 0 warnings and 0 errors");
  expect(exitCode).toBe(0);
});

test("the rules that are planted here are all that the configuration names", async () => {
  const { default: config } = (await import("../.oxlintrc.json", { with: { type: "json" } })) as {
    default: { rules: Record<string, unknown> };
  };
  const named = Object.entries(config.rules).filter(([, level]) => level !== "off");
  const short = named.map(([rule]) =>
    rule.includes("/") ? rule.replace(/(.*)\/(.*)/, "$1($2)") : `eslint(${rule})`,
  );
  expect(short.toSorted()).toEqual(Object.keys(planted).toSorted());
});
