import { expect, test } from "vitest";
import { testPrimitives } from "../../testing/primitives.ts";
import { sourceConformance, targetConformance } from "../../testing/sources/conformance.ts";
import { memoryFile, memorySource, memoryTarget } from "./memory.ts";
import { safePath, WantedPlaces } from "./output.ts";
import { isInsidePath, isSafePath } from "./source.ts";

sourceConformance("a source in memory", (files) => Promise.resolve(memorySource(files)));
targetConformance("a target in memory", () => {
  const target = memoryTarget();
  return Promise.resolve({ target, source: () => Promise.resolve(target.source()) });
});

test.each([
  "",
  "/a",
  "a//b",
  "../a",
  "a/../b",
  "./a",
  "a/",
  "a\\b",
  "C:/a",
  "a\u0000",
  "a/.",
  "x".repeat(2000),
])("%j leads out or nowhere", (path) => {
  expect(isSafePath(path)).toBe(false);
  expect(isInsidePath(path)).toBe(false);
});

test.each(["con", "a/NUL.txt", "a.", "a ", "ab:c", "a?b", 'a"b'])("%j may be read, never written", (path) => {
  expect(isSafePath(path)).toBe(false);
  expect(isInsidePath(path)).toBe(true);
});

test("any name becomes a path that is safe, and each content gets one of its own", async () => {
  const target = memoryTarget();
  const places = new WantedPlaces(target, { primitives: await testPrimitives(), ownNames: /^index$/ });
  const names = [
    "../../x.jpg",
    "con",
    "",
    "a\u0000b.txt",
    "…".repeat(500) + ".jpeg",
    "a. .",
    "x.jpg",
    "x.jpg",
  ];
  const paths: string[] = [];
  for (const [i, name] of names.entries()) {
    const path = safePath(`files/${name}`);
    expect(isSafePath(path)).toBe(true);
    paths.push(await places.put(path, memoryFile(name, String(i))));
  }
  expect(new Set(paths).size).toBe(names.length);
  expect(paths.at(-1)).toBe("files/x (2).jpg");
  expect(await places.put("files/X.jpg", memoryFile("again", "7"))).toBe("files/x (2).jpg");
  expect(await places.put("Index", memoryFile("own", "8"))).toBe("Index (2)");
});

test("what is not closed is not there, and what is there is not written over", async () => {
  const target = memoryTarget();
  {
    await using file = await target.create("a");
    await file.write(new Uint8Array(1));
  }
  expect(await target.has("a")).toBe(false);
  await (await target.create("a")).close();
  await expect(target.create("a")).rejects.toMatchObject({ code: "format.target-exists" });
  await expect(target.create("../a")).rejects.toMatchObject({ code: "format.unsafe-path" });
});
