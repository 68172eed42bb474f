import { writeFile } from "node:fs/promises";
import { nodePrimitives } from "../../src/platform/node/index.ts";
import {
  compressedVectors,
  fileVectors,
  keyVectors,
  ladderVectors,
  logVectors,
  objectVectors,
  tableVectors,
} from "./vectors.ts";

/* Writes docs/vectors/format/ anew: `node packages/core/testing/golden/make-vectors.ts`. */
const files: Readonly<Record<string, object>> = {
  compressed: compressedVectors(nodePrimitives),
  files: await fileVectors(nodePrimitives),
  keys: await keyVectors(nodePrimitives),
  ladder: ladderVectors(),
  log: await logVectors(nodePrimitives),
  objects: await objectVectors(nodePrimitives),
  tables: tableVectors(),
};
for (const [name, value] of Object.entries(files)) {
  const path = new URL(`../../../../docs/vectors/format/${name}.json`, import.meta.url);
  await writeFile(path, `${JSON.stringify(value, undefined, 1)}\n`);
}
