import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { codes } from "../../packages/core/src/base/index.ts";
import { builtWeb } from "./built.ts";
import { webSizes, type WebSizes } from "./sizes.ts";

let sizes: WebSizes;
beforeAll(async () => {
  sizes = await webSizes(await builtWeb());
}, 120_000);

test("what a page loads before somebody is in stays within 35 kB, the styles within 15", () => {
  expect(sizes.shell).toBeGreaterThan(5_000);
  expect(sizes.shell).toBeLessThan(35_000);
  expect(sizes.styles).toBeLessThan(15_000);
});

test("what operators alone load comes by itself, and within 15 kB", () => {
  expect(sizes.operator).toBeGreaterThan(5_000);
  expect(sizes.operator).toBeLessThan(15_000);
});

test("the page of how far back a plan reaches comes by itself, and within 6 kB", () => {
  expect(sizes.windows).toBeGreaterThan(2_000);
  expect(sizes.windows).toBeLessThan(6_000);
});

test("a guide comes by itself, and within 5 kB", () => {
  expect(sizes.guides).toBeGreaterThan(1_000);
  expect(sizes.guides).toBeLessThan(5_000);
});

test("what it takes to read and search a history does not grow unnoticed, and most else comes when it is used", () => {
  expect(sizes.page).toBeLessThan(79_500);
  expect(sizes.reading).toBeGreaterThan(sizes.shell);
  expect(sizes.reading + sizes.worker).toBeLessThan(114_000);
  expect(sizes.page + sizes.worker).toBeLessThan(147_500);
  expect(sizes.plans).toBeGreaterThan(5_000);
  expect(sizes.plans).toBeLessThan(25_000);
  expect(sizes.later).toBeGreaterThan(sizes.worker / 2);
  expect(sizes.wasm).toBeGreaterThan(1_000_000);
});

test("what comes later than what reads and searches is a page that somebody opens, or a way in", async () => {
  const assets = join(await builtWeb(), "assets");
  const later = new Set<string>();
  for (const name of await readdir(assets)) {
    if (!/^(?:index|inside)-.*\.js$/.test(name)) continue;
    const text = await readFile(join(assets, name), "utf8");
    for (const [, page] of text.matchAll(/\bimport\(\s*["'`]\.\/([a-z-]+)-[\w-]{8}\.js["'`]/g))
      later.add(page!);
  }
  // What is told of paid time that is over comes by itself, and is counted as what reads and searches is.
  expect([...later].sort()).toEqual([
    "first-time",
    "inside",
    "lapse",
    "office-page",
    "other-pages",
    "plan-page",
  ]);
});

test("sentences of codes, curves and the OPRF lie in scripts of their own, which no start loads", async () => {
  const assets = join(await builtWeb(), "assets");
  const holding = { sentences: [] as string[], curves: [] as string[], oprf: [] as string[] };
  for (const name of await readdir(assets)) {
    if (!name.endsWith(".js")) continue;
    const text = await readFile(join(assets, name), "utf8");
    if (text.includes(codes["web.card-unchanged"].zh)) holding.sentences.push(name);
    // Of the equation of Ed25519.
    if (/52036cee2b6ffe73/i.test(text)) holding.curves.push(name);
    if (text.includes("OPRFV1-")) holding.oprf.push(name);
  }
  expect(holding).toEqual({
    sentences: [expect.stringMatching(/^codes-/)],
    curves: [expect.stringMatching(/^ed25519-/)],
    oprf: [expect.stringMatching(/^ed25519-/)],
  });
});
