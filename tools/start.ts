/*
 * npm start: a server on this machine, with its data in one folder, and a member with an invented history to look at.
 * The sample is made by the client, as a person would make it: the server sees only what is sealed.
 */
import { spawn, type ChildProcess } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { builtWeb, isBuilt } from "./web/built.ts";

const root = join(import.meta.dirname, "..");
const data = resolve(process.env["KEEPSAKE_DATA"] || join(root, "keepsake-data"));
const sample = join(data, "sample");
const isSampleWanted = !process.argv.includes("--no-sample");
const isChinese = /^zh/i.test(
  process.env["LC_ALL"] || process.env["LC_MESSAGES"] || process.env["LANG"] || "",
);

/** Whoever set one of these has a server for others in mind, on which nothing is bought for nothing. */
const isForOthers = [
  "KEEPSAKE_BEHIND_PROXY",
  "KEEPSAKE_CONFIG_FILE",
  "KEEPSAKE_HOST",
  "KEEPSAKE_PAYMENTS",
  "KEEPSAKE_POSTGRES",
  "KEEPSAKE_PUBLIC_URL",
].some((name) => (process.env[name] ?? "") !== "");

interface Words {
  readonly en: string;
  readonly zh: string;
}

function say({ en, zh }: Words): void {
  console.log(isChinese ? zh : en);
}

interface ServerEvent {
  readonly event: string;
  readonly url?: string;
  readonly invitation?: string;
  readonly sampleInvitation?: string;
  readonly isPaymentsTest?: boolean;
  readonly text?: string;
  readonly name?: string;
  readonly where?: string;
  readonly rule?: string;
}

const stop = new AbortController();

async function main(): Promise<number> {
  // An operator may serve another build, or none.
  const { KEEPSAKE_WEB = await ownWeb() } = process.env;
  const server = spawn(process.execPath, [join(root, "packages/server/src/main.ts")], {
    env: {
      ...process.env,
      KEEPSAKE_DATA: data,
      KEEPSAKE_WEB,
      KEEPSAKE_PAYMENTS_TEST: process.env["KEEPSAKE_PAYMENTS_TEST"] || (isForOthers ? "no" : "yes"),
      KEEPSAKE_SAMPLE_INVITATION: isSampleWanted && !existsSync(join(sample, "ready")) ? "yes" : "no",
    },
    stdio: ["ignore", "pipe", "inherit"],
  });
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.on(signal, () => {
      stop.abort();
      server.kill("SIGTERM");
    });
  }
  const exit = new Promise<number>((done) => server.once("exit", (code) => done(code ?? 1)));
  const work = follow(server);
  const code = await exit;
  await work;
  return code;
}

/** The web app as it is in this clone; without it, what there is else is served all the same. */
async function ownWeb(): Promise<string> {
  if (!(await isBuilt())) say({ en: "Building the web app ...", zh: "正在构建网页应用……" });
  try {
    return await builtWeb();
  } catch (error) {
    console.error(String(error));
    return "";
  }
}

async function follow(server: ChildProcess): Promise<void> {
  let making: Promise<void> | undefined;
  for await (const line of createInterface({ input: server.stdout! })) {
    const event = JSON.parse(line) as ServerEvent;
    if (event.event === "failed") sayFailed(event);
    if (event.event === "stopped") say({ en: "Stopped. Nothing is lost.", zh: "已停止，没有丢失任何内容。" });
    if (event.event !== "listening") continue;
    greet(event);
    if (event.sampleInvitation !== undefined) making = makeSample(event.url!, event.sampleInvitation);
    else if (existsSync(join(sample, "ready"))) showSample(event.url!);
  }
  await making;
}

/** What the server ended with, and where it stands if it is a setting. */
function sayFailed({ text = "", name, where, rule }: ServerEvent): void {
  const details = [name, where, rule].filter((each) => each !== undefined);
  console.error(details.length === 0 ? text : `${text} (${details.join(", ")})`);
}

