import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { dependencies, lockFiles } from "./tidy/dependencies.ts";
import { doorFiles, formatLayout, otherDoors, ownDoor } from "./tidy/doors.ts";
import { bareErrors, codesUsed, errorSentences } from "./tidy/errors.ts";
import { blindServer, layers } from "./tidy/layers.ts";
import { names } from "./tidy/names.ts";
import { fileSizes, folderSizes } from "./tidy/sizes.ts";
import { readTree, type Guard, type Tree } from "./tidy/tree.ts";
import { words } from "./tidy/words.ts";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const ours = readTree(root);

const lines = (count: number): string => "export {};\n".repeat(count);
const importing = (...names: string[]): string => names.map((name) => `import "${name}";\n`).join("");
const manifest = (name: string, rest: object): string => JSON.stringify({ name, ...rest });
const codes = (inner: string): string => `export const codes = {\n  "vault.lost": {${inner}},\n};\n`;

const serverPackage = JSON.stringify({
  name: "@keepsake/server",
  exports: { "./program": "./src/main.ts" },
});
const corePackage = manifest("@keepsake/core", {
  exports: {
    "./model": "./src/model/index.ts",
    "./vault": "./src/vault/index.ts",
    "./base": "./src/base/index.ts",
    "./testing": "./testing/index.ts",
    "./node/folder-store": "./src/platform/node/folder-store.ts",
  },
});

/** A guard, trees it accepts, and trees with one planted violation and what it must say of it. */
interface Case {
  readonly guard: Guard;
  readonly accepts: Readonly<Record<string, string>>;
  readonly refuses: readonly (readonly [plant: Readonly<Record<string, string>>, says: RegExp])[];
}

