import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterEach, beforeEach, expect, test } from "vitest";
import { newMachine, processEnv, type Machine } from "./cli-process.ts";

const start = join(import.meta.dirname, "../tools/start.ts");

let data: string;
let machine: Machine & AsyncDisposable;
beforeEach(async () => {
  data = await mkdtemp(join(tmpdir(), "keepsake-start-"));
  machine = await newMachine();
});
afterEach(async () => {
  await machine[Symbol.asyncDispose]();
  await rm(data, { recursive: true });
});

/** What npm start runs, until it has said something; then it is told to stop. */
async function run(until: RegExp, look: (url: string) => Promise<void>, lang = "C"): Promise<string> {
  const child = spawn(process.execPath, [start], {
    env: {
      ...processEnv,
      HOME: data,
      LANG: lang,
      KEEPSAKE_DATA: data,
      KEEPSAKE_PORT: "0",
      KEEPSAKE_WEB: undefined,
    },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const exited = new Promise<number | null>((done) => child.once("exit", done));
  let text = "";
  for await (const line of createInterface({ input: child.stdout })) {
    text += `${line}\n`;
    if (!until.test(line)) continue;
    await look(/http:\S+?:\d+/.exec(text)![0]);
    child.kill("SIGTERM");
  }
  expect(await exited).toBe(0);
  return text;
}

test("npm start serves, invites the operator, and makes a sample once", async () => {
  const first = await run(/search 发票/, async (url) => {
    const env = { KEEPSAKE_CONFIG: join(data, "sample", "config") };
    expect(await (await fetch(url)).text()).toContain('<div id="app">');
    const { events } = await machine.json(["chats", "--store", url], { env });
    expect(events.filter(({ type }) => type === "chat").length).toBeGreaterThan(5);
    // Everything can be bought at once, and says that no money moves.
    const { ways } = (await (await fetch(`${url}/v1/pay`)).json()) as { ways: { isTest: boolean }[] };
    expect(ways.map(({ isTest }) => isTest)).toEqual(Array.from({ length: 6 }, () => true));
    const words = ["--words-file", join(data, "sample", "kit.txt")];
    expect((await machine.json(["check", "--store", url, ...words], { env })).result).toMatchObject({
      ok: true,
    });
  });
  expect(first).toMatch(
    /The first member is the operator:\n\n {2}\.\/keepsake login \S+ --sign-up --invitation \S{23}\n/,
  );
  expect(first).toMatch(/^TEST: plans can be bought here at simulated providers, and no money moves/m);
  expect(first).toContain("Stopped. Nothing is lost.");
  const second = await run(/search 发票/, () => Promise.resolve(), "zh_CN.UTF-8");
  expect(second).toContain("第一位成员即为管理员");
  expect(second).not.toContain("正在生成");
  expect(second).toMatch(/^测试：/m);
});
