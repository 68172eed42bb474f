import { mkdirSync } from "node:fs";
import { enableCompileCache } from "node:module";
import { join } from "node:path";
import { cacheFolder } from "./where.ts";

/** Code that was compiled once is not compiled again: of a short command that is the most part. */
function keepCompiled(): void {
  const folder = join(cacheFolder(process.env), "code");
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    enableCompileCache(folder);
  } catch {
    // Without a place to keep it, it is compiled each time.
  }
}

// A pipe that is closed early, as by `head`, is no fault of anybody.
for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });
}
keepCompiled();
const { runProgram } = await import("./command-line.ts");
process.exitCode = await runProgram(process.argv.slice(2));
