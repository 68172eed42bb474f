import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";

test("a short run of the benchmark goes through all its steps", async () => {
  const cache = await mkdtemp(join(tmpdir(), "keepsake-bench-"));
  try {
    const main = fileURLToPath(new URL("./main.ts", import.meta.url));
    const size = ["--messages", "3000", "--attachment-bytes", "3000000", "--one-file-in", "1"];
    const { stdout } = await promisify(execFile)(process.execPath, [
      main,
      ...size,
      "--runs",
      "1",
      "--cache",
      cache,
    ]);
    for (const step of ["first", "unchanged", "day more", "restore", "search"])
      expect(stdout).toMatch(new RegExp(`^\\| ${step}, wall s \\| \\d`, "m"));
    expect(stdout).toMatch(/^\| added by a day more, MB \| \d/m);
  } finally {
    await rm(cache, { recursive: true, force: true });
  }
}, 120_000);
