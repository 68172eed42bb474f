import fc from "fast-check";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { KeepsakeError } from "@keepsake/core/base";
import { memoryTarget } from "@keepsake/core/formats";
import type { FailedFile, FileJob, RestoredFile } from "@keepsake/core/history";
import { nodePrimitives } from "@keepsake/core/node";
import { OutTarget, type OutTargetOptions, type Restore } from "./out-target.ts";

/** Somebody who restores files, and what they were given. */
function restorer(failing: (path: string) => boolean = () => false, waitMs = 0) {
  const given: string[][] = [];
  const restore: Restore = async (jobs) => {
    given.push(jobs.map(({ path }) => path));
    await sleep(waitMs);
    return jobs.filter(({ path }) => failing(path)).map(({ path }) => ({ path, code: "vault.corrupt" }));
  };
  return { restore, given };
}

function outTarget(
  options: Pick<OutTargetOptions, "beside" | "after"> & Partial<OutTargetOptions>,
): OutTarget {
  return new OutTarget({
    folder: memoryTarget(),
    primitives: nodePrimitives,
    isTextFirst: false,
    onFailed: () => undefined,
    ...options,
  });
}

function fileAt(path: string): RestoredFile {
  const stored = { sha256: path, sizeBytes: 1, key: "", parts: [] };
  return { path, sizeBytes: 1, stored, collection: "c", open: async function* () {} };
}

async function putFiles(out: OutTarget, count: number): Promise<string[]> {
  const paths = Array.from({ length: count }, (_, i) => `attachments/${i}`);
  for (const path of paths) await out.put(path, fileAt(path));
  return paths;
}

test("every file is restored once, however many there are and whoever is at work", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 0, max: 700 }),
      fc.boolean(),
      fc.integer({ min: 0, max: 2 }),
      async (count, isTextFirst, helpers) => {
        const [thread, helper] = [restorer(), restorer()];
        const failed: string[] = [];
        const out = outTarget({
          beside: [thread.restore, thread.restore],
          after: Array.from({ length: helpers }, () => helper.restore),
          isTextFirst,
          onFailed: (_file: RestoredFile, { path }: FailedFile) => failed.push(path),
        });
        const paths = await putFiles(out, count);
        if (isTextFirst) expect(thread.given).toEqual([]);
        expect(helper.given).toEqual([]);
        await out.settle();
        expect([...thread.given, ...helper.given].flat().toSorted()).toEqual(paths.toSorted());
        expect(failed).toEqual([]);
      },
    ),
    { numRuns: 40 },
  );
});

test("who helps takes a share once all text is there, and each failure is told with its file", async () => {
  const isBroken = (path: string): boolean => path.endsWith("7");
  const [thread, helper] = [restorer(isBroken, 5), restorer(isBroken, 5)];
  const failed: string[] = [];
  const out = outTarget({
    beside: [thread.restore],
    after: [helper.restore],
    isTextFirst: true,
    onFailed: ({ path }: RestoredFile, told: FailedFile) => failed.push(path, told.path),
  });
  const paths = await putFiles(out, 1000);
  await out.settle();
  expect(helper.given.length).toBeGreaterThan(2);
  expect(thread.given.length).toBeGreaterThan(2);
  expect(failed.toSorted()).toEqual(
    paths
      .filter(isBroken)
      .flatMap((path) => [path, path])
      .toSorted(),
  );
});

test("a target that fails is told at the end, after all others have ended", async () => {
  let isOver = false;
  const full: Restore = () => Promise.reject(new KeepsakeError("store.full"));
  const slow = async (jobs: readonly FileJob[]): Promise<readonly FailedFile[]> => {
    await sleep(20);
    isOver = jobs.length > 0;
    return [];
  };
  const out = outTarget({ beside: [full], after: [slow], isTextFirst: true });
  await putFiles(out, 200);
  await expect(out.settle()).rejects.toMatchObject({ code: "store.full" });
  expect(isOver).toBe(true);
});
