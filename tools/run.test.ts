import { spawnSync } from "node:child_process";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const isWindows = process.platform === "win32";
let clone: string;

/** A clone with nothing installed, whose command line prints where it runs and what it was given, and ends with 7. */
beforeEach(() => {
  clone = realpathSync(mkdtempSync(join(tmpdir(), "keepsake-run-")));
  const write = (file: string, text: string): void => {
    mkdirSync(dirname(join(clone, file)), { recursive: true });
    writeFileSync(join(clone, file), text);
  };
  const lock = (name: string): string =>
    JSON.stringify({
      name,
      version: "1.0.0",
      lockfileVersion: 3,
      packages: { "": { name, version: "1.0.0" } },
    });
  for (const file of ["keepsake", "tools/run.mjs"]) {
    mkdirSync(dirname(join(clone, file)), { recursive: true });
    cpSync(join(root, file), join(clone, file));
  }
  // No platform package: the Node that runs this test is new enough to be used instead.
  write("tools/node/package.json", '{ "name": "own-node", "version": "1.0.0", "optionalDependencies": {} }');
  write("tools/node/package-lock.json", lock("own-node"));
  write("package.json", '{ "name": "clone", "version": "1.0.0" }');
  write("package-lock.json", lock("clone"));
  write(
    "packages/cli/src/main.ts",
    "const given: readonly string[] = process.argv.slice(2);\n" +
      "console.log(JSON.stringify({ cwd: process.cwd(), given }));\nprocess.exitCode = 7;\n",
  );
});

afterEach(() => rmSync(clone, { recursive: true }));

function run(command: string, args: readonly string[], cwd = clone, more: NodeJS.ProcessEnv = {}) {
  const path = `${dirname(process.execPath)}${isWindows ? ";" : ":"}${process.env["PATH"] ?? ""}`;
  const env = { ...process.env, PATH: path, ...more };
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, env, encoding: "utf8" });
  return { status, stdout, stderr };
}

const runScript = (...args: string[]) => run(process.execPath, [join(clone, "tools/run.mjs"), ...args]);

test("the first run sets up and says so, the second is silent, both end as the verb ends", () => {
  const stdout = `${JSON.stringify({ cwd: clone, given: ["tour", "--fast"] })}\n`;
  expect(runScript("tour", "--fast")).toEqual({
    status: 7,
    stdout,
    stderr: "Setting up the packages ...\n",
  });
  expect(runScript("tour", "--fast")).toEqual({ status: 7, stdout, stderr: "" });
});

test("a changed lock file sets up again", () => {
  runScript("tour");
  writeFileSync(join(clone, "package.json"), '{ "name": "clone", "version": "1.0.1" }');
  const packages = { "": { name: "clone", version: "1.0.1" } };
  const changed = JSON.stringify({ name: "clone", version: "1.0.1", lockfileVersion: 3, packages });
  writeFileSync(join(clone, "package-lock.json"), changed);
  expect(runScript("tour").stderr).toBe("Setting up the packages ...\n");
});

test("a set-up that fails says what npm said, and runs nothing", () => {
  writeFileSync(join(clone, "package-lock.json"), "not a lock file");
  const { status, stdout, stderr } = runScript("tour");
  expect([status, stdout]).toEqual([1, ""]);
  expect(stderr).toContain("npm error");
  expect(stderr).toContain("npm could not install what Keepsake needs");
});

/** As where a machine has an older Node and the wanted one is a package of npm's, which nobody has. */
function wantNode(oldest: string): void {
  const name = `node-${isWindows ? "win" : process.platform}-${process.arch}`;
  const own = { name: "own-node", version: "1.0.0", optionalDependencies: { [name]: "0.0.999" } };
  const fetched = {
    version: "0.0.999",
    resolved: `https://registry.npmjs.org/${name}/-/${name}-0.0.999.tgz`,
    integrity: `sha512-${Buffer.alloc(64).toString("base64")}`,
    optional: true,
  };
  const packages = { "": own, [`node_modules/${name}`]: fetched };
  writeFileSync(join(clone, "tools/node/package.json"), JSON.stringify(own));
  writeFileSync(
    join(clone, "tools/node/package-lock.json"),
    JSON.stringify({ name: "own-node", version: "1.0.0", lockfileVersion: 3, packages }),
  );
  const script = join(clone, "tools/run.mjs");
  writeFileSync(
    script,
    readFileSync(script, "utf8").replace("oldestNode = [24, 11]", `oldestNode = ${oldest}`),
  );
}

