import { expect, test } from "vitest";
import { tally } from "./tally.ts";

const whole = { isWhole: true };
const file = (status: string, ...tests: string[]): object => ({
  name: "a.test.ts",
  status,
  assertionResults: tests.map((each) => ({ fullName: `it ${each}`, status: each })),
});
const report = (numPassedTests: number, numFailedTests: number, ...testResults: object[]): string =>
  JSON.stringify({ numPassedTests, numFailedTests, testResults });

test("passed and failed tests are counted", () => {
  const text = report(2, 1, file("passed", "passed", "passed"), file("failed", "failed"));
  expect(tally(text, 1, whole)).toEqual({ passed: 2, failed: 1, notRun: [] });
});

test("a file that could not be loaded is a failure beside the failed tests", () => {
  const text = report(1, 1, file("passed", "passed"), file("failed", "failed"), file("failed"));
  expect(tally(text, 1, whole)).toMatchObject({ passed: 1, failed: 2 });
});

test("a run that ended badly is a failure even if every test passed", () => {
  expect(tally(report(1, 0, file("passed", "passed")), 1, whole)).toMatchObject({ passed: 1, failed: 1 });
});

test("a run without a report, or with half a one, is a failure", () => {
  expect(tally(undefined, 0, whole)).toMatchObject({ passed: 0, failed: 1 });
  expect(tally('{"numPassedTests": 3', 0, whole)).toMatchObject({ passed: 0, failed: 1 });
});

test("a run that held no test is a failure", () => {
  expect(tally(report(0, 0), 0, whole)).toMatchObject({ passed: 0, failed: 1 });
});

test("tests that skipped themselves are named, unless a filter was given", () => {
  const text = report(1, 0, file("passed", "passed", "skipped"));
  expect(tally(text, 0, whole).notRun).toEqual(['the test "it skipped": it skipped itself']);
  expect(tally(text, 0, { isWhole: false }).notRun).toEqual([]);
});
