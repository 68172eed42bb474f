import { dirname, join, resolve } from "node:path";
import { build, type Plugin } from "vite";

const root = join(import.meta.dirname, "../..");
const program = join(root, "packages/cli/src/main.ts");

/** A file beside the one that names it, which runs as a thread or as a process of its own. */
const namedFile = /new URL\("(\.\.?\/[^"]+\.ts)", import\.meta\.url\)/g;

/** Builds the command line into a folder: a command then loads some thirty files in place of four hundred. */
export async function buildCli(folder: string): Promise<void> {
  await build({
    root: join(root, "packages/cli"),
    configFile: false,
    mode: "production",
    logLevel: "error",
    plugins: [namedFiles, builtIns],
    // Other people's packages stay where they lie: some of them read files beside themselves.
    ssr: { noExternal: [/^@keepsake\//, "commander"] },
    build: {
      ssr: program,
      outDir: folder,
      emptyOutDir: true,
      target: "node24",
      minify: false,
      rolldownOptions: {
        output: {
          entryFileNames: "[name].js",
          chunkFileNames: "[name]-[hash].js",
          codeSplitting: { groups: [{ name: "shared", minShareCount: 8 }] },
        },
      },
    },
  });
}

/** What runs as a thread is built as well. A process of its own is begun from the sources, which are never old. */
const namedFiles: Plugin = {
  name: "named-files",
  enforce: "pre",
  resolveFileUrl: ({ fileName }) => `"./${fileName}"`,
  transform(code, id) {
    return code.replace(namedFile, (_, named: string) => {
      const file = resolve(dirname(id), named);
      if (file === program) return `new URL("../src/main.ts", import.meta.url)`;
      return `new URL(import.meta.ROLLUP_FILE_URL_${this.emitFile({ type: "chunk", id: file })}, import.meta.url)`;
    });
  },
};

const builtIn =
  /^import (?:(?<one>[\w$]+)(?:, )?)?(?:\* as (?<all>[\w$]+))?(?<some>\{[^}]*\})? ?from (?<name>"node:[^"]+");$/gm;

/** What comes with Node is had directly: for an import, all that a module can give is listed first, and loaded for that. */
const builtIns: Plugin = {
  name: "built-ins",
  renderChunk: (code) =>
    code.replace(builtIn, (...matched) => {
      const { one, all, some, name } = matched.at(-1) as Readonly<Record<string, string | undefined>>;
      return [one, all, some?.replaceAll(" as ", ": ")]
        .filter((names) => names !== undefined)
        .map((names) => `const ${names} = process.getBuiltinModule(${name});`)
        .join(" ");
    }),
};
