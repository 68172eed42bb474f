/*
 * npm run build: the web app, into packages/web/dist, from where servers of this clone serve it.
 *   --if-changed   only where the sources changed since the last time
 *   --into FOLDER  somewhere else
 */
import { join } from "node:path";
import { parseArgs } from "node:util";
import { buildWeb, readHashes } from "./build.ts";
import { builtWeb, isBuilt, webFolder } from "./built.ts";
import { rm } from "node:fs/promises";

const { values } = parseArgs({
  options: { "if-changed": { type: "boolean", default: false }, into: { type: "string" } },
});

if (values.into !== undefined) {
  // Whatever it is set to here, what people get is built for them.
  process.env["NODE_ENV"] = "production";
  await buildWeb(values.into, join(import.meta.dirname, "../../node_modules/.cache/web-compressed"));
} else if (!values["if-changed"] || !(await isBuilt())) {
  await rm(join(webFolder, "built-from.txt"), { force: true });
  const { whole, files } = await readHashes(await builtWeb());
  console.log(`packages/web/dist: ${Object.keys(files).length} files, ${whole}`);
}
