import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, expect, test } from "vitest";
import { folderStore } from "./folder-store.ts";

const base = mkdtempSync(join(tmpdir(), "keepsake-race-"));
afterAll(() => rmSync(base, { recursive: true, force: true }));

/** A process that puts forty heads, and says which of them it stored. */
const script = `
  import { folderStore } from ${JSON.stringify(import.meta.resolve("./folder-store.ts"))};
  import { nodeDisk } from ${JSON.stringify(import.meta.resolve("./node-disk.ts"))};
  const [path, who, hasLinks] = process.argv.slice(1);
  const refuse = () => Promise.reject(Object.assign(new TypeError(), { code: "EPERM" }));
  const disk = hasLinks === "true" ? nodeDisk : { ...nodeDisk, link: refuse };
  const store = folderStore(path, { disk });
  const stored = [];
  for (let i = 0; i < 40; i++) {
    const bytes = new Uint8Array(3000).fill(Number(who));
    if ((await store.put("heads/" + i, bytes)) === "stored") stored.push(i);
  }
  console.log(JSON.stringify(stored));
`;

for (const hasLinks of [true, false]) {
  test(`of several processes on one folder ${hasLinks ? "with" : "without"} links, one stores each head`, async () => {
    const path = mkdtempSync(join(base, "store-"));
    const runs = [1, 2, 3].map(async (who) => {
      const options = ["--input-type=module", "--eval", script, path, String(who), String(hasLinks)];
      const { stdout } = await promisify(execFile)(process.execPath, options);
      return (JSON.parse(stdout) as number[]).map((head) => ({ head, who }));
    });
    const stored = (await Promise.all(runs)).flat();
    expect(stored.map(({ head }) => head).toSorted((a, b) => a - b)).toEqual([...Array(40).keys()]);
    const store = folderStore(path);
    for (const { head, who } of stored)
      expect(await store.get(`heads/${head}`)).toEqual(new Uint8Array(3000).fill(who));
    expect(readdirSync(join(path, "tmp"))).toEqual([]);
  });
}