/** In red, where there are colours; the words say it too. */
function sayTest(): void {
  const hasColour = process.stdout.isTTY && (process.env["NO_COLOR"] ?? "") === "";
  const red = (text: string): string => (hasColour ? `\u001B[31;1m${text}\u001B[0m` : text);
  say({
    en: red(
      "\nTEST: plans can be bought here at simulated providers, and no money moves. KEEPSAKE_PAYMENTS_TEST=no ends that.",
    ),
    zh: red("\n测试：此处可向模拟的支付渠道购买方案，不会真正付款。设 KEEPSAKE_PAYMENTS_TEST=no 可关闭。"),
  });
}

function greet({ url, invitation, isPaymentsTest }: ServerEvent): void {
  say({
    en: `\nKeepsake runs at ${url}. Its data lie in ${data}. Ctrl+C stops it.`,
    zh: `\nKeepsake 已在 ${url} 运行，数据位于 ${data}。按 Ctrl+C 停止。`,
  });
  if (isPaymentsTest === true) sayTest();
  if (invitation === undefined) return;
  say({
    en: `\nThe first member is the operator:\n\n  ./keepsake login ${url} --sign-up --invitation ${invitation}\n  ./keepsake init ${url} --kit-file kit.html\n  ./keepsake backup ~/Downloads/ChatExport\n\nOr open ${url} in a browser, and sign up there with the invitation ${invitation}.\n`,
    zh: `\n第一位成员即为管理员：\n\n  ./keepsake login ${url} --sign-up --invitation ${invitation}\n  ./keepsake init ${url} --kit-file kit.html\n  ./keepsake backup ~/Downloads/ChatExport\n\n也可以用浏览器打开 ${url}，凭邀请码 ${invitation} 注册。\n`,
  });
}

/** A member of its own, with its own words, made by the command line. */
async function makeSample(url: string, invitation: string): Promise<void> {
  say({ en: "Making a sample history to look at ...", zh: "正在生成可供浏览的示例聊天记录……" });
  await rm(sample, { recursive: true, force: true });
  await mkdir(sample, { recursive: true, mode: 0o700 });
  const exports = join(sample, "exports");
  const steps = [
    ["tour", "--exports-only", exports],
    ["login", url, "--sign-up", "--name", `sample-${Date.now().toString(36)}`, "--invitation", invitation],
    ["init", url, "--kit-file", join(sample, "kit.txt"), "--device-name", "sample"],
    ["backup", join(exports, "phone-a-export"), "--name", "phone"],
    ["backup", join(exports, "pc-export"), "--name", "PC"],
  ];
  for (const step of steps) {
    if (stop.signal.aborted) return;
    const code = await keepsake(step);
    if (code === 0 || stop.signal.aborted) continue;
    say({ en: `The sample could not be made (${step[0]}).`, zh: `未能生成示例（${step[0]}）。` });
    return;
  }
  await rm(exports, { recursive: true });
  await writeFile(join(sample, "ready"), "");
  showSample(url);
}

function keepsake(args: readonly string[]): Promise<number> {
  const child = spawn(process.execPath, [join(root, "packages/cli/src/main.ts"), ...args, "--quiet"], {
    env: {
      ...process.env,
      KEEPSAKE_CONFIG: join(sample, "config"),
      KEEPSAKE_LOGIN_PASSWORD: "only a sample, nothing to hide",
    },
    stdio: "ignore",
    signal: stop.signal,
  });
  return new Promise((done) => {
    child.once("error", () => done(1));
    child.once("exit", (code) => done(code ?? 1));
  });
}

function showSample(url: string): void {
  const look = `KEEPSAKE_CONFIG=${join(sample, "config")} ./keepsake`;
  say({
    en: `The sample: its recovery words are in ${join(sample, "kit.txt")}. Look at it with\n\n  ${look} chats --store ${url}\n  ${look} search 发票 --store ${url}\n`,
    zh: `示例的恢复口令在 ${join(sample, "kit.txt")}。可这样浏览：\n\n  ${look} chats --store ${url}\n  ${look} search 发票 --store ${url}\n`,
  });
}

process.exitCode = await main();
