import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import { folderSource, nodeSqlite } from "../../src/platform/node/index.ts";
import { sqliteConformance, type SqlitePlace } from "./conformance.ts";
import { memoryPlace } from "./memory-place.ts";

const root = mkdtempSync(join(tmpdir(), "keepsake-sqlite-"));
let places = 0;
afterAll(() => rmSync(root, { recursive: true }));

const folders: SqlitePlace = {
  async put(files) {
    const folder = join(root, `a place ${places++} #1?%41`);
    mkdirSync(folder);
    for (const [name, bytes] of Object.entries(files)) writeFileSync(join(folder, name), bytes);
    const source = await folderSource(folder);
    return {
      file: async (name) => (await source.file(name))!,
      files: () =>
        Promise.resolve(
          Object.fromEntries(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name))])),
        ),
    };
  },
};

sqliteConformance("Node, from a folder,", nodeSqlite, folders);
sqliteConformance("Node, from bytes that lie on no disk,", nodeSqlite, memoryPlace);
