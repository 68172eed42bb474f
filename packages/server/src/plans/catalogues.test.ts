import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { reported2021, standardCatalogue, type Catalogue } from "@keepsake/core/plans";
import { migrate, openDb, type Db } from "../db/index.ts";
import { openCatalogues, type Catalogues } from "./catalogues.ts";

let folder: string;
let db: Db;
const logged: object[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "keepsake-plans-"));
  db = await openDb({ sqlite: join(folder, "keepsake.db") });
  await migrate(db);
  logged.length = 0;
});
afterEach(async () => {
  await db.close();
  await rm(folder, { recursive: true });
});

const own: Catalogue = { ...reported2021, version: 7 };
const file = (): string => join(folder, "plans.json");
const write = (catalogue: unknown): Promise<void> =>
  writeFile(file(), typeof catalogue === "string" ? catalogue : JSON.stringify(catalogue));
const open = (path = file()): Promise<Catalogues> =>
  openCatalogues({ db, clock: { now: () => 1 }, log: (event) => logged.push(event), file: path });

describe("the catalogue of a server", () => {
  test("is the one that comes with Keepsake where the operator has none", async () => {
    expect(await (await open("")).current()).toEqual(standardCatalogue);
  });

  test("is the operator's, and what was offered before is kept", async () => {
    await open("");
    await write(own);
    const catalogues = await open();
    expect(await catalogues.current()).toEqual(own);
    expect(await catalogues.ofVersion(1)).toEqual(standardCatalogue);
    expect(await catalogues.ofVersion(7)).toEqual(own);
    expect(await catalogues.ofVersion(2)).toBeUndefined();
    // Without the file it is what members know, not an older one.
    expect(await (await open("")).current()).toEqual(own);
  });

  test("is taken anew while the server runs, and a wrong file changes nothing and is said once", async () => {
    await write(own);
    const catalogues = await open();
    const next = { ...own, version: 8, refundDays: 14 };
    await write({ ...next, refundDays: 1 });
    await expect
      .poll(async () => [await catalogues.current(), logged])
      .toEqual([own, [{ event: "catalogue-refused", where: "refundDays", rule: "lapse-too-short" }]]);
    await write(next);
    await expect.poll(() => catalogues.current()).toEqual(next);
    expect(logged.at(-1)).toEqual({ event: "catalogue-taken", version: 8 });
    await rm(file());
    await new Promise((done) => setTimeout(done, 2_500));
    expect(await catalogues.current()).toEqual(next);
    expect(logged.at(-1)).toEqual({ event: "catalogue-refused", where: "", rule: "unreadable" });
    expect(logged).toHaveLength(3);
  });

  test("can be asked for inside of a transaction while a new one lies there", async () => {
    await write(own);
    const catalogues = await open();
    await write({ ...own, version: 8 });
    await new Promise((done) => setTimeout(done, 2_500));
    await db.transaction(async (query) => {
      expect(catalogues.known()).toEqual(own);
      expect(await catalogues.ofVersion(7, query)).toEqual(own);
    });
    expect((await catalogues.current()).version).toBe(8);
    expect(catalogues.known().version).toBe(8);
  });

  const refused: Readonly<Record<string, readonly [unknown, object]>> = {
    "no JSON": ["{", { rule: "json" }],
    "something else": [[1], { where: "", rule: "type" }],
    "a price that is no whole number": [
      JSON.stringify(own).replace('"priceMinor":13000', '"priceMinor":130.5'),
      { where: "plans/1/offers/0/prices/web/priceMinor", rule: "type" },
    ],
    "a field that nobody knows": [
      { ...own, advertising: true },
      { where: "advertising", rule: "unknown-field" },
    ],
    "terms below the least": [
      { ...own, lapse: { ...own.lapse, quarantineDays: 0 } },
      { where: "lapse", rule: "lapse-too-short" },
    ],
    "an older version": [
      { ...own, version: 6 },
      { where: "version", rule: "older" },
    ],
    "the same version saying something else": [
      { ...own, refundDays: 30 },
      { where: "version", rule: "changed" },
    ],
  };
  test.each(Object.entries(refused))("is refused at the start: %s", async (_, [text, details]) => {
    await write(own);
    await open();
    await write(text);
    await expect(open()).rejects.toMatchObject({
      code: "base.invalid",
      details: { name: "KEEPSAKE_PLANS", ...details },
    });
  });

  test("that is not there is refused at the start", async () => {
    await expect(open()).rejects.toMatchObject({ details: { name: "KEEPSAKE_PLANS" } });
  });
});
