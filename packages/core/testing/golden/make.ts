import { mkdir, rm, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { folderStore } from "../../src/platform/node/folder-store.ts";
import { nodePrimitives } from "../../src/platform/node/index.ts";
import { counterPrimitives } from "./counter-primitives.ts";
import { readHoldings } from "./read-all.ts";
import { GOLDEN_PASSWORD, liveGoldenStory } from "./story.ts";

/*
 * Writes the golden vault of format 1 anew: `node packages/core/testing/golden/make.ts`. Once a version is released
 * its vault is never written again; a new format gets a folder of its own.
 */
const here = fileURLToPath(new URL(".", import.meta.url));
const folder = `${here}vault-1`;

await rm(folder, { recursive: true, force: true });
await mkdir(folder);
const primitives = counterPrimitives(nodePrimitives, "keepsake golden");
const { vault, words } = await liveGoldenStory(primitives, folderStore(folder));
await rm(`${folder}/tmp`, { recursive: true, force: true });
await writeFile(`${here}words.txt`, `${words.join(" ")}\n`);
await writeFile(`${here}password.txt`, `${GOLDEN_PASSWORD}\n`);
await writeFile(`${here}expected.json`, `${JSON.stringify(await readHoldings(vault), undefined, 2)}\n`);