/** A registry that nobody answers for. */
const offline = { npm_config_registry: "http://127.0.0.1:9/", npm_config_fetch_retries: "0" };
const runOffline = (...args: string[]) =>
  run(process.execPath, [join(clone, "tools/run.mjs"), ...args], clone, offline);

test("where npm can fetch nothing, that is what it says, and the next run tries again", () => {
  wantNode("[99, 0]");
  for (let i = 0; i < 2; i++) {
    const { status, stdout, stderr } = runOffline("tour");
    expect([status, stdout]).toEqual([1, ""]);
    expect(stderr).toBe(
      "Setting up Node 0.0.999 ...\n" +
        "Keepsake needs Node 99.0 or newer: npm could not download it. Check the connection and run this again, or install that Node.\n",
    );
  }
});

test("where npm can fetch nothing and the host's Node is new enough, that one is used", () => {
  wantNode("[24, 11]");
  expect(runOffline("tour")).toMatchObject({ status: 7 });
  expect(runOffline("tour").stderr).toBe("");
});

test("an unknown verb and a verb without its file end with 2 and a sentence", () => {
  expect(runScript("dance")).toMatchObject({
    status: 2,
    stderr: expect.stringMatching(/^Use one of: start, /),
  });
  expect(runScript("bench").status).toBe(2);
  expect(runScript("bench").stderr).toContain("There is nothing to run");
});

test.skipIf(isWindows)(
  "the launcher works through a link, from any folder, and adds nothing to the output",
  () => {
    const elsewhere = join(clone, "elsewhere");
    mkdirSync(elsewhere);
    symlinkSync("../keepsake", join(elsewhere, "k"));
    const stdout = `${JSON.stringify({ cwd: elsewhere, given: ["chats", "--json", "a b"] })}\n`;
    for (let i = 0; i < 2; i++) {
      expect(run("./k", ["chats", "--json", "a b"], elsewhere)).toEqual({ status: 7, stdout, stderr: "" });
    }
  },
);

/** As after a set-up that fetched a Node: the launcher needs nothing more. */
function setUpForLauncher(): void {
  runScript("cli");
  const node = join(clone, "tools/node/node_modules/node-here/bin/node");
  mkdirSync(dirname(node), { recursive: true });
  symlinkSync(process.execPath, node);
  const installed = "tools/node/node_modules/.keepsake-lock.json";
  cpSync(join(clone, "tools/node/package-lock.json"), join(clone, installed));
}

test("the command line runs with a small young generation, and the server without that bound", () => {
  for (const program of ["cli", "server"]) {
    const main = join(clone, `packages/${program}/src/main.ts`);
    mkdirSync(dirname(main), { recursive: true });
    writeFileSync(main, "console.log(process.execArgv.join());");
  }
  expect(runScript("cli").stdout).toBe("--max-semi-space-size=2\n");
  expect(runScript("tour").stdout).toBe("--max-semi-space-size=2\n");
  expect(runScript("server").stdout).toBe("\n");
  if (isWindows) return;
  setUpForLauncher();
  expect(run("./keepsake", []).stdout).toBe("--max-semi-space-size=2\n");
  expect(run("./keepsake", [], clone, { KEEPSAKE_PROGRAM: "server" }).stdout).toBe("\n");
});

test.skipIf(isWindows)("the launcher runs what was built where no source and no lock file is newer", () => {
  setUpForLauncher();
  const [built, source] = ["packages/cli/dist/main.js", "packages/core/src/index.ts"];
  for (const [file, text] of [
    [source, ""],
    [built, 'console.log("built");'],
  ] as const) {
    mkdirSync(dirname(join(clone, file)), { recursive: true });
    writeFileSync(join(clone, file), text);
  }
  const later = Date.now() / 1000 + 60;
  utimesSync(join(clone, built), later, later);
  expect(run("./keepsake", [])).toEqual({ status: 0, stdout: "built\n", stderr: "" });
  for (const newer of [source, "package-lock.json", "tools/node/package-lock.json"]) {
    utimesSync(join(clone, newer), later + 1, later + 1);
    expect(run("./keepsake", [])).toMatchObject({ status: 7, stderr: "" });
    utimesSync(join(clone, newer), later - 1, later - 1);
    expect(run("./keepsake", [])).toMatchObject({ stdout: "built\n" });
  }
});
