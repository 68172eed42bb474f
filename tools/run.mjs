#!/usr/bin/env node
/*
 * Every npm script of this repository passes through here, under whatever Node the host has (18 or newer).
 * 1. Node 24 is installed from npm's platform packages into tools/node, locked, without scripts.
 * 2. That Node runs npm to install the repository's packages.
 * 3. That Node builds the command line, and the web app before a server starts.
 * 4. That Node runs the verb.
 * A copy of the lock file beside what was installed says that a step is done.
 */
import { spawn, spawnSync } from "node:child_process";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  realpathSync,
  rmSync,
} from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const nodeHome = join(root, "tools", "node");
const isWindows = process.platform === "win32";
const oldestNode = [24, 11];

/** What each verb runs: a file of the repository and its first arguments. */
const verbs = {
  start: ["tools/start.ts"],
  tour: ["packages/cli/src/main.ts", "tour"],
  cli: ["packages/cli/src/main.ts"],
  server: ["packages/server/src/main.ts"],
  build: ["tools/web/main.ts"],
  "verify-web": ["tools/web/verify.ts"],
  test: ["tools/test.ts"],
  bench: ["bench/main.ts"],
  "bench:server": ["bench/server/main.ts"],
  "bench:billing": ["bench/server/billing.ts"],
  "bench:recovery": ["bench/server/recovery.ts"],
  "bench:web": ["bench/web/main.ts"],
  fuzz: ["tools/fuzz.ts"],
  soak: ["tools/soak.ts"],
  format: ["node_modules/prettier/bin/prettier.cjs", "--write", "--log-level", "warn", "."],
};

/** What the command line runs with, as in the launcher: a larger young generation would save it little. */
const smallYoung = ["--max-semi-space-size=2"];

function main([verb, ...given]) {
  const entry = Object.hasOwn(verbs, verb ?? "") ? verbs[verb] : undefined;
  if (entry === undefined) stop(`Use one of: ${Object.keys(verbs).join(", ")}.`, 2);
  // The CLI's own output may be read by a program: it is told nothing but a failure.
  const say =
    (verb === "cli" || verb === "server") && !process.stderr.isTTY
      ? () => undefined
      : (line) => console.error(line);
  const node = setUpNode(say);
  const isNew = setUpPackages(node, say);
  const file = join(root, entry[0]);
  if (!existsSync(file))
    stop(`There is nothing to run for "${verb}" in this checkout: ${entry[0]} is missing.`, 2);
  for (const build of buildsBefore(verb, given[0], isNew)) build(node, say);
  const cwd = verb === "cli" || verb === "server" ? process.cwd() : root;
  const flags = entry[0] === verbs.cli[0] ? smallYoung : [];
  run(node, [...flags, file, ...entry.slice(1), ...given], cwd);
}

/** The path of a Node that is new enough. */
function setUpNode(say) {
  const wanted = `node-${isWindows ? "win" : process.platform}-${process.arch}`;
  const { optionalDependencies } = JSON.parse(readFileSync(join(nodeHome, "package.json"), "utf8"));
  if (!Object.hasOwn(optionalDependencies, wanted))
    return hostNode(`npm has no Node 24 for ${wanted.slice(5)}`);
  if (!isInstalled(nodeHome)) {
    say(`Setting up Node ${optionalDependencies[wanted]} ...`);
    install(process.execPath, nodeHome, ["--prefix", nodeHome]);
  }
  const own = findNode();
  if (own !== undefined) return own;
  if (installedNode() !== undefined) return hostNode("the Node that npm installed does not run here");
  if (isEnough()) return process.execPath;
  // npm passes over what it cannot fetch of packages for one platform, and ends well: the next run tries again.
  rmSync(stampOf(nodeHome));
  return stop(
    `Keepsake needs Node ${oldestNode.join(".")} or newer: npm could not download it. Check the connection and run this again, or install that Node.`,
    1,
  );
}

/** The name of npm's package that has a Node for this platform, where it came. */
function installedNode() {
  return readdirSync(join(nodeHome, "node_modules")).find((entry) => entry.startsWith("node-"));
}

function findNode() {
  const packages = join(nodeHome, "node_modules");
  const name = installedNode();
  if (name === undefined) return undefined;
  const file = join(packages, name, "bin", isWindows ? "node.exe" : "node");
  const works = existsSync(file) && spawnSync(file, ["--version"], { stdio: "ignore" }).status === 0;
  return works ? file : undefined;
}

/** Whether the Node that the host has will do. */
function isEnough() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  return major > oldestNode[0] || (major === oldestNode[0] && minor >= oldestNode[1]);
}

