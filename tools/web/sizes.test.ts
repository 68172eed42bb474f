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

test("what it takes to read and search a history does not grow unnoticed, and most else comes when it is used", () => {
  expect(sizes.page).toBeLessThan(83_000);
  expect(sizes.page + sizes.worker).toBeLessThan(159_000);
  expect(sizes.plans).toBeGreaterThan(5_000);
  expect(sizes.plans).toBeLessThan(25_000);
  expect(sizes.later).toBeGreaterThan(sizes.worker / 2);
  expect(sizes.wasm).toBeGreaterThan(1_000_000);
});

test("sentences of codes and the OPRF lie in scripts of their own, which no start loads", async () => {
  const assets = join(await builtWeb(), "assets");
  const holding = { sentences: [] as string[], oprf: [] as string[] };
  for (const name of await readdir(assets)) {
    if (!name.endsWith(".js")) continue;
    const text = await readFile(join(assets, name), "utf8");
    if (text.includes(codes["web.card-unchanged"].zh)) holding.sentences.push(name);
    if (text.includes("OPRFV1-")) holding.oprf.push(name);
  }
  expect(holding).toEqual({
    sentences: [expect.stringMatching(/^codes-/)],
    oprf: [expect.stringMatching(/^ed25519-/)],
  });
});
