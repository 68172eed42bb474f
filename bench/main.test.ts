import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const main = fileURLToPath(new URL("./main.ts", import.meta.url));

/** What a run prints. */
async function shortRun(...options: readonly string[]): Promise<string> {
  const cache = await mkdtemp(join(tmpdir(), "keepsake-bench-"));
  try {
    const size = ["--messages", "3000", "--attachment-bytes", "3000000", "--runs", "1", "--cache", cache];
    const { stdout } = await promisify(execFile)(process.execPath, [main, ...size, ...options]);
    return stdout;
  } finally {
    await rm(cache, { recursive: true, force: true });
  }
}

test("a short run of the benchmark goes through all its steps", async () => {
  const stdout = await shortRun("--one-file-in", "1");
  for (const step of ["first", "unchanged", "day more", "restore", "search"])
    expect(stdout).toMatch(new RegExp(`^\\| ${step}, wall s \\| \\d`, "m"));
  expect(stdout).toMatch(/^\| restore of the attachments alone, wall s \| \d/m);
  expect(stdout).toMatch(/^\| added by a day more, MB \| \d/m);
}, 120_000);

test("and so does one with a phone's backup, which says what was aimed at", async () => {
  const stdout = await shortRun("--wechat", "--files", "60");
  for (const step of ["first", "unchanged", "day more", "restore"])
    expect(stdout).toMatch(new RegExp(`^\\| ${step}, wall s \\| \\d`, "m"));
  for (const about of ["first chat there", "rows read a day later", "databases alone: stored"])
    expect(stdout).toMatch(new RegExp(`^\\| ${about}.*? \\| \\d`, "m"));
  expect(stdout).toMatch(/^\| first backup, peak MB \| 300 \| \d.* \| (?:not )?met \|$/m);
}, 120_000);