function hostNode(why) {
  if (isEnough()) return process.execPath;
  return stop(
    `Keepsake needs Node ${oldestNode.join(".")} or newer: ${why}. Install it and run this again.`,
    1,
  );
}

/** Whether there was something to install. */
function setUpPackages(node, say) {
  if (isInstalled(root)) return false;
  say("Setting up the packages ...");
  install(node, root, []);
  return true;
}

function buildsBefore(verb, first, isNew) {
  return [
    ...(isNew || verb === "start" || verb === "bench" ? [setUpCli] : []),
    ...(isServing(verb, first) ? [setUpWeb] : []),
  ];
}

/** Whether a server is about to start, or is made ready to: `keepsake-server help` installs what it needs. */
function isServing(verb, first) {
  return verb === "cli"
    ? first === "serve"
    : verb === "server" && [undefined, "serve", "help"].includes(first);
}

/** The command line as `keepsake` starts it soonest; where that cannot be built, it runs from its sources. */
function setUpCli(node) {
  const build = join(root, "tools", "cli", "main.ts");
  if (existsSync(build)) spawnSync(node, [build], { cwd: root, stdio: "ignore" });
}

/** What a server serves is built where the sources changed; where that fails, it serves what there is. */
function setUpWeb(node, say) {
  const build = join(root, "tools", "web", "main.ts");
  if (!existsSync(build)) return;
  const { status } = spawnSync(node, [build, "--if-changed"], { cwd: root, stdio: "ignore" });
  if (status !== 0) say("The web app could not be built.");
}

/** Where the lock file is kept by which the packages of a folder were installed. */
function stampOf(folder) {
  return join(folder, "node_modules", ".keepsake-lock.json");
}

function isInstalled(folder) {
  const stamp = stampOf(folder);
  if (!existsSync(stamp)) return false;
  return readFileSync(stamp).equals(readFileSync(join(folder, "package-lock.json")));
}

/** Runs `npm ci` under `node`; what npm prints is shown only if it fails. */
function install(node, folder, options) {
  const [command, ...first] = npmCommand(node);
  const args = [...first, "ci", "--no-audit", "--no-fund", "--loglevel=error", ...options];
  const path = `${dirname(node)}${delimiter}${process.env.PATH ?? ""}`;
  const result = spawnSync(command, args, {
    cwd: folder,
    encoding: "utf8",
    env: { ...process.env, PATH: path },
  });
  if (result.status !== 0) {
    console.error(`${result.stdout ?? ""}${result.stderr ?? ""}${result.error?.message ?? ""}`.trim());
    stop("npm could not install what Keepsake needs. Check the connection and run this again.", 1);
  }
  mkdirSync(join(folder, "node_modules"), { recursive: true });
  copyFileSync(join(folder, "package-lock.json"), stampOf(folder));
}

/** How to start npm under `node`. The script is called by its path, so that no shell and no npm.cmd is in between. */
function npmCommand(node) {
  const script = [process.env.npm_execpath, ...npmScripts()].find(
    (file) => file && isNpm(file) && existsSync(file),
  );
  if (script !== undefined) return [node, script];
  if (!isWindows && onPath("npm") !== undefined) return ["npm"];
  return stop("npm was not found. Install Node with npm and run this again.", 1);
}

function isNpm(file) {
  return /npm-cli\.[cm]?js$/.test(file);
}

/** Where npm's script may lie: beside the host's Node, or beside the npm on PATH. */
function npmScripts() {
  const inner = join("node_modules", "npm", "bin", "npm-cli.js");
  const host = dirname(process.execPath);
  const npm = onPath(isWindows ? "npm.cmd" : "npm");
  const near = [join(host, inner), join(host, "..", "lib", inner)];
  return npm === undefined ? near : [...near, realpathSync(npm), join(dirname(npm), inner)];
}

function onPath(name) {
  const folders = (process.env.PATH ?? process.env.Path ?? "")
    .split(delimiter)
    .filter((folder) => folder !== "");
  return folders.map((folder) => join(folder, name)).find((file) => existsSync(file));
}

/** Hands over to the verb and ends as it ends. */
function run(node, args, cwd) {
  const child = spawn(node, args, { cwd, stdio: "inherit" });
  // A terminal sends Ctrl-C to the child by itself; a second one would mean "at once".
  process.on("SIGINT", () => undefined);
  for (const signal of ["SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  child.on("error", (error) => stop(error.message, 1));
  child.on("exit", (code, signal) =>
    process.exit(code ?? 128 + ({ SIGHUP: 1, SIGINT: 2, SIGTERM: 15 }[signal] ?? 9)),
  );
}

function stop(sentence, exitCode) {
  console.error(sentence);
  process.exit(exitCode);
}

main(process.argv.slice(2));
