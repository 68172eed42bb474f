import { readdir, stat, writeFile } from "node:fs/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { reported2021 } from "@keepsake/core/plans";
import { password, startTestServer } from "./server/serving.ts";
import { newMachine, type Machine } from "./cli-process.ts";

const life = { seed: "estimate", messages: 2000, chats: 6, attachmentBytes: 4_000_000 };

let machine: Machine & AsyncDisposable;
beforeEach(async () => {
  machine = await newMachine();
  await machine.makeExport("phone", life);
});
afterEach(async () => machine[Symbol.asyncDispose]());

type Event = Awaited<ReturnType<Machine["json"]>>["result"];

const of = (events: readonly Event[], type: string): readonly Event[] =>
  events.filter((event) => event.type === type);
const sum = (events: readonly Event[], name: string): number =>
  events.reduce((all, event) => all + Number(event[name]), 0);

describe("what keeping a source would take", { timeout: 60_000 }, () => {
  test("is told without a vault, and is what a backup then stores; nothing is written", async () => {
    const before = (await readdir(machine.folder, { recursive: true })).sort();
    const { result, events } = await machine.json(["estimate", "phone"]);
    expect(result).toMatchObject({ ok: true, exit: 0, plan: "free", channel: "web" });
    const after = await readdir(machine.folder, { recursive: true });
    // Where Node keeps what it compiled.
    expect(after.filter((name) => !/^config(?:$|.cache)/.test(name)).sort()).toEqual(before);
    const [weight] = of(events, "weight");
    expect(weight).toMatchObject({ messages: 2000 });
    const told = Number(weight!["filesBytes"]) + Number(weight!["textBytes"]);
    for (const type of ["chat", "kind", "year"]) {
      expect(sum(of(events, type), "messages")).toBe(2000);
      expect(Math.abs(sum(of(events, type), "storedBytes") - told)).toBeLessThan(100);
    }
    await machine.json(["init", "vault", "--kit-file", "kit.txt"]);
    const empty = await storedBytes();
    await machine.json(["backup", "phone"]);
    expect(Math.abs((await storedBytes()) - empty - told)).toBeLessThan(0.03 * told);
  });

  test("has every plan with its price, the store's fee in it, and what leaving something out saves", async () => {
    const web = await machine.json(["estimate", "phone"]);
    const iphone = await machine.json(["estimate", "phone", "--channel", "iphone"]);
    const prices = (events: readonly Event[]): unknown =>
      of(events, "plan").map(({ plan, yearlyMinor, feeMinor }) => [plan, yearlyMinor, feeMinor]);
    expect(prices(web.events)).toEqual([
      ["free", 0, 0],
      ["gb-50", 8000, 0],
      ["gb-200", 29_800, 0],
      ["family", 71_800, 0],
    ]);
    expect(prices(iphone.events)).toEqual([
      ["free", 0, 0],
      ["gb-50", 8000 + 2667, 2667],
      ["gb-200", 29_800 + 9934, 9934],
      ["family", 71_800 + 23_934, 23_934],
    ]);
    const savings = of(web.events, "saving");
    expect(savings.map(({ what }) => what)).toContain("stickers");
    for (const saving of savings) expect(saving).toMatchObject({ plan: "free" });
  });

  test("is said in words, in both languages, down to that one need not pay", async () => {
    const said = await machine.run(["estimate", "phone"]);
    expect([said.exit, `${said.stdout}${said.stderr}`]).toEqual([
      0,
      expect.stringMatching(/You need not pay anything[^]*without a plan/) as string,
    ]);
    const zh = await machine.run(["estimate", "phone", "--lang", "zh", "--channel", "android"]);
    expect(`${zh.stdout}${zh.stderr}`).toMatch(/你不需要付费[^]*2021 年传闻/);
    expect((await machine.json(["estimate", "phone", "--channel", "fax"])).result).toMatchObject({
      code: "cli.usage",
    });
    expect((await machine.json(["estimate"])).result).toMatchObject({ code: "cli.usage" });
  });
});

/** What lies in the vault's packs. */
async function storedBytes(): Promise<number> {
  const names = await readdir(machine.path("vault", "packs"), { recursive: true });
  const sizes = await Promise.all(
    names.map(async (name) => {
      const found = await stat(machine.path("vault", "packs", name));
      return found.isFile() ? found.size : 0;
    }),
  );
  return sizes.reduce((all, size) => all + size, 0);
}

test("is told by the plans of a server that the person names", { timeout: 60_000 }, async () => {
  const file = machine.path("plans.json");
  await writeFile(file, JSON.stringify({ ...reported2021, version: 2 }));
  await using server = await startTestServer({ KEEPSAKE_PLANS: file });
  const { result, events } = await machine.json(["estimate", "phone", "--server", server.url]);
  expect(result).toMatchObject({ ok: true });
  expect(of(events, "plan").map(({ plan, yearlyMinor }) => [plan, yearlyMinor])).toEqual([
    ["free", 0],
    ["reported", 13_000],
  ]);
  expect(of(events, "line")).toEqual([]);
  const env = { KEEPSAKE_LOGIN_PASSWORD: password };
  await machine.json(["login", server.url, "--sign-up"], { env });
  const [line] = of((await machine.json(["estimate", "phone", "--server", server.url])).events, "line");
  expect(line).toEqual({
    type: "line",
    upBytesPerSecond: expect.any(Number) as number,
    downBytesPerSecond: expect.any(Number) as number,
  });
  const away = await machine.json(["estimate", "phone", "--server", "http://127.0.0.1:9"]);
  expect(away.result).toMatchObject({ ok: false, code: "server.unreachable" });
});
