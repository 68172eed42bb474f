import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Answers } from "../answers.ts";
import { defaults } from "../kept/config.ts";
import { Watched } from "./watched.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "keepsake-watched-"));
});
afterEach(async () => rm(folder, { recursive: true }));

test("a source whose password lies where nothing answers waits alone", async () => {
  const [path, backupPasswordFile] = [join(folder, "result.json"), join(folder, "password")];
  await writeFile(path, "{}");
  await writeFile(backupPasswordFile, "word");
  const answers = new Answers({ patienceMs: 20 });
  let at = 0;
  using watched = new Watched(
    answers,
    () => undefined,
    () => at,
  );
  const sources = [
    { name: "sealed", path, backupPasswordFile },
    { name: "also sealed", path, backupPasswordFile: join(folder, "none") },
    { name: "open", path },
  ];
  watched.configure({ ...defaults, sources, quietSeconds: 1, lookSeconds: 1 });
  const seen = async (): Promise<readonly (string | undefined)[]> => {
    at += 100_000;
    await watched.look();
    return (await watched.seen()).map((each) => each.seen);
  };
  await seen();
  const before = await seen();
  expect(before).toEqual(sources.map(() => expect.any(String)));
  const away = Promise.withResolvers<void>();
  expect(await answers.of(backupPasswordFile, () => away.promise)).toBe("silent");
  expect(await seen()).toEqual([undefined, before[1], before[2]]);
  expect(watched.silent).toEqual(["sealed"]);
  away.resolve();
  await expect.poll(seen).toEqual(before);
  expect(watched.silent).toEqual([]);
});