const cases: Readonly<Record<string, Case>> = {
  "a file has at most 400 lines": {
    guard: fileSizes,
    accepts: { "packages/core/src/base/a.ts": lines(400), "packages/core/src/base/a.test.ts": lines(900) },
    refuses: [[{ "packages/core/src/base/a.ts": lines(401) }, /401 lines/]],
  },
  "a folder has at most 12 source files, tests not counted": {
    guard: folderSizes,
    accepts: Object.fromEntries(
      [..."abcdefghijkl"].flatMap((name) => [
        [`packages/core/src/base/${name}.ts`, ""],
        [`packages/core/src/base/${name}.test.ts`, ""],
      ]),
    ),
    refuses: [
      [
        Object.fromEntries([..."abcdefghijklm"].map((name) => [`tools/x/${name}.ts`, ""])),
        /tools\/x: 13 source/,
      ],
    ],
  },
  "names are kebab-case and say what is inside": {
    guard: names,
    accepts: { "packages/core/src/base/bytes-to-hex.ts": "", "vitest.config.ts": "" },
    refuses: [
      [{ "packages/core/src/base/utils.ts": "" }, /"utils"/],
      [{ "packages/core/src/helpers/bytes.ts": "" }, /"helpers"/],
      [{ "packages/core/src/base/vault-manager.ts": "" }, /"vault-manager"/],
      [{ "packages/core/src/base/v2.ts": "" }, /"v2"/],
      [{ "packages/core/src/base/bytesToHex.ts": "" }, /"bytesToHex"/],
    ],
  },
  "imports follow the table of layers": {
    guard: layers,
    accepts: {
      "packages/core/package.json": corePackage,
      "packages/core/src/history/a.ts": importing(
        "../vault/index.ts",
        "../model/index.ts",
        "../base/index.ts",
        "./b.ts",
      ),
      "packages/core/src/vault/a.test.ts": importing("../model/index.ts"),
      "packages/core/src/platform/node/a.ts": importing("../../vault/store.ts", "node:fs"),
      "packages/server/src/main.ts": importing("@keepsake/core/base", "@keepsake/core/node/folder-store"),
      "packages/cli/src/commands/tour.ts": importing("@keepsake/core/testing"),
      "packages/server/package.json": serverPackage,
      "packages/cli/src/commands/server/serve.ts": importing("@keepsake/server/program"),
    },
    refuses: [
      [
        {
          "packages/server/package.json": serverPackage,
          "packages/cli/src/commands/server/login.ts": importing("@keepsake/server/program"),
        },
        /cli may not know it/,
      ],
      [{ "packages/core/src/vault/a.ts": importing("../model/index.ts") }, /vault may not know it/],
      [
        { "packages/core/src/base/a.ts": 'export { type X } from "../vault/index.ts";\n' },
        /base may not know it/,
      ],
      [
        { "packages/core/src/base/a.ts": 'const a = await import("../vault/index.ts");\n' },
        /base may not know/,
      ],
      [
        { "packages/core/src/model/a.ts": 'import type {\n  A,\n  B,\n} from "../vault/index.ts";\n' },
        /model may not/,
      ],
      [
        { "packages/core/src/platform/node/a.ts": importing("../../vault/seal.ts") },
        /platform\/node may not/,
      ],
      [{ "packages/core/src/model/a.ts": importing("../../testing/index.ts") }, /the testing kit/],
      [{ "packages/core/src/extra/a.ts": importing("../base/index.ts") }, /no line for extra/],
      [{ "packages/server/src/main.ts": importing("@keepsake/core/model") }, /server may not know it/],
      [{ "packages/cli/src/commands/init.ts": importing("@keepsake/core/testing") }, /cli may not know it/],
      [{ "packages/web/src/main.ts": importing("@keepsake/core/node/folder-store") }, /web may not know it/],
      [{ "packages/cli/src/main.ts": importing("../../core/src/base/index.ts") }, /reached by its name/],
      [{ "packages/cli/src/main.ts": importing("@keepsake/core/src/base/bytes.ts") }, /no such door/],
    ],
  },
  "the server reaches no code that could read a chat": {
    guard: blindServer,
    accepts: {
      "packages/core/package.json": corePackage,
      "packages/server/src/main.ts": importing("@keepsake/core/node/folder-store"),
      "packages/core/src/platform/node/folder-store.ts": importing("../../vault/store.ts"),
      "packages/core/src/vault/store.ts": importing("../base/index.ts"),
    },
    refuses: [
      [
        { "packages/core/src/platform/node/folder-store.ts": importing("../../model/chat.ts") },
        /> .*model\/chat\.ts$/,
      ],
      [{ "packages/core/src/vault/store.ts": importing("./seal/seal.ts") }, /> .*vault\/seal\/seal\.ts$/],
    ],
  },
  "doors open on files, and folders of core have one": {
    guard: doorFiles,
    accepts: {
      "packages/core/package.json": manifest("@keepsake/core", {
        exports: { "./base": "./src/base/index.ts" },
      }),
      "packages/core/src/base/index.ts": "",
      "packages/core/src/base/bytes.ts": "",
    },
    refuses: [
      [{ "packages/core/package.json": corePackage }, /@keepsake\/core\/model: .* does not exist/],
      [{ "packages/core/src/vault/seal/a.ts": "" }, /core\/src\/vault: has no index\.ts/],
      [{ "packages/core/src/platform/node/a.ts": "" }, /platform\/node: has no index\.ts/],
    ],
  },
  "inner files never import their own door": {
    guard: ownDoor,
    accepts: {
      "packages/core/src/model/a.ts": importing("../base/index.ts", "./b.ts"),
      "packages/core/src/model/a.test.ts": importing("./index.ts"),
    },
    refuses: [
      [{ "packages/core/src/model/a.ts": importing("./index.ts") }, /own door/],
      [{ "packages/core/src/model/kinds/a.ts": importing("../index.ts") }, /own door/],
    ],
  },
  "folders of core are entered through their doors": {
    guard: otherDoors,
    accepts: {
      "packages/core/package.json": corePackage,
      "packages/core/src/model/kinds/a.ts": importing("../../base/index.ts", "../parts/b.ts"),
      "packages/core/src/platform/browser/a.ts": importing("../node/folder-store.ts"),
    },
    refuses: [
      [{ "packages/core/src/model/a.ts": importing("../base/bytes.ts") }, /beside its door/],
      [{ "packages/core/src/platform/node/a.ts": importing("../browser/b.ts") }, /beside its door/],
    ],
  },
  "every format has the same inner layout": {
    guard: formatLayout,
    accepts: {
      "packages/core/src/formats/line/README.md": "# LINE\n\n## No writer\n\nLINE imports nothing.\n",
      "packages/core/src/formats/line/read.ts": "",
      "packages/core/src/formats/line/fixtures/valid/a.txt": "",
      "packages/core/src/formats/index.ts": "",
    },
    refuses: [
      [{ "packages/core/src/formats/line/README.md": "# LINE\n" }, /no write\.ts/],
      [{ "packages/core/src/formats/qq/write.ts": "" }, /qq: has no read\.ts/],
      [{ "packages/core/src/formats/qq/read.ts": "" }, /qq: has no fixtures/],
      [{ "packages/core/src/formats/qq/read.ts": "" }, /qq: has no README\.md/],
    ],
  },
  "every code has a sentence in English and in Chinese": {
    guard: errorSentences,
    accepts: {
      "packages/core/src/base/codes.ts": codes('\n    en: "It is lost.",\n    zh: "丢失了。",\n  '),
    },
    refuses: [
      [
        { "packages/core/src/base/codes.ts": codes('\n    en: "It is lost.",\n    zh: "",\n  ') },
        /no Chinese/,
      ],
      [
        { "packages/core/src/base/codes.ts": codes('\n    en: "lost",\n    zh: "丢失了。",\n  ') },
        /no English/,
      ],
    ],
  },
  "every code is used": {
    guard: codesUsed,
    accepts: {
      "packages/core/src/base/codes.ts": codes(""),
      "packages/core/src/vault/a.ts": 'throw new KeepsakeError("vault.lost");',
    },
    refuses: [
      [{ "packages/core/src/vault/a.ts": "" }, /vault\.lost: nothing uses it/],
      [
        { "packages/core/src/vault/a.ts": "", "packages/core/src/vault/a.test.ts": '"vault.lost"' },
        /vault\.lost/,
      ],
    ],
  },
  "what ships throws no bare Error": {
    guard: bareErrors,
    accepts: {
      "packages/core/src/vault/a.ts": "throw new KeepsakeError(code);",
      "tools/a.ts": "new Error()",
    },
    refuses: [[{ "packages/core/src/vault/a.ts": 'throw new Error("no");' }, /bare Error/]],
  },
  "dependencies are pinned and explained": {
    guard: dependencies,
    accepts: {
      "package.json": manifest("x", { dependencies: { a: "1.0.0", "@keepsake/core": "0.1.0" } }),
      "docs/DEPENDENCIES.md": "| `a` | why | MIT |\n",
    },
    refuses: [
      [{ "package.json": manifest("x", { devDependencies: { a: "^1.0.0" } }) }, /a is not pinned/],
      [{ "packages/b/package.json": manifest("b", { dependencies: { c: "1.0.0" } }) }, /no line for c/],
      [{ "docs/DEPENDENCIES.md": "| `a` | |\n" }, /no line for a/],
      [{ "docs/DEPENDENCIES.md": "| `a` | why | MIT |\n| `gone` | why | MIT |\n" }, /nobody uses gone/],
    ],
  },
  "lock files name no host": {
    guard: lockFiles,
    accepts: { "package-lock.json": '{ "resolved": "packages/core", "link": true }' },
    refuses: [
      [{ "package-lock.json": '{ "resolved": "https://registry.example/a.tgz" }' }, /registry's host/],
    ],
  },
  "no file says what our files never say": {
    guard: words,
    accepts: { "README.md": "Keepsake works for peace; see https://example.org/work/ and /workspace." },
    refuses: [
      [{ "README.md": ["TO", "DO"].join("") + ": later" }, /left undone/],
      [{ "README.md": "see " + ["", "work", "main"].join("/") }, /a path of one machine/],
      [{ "README.md": "see " + ["..", "shared", "X.md"].join("/") }, /a path of one machine/],
      [{ "a.md": `-----BEGIN ${["PRIVATE", "KEY"].join(" ")}-----` }, /private key/],
      [{ "a.md": ["issue", "2"].join(" ") }, /a tracker/],
      [{ "a.md": "<".repeat(7) + " HEAD\n" }, /conflict/],
      [{ "a.md": `such as Py${"Wx"}Dump` }, /a tool that we do not mention/],
    ],
  },
};

/** Guards whose subject may not exist yet; every other one must find something to look at in the repository. */
const mayBeEmpty = new Set<Guard>([formatLayout]);

const treeOf = (files: Readonly<Record<string, string>>): Tree => new Map(Object.entries(files));

describe.each(Object.entries(cases))("%s", (_, { guard, accepts, refuses }) => {
  test("holds in this repository, and something was looked at", () => {
    const { looked, violations } = guard(ours);
    expect(violations).toEqual([]);
    if (!mayBeEmpty.has(guard)) expect(looked).toBeGreaterThan(0);
  });

  test("accepts what is in order", () => {
    expect(guard(treeOf(accepts)).violations).toEqual([]);
    expect(guard(treeOf(accepts)).looked).toBeGreaterThan(0);
  });

  test.each(refuses)("refuses planted violation %#", (plant, says) => {
    expect(guard(treeOf({ ...accepts, ...plant })).violations).toContainEqual(expect.stringMatching(says));
  });

  test("looks at nothing in an empty tree", () => {
    expect(guard(new Map()).looked).toBe(0);
  });
});
