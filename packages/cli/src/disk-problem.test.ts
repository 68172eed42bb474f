import { describe, expect, test } from "vitest";
import { diskProblem } from "./disk-problem.ts";

describe("an error that is none of ours", () => {
  test("is known by its code alone", () => {
    const error = Object.assign(new TypeError("open '/home/marker/secret'"), { code: "EACCES" });
    expect(diskProblem(error)).toEqual({ code: "store.unavailable", details: { error: "EACCES" } });
    const full = Object.assign(new TypeError("marker"), { code: "ENOSPC" });
    expect(diskProblem(full)).toEqual({ code: "store.full", details: { error: "ENOSPC" } });
    expect(JSON.stringify(diskProblem(new TypeError("marker")))).not.toContain("marker");
    expect(diskProblem("marker")).toEqual({ code: "base.unexpected", details: { error: "string" } });
  });
});
