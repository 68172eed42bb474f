/** What a part of `npm test` came to. */
export interface Tally {
  readonly passed: number;
  readonly failed: number;
  /** What was not run, and why. */
  readonly notRun: readonly string[];
}

/** The parts of Vitest's JSON report that count. */
interface VitestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[];
  }[];
}

/**
 * Counts a run of Vitest. A file that could not be loaded, a run that ended badly without a failed test,
 * and a run without a report are failures too; so is a run that held no test at all.
 */
export function tally(
  report: string | undefined,
  exitCode: number,
  options: { readonly isWhole: boolean },
): Tally {
  const parsed = report === undefined ? undefined : parse(report);
  if (parsed === undefined) return { passed: 0, failed: 1, notRun: ["tests: Vitest ended without a report"] };
  const tests = parsed.testResults.flatMap((file) => file.assertionResults);
  const brokenFiles = parsed.testResults.filter(
    (file) => file.status === "failed" && !file.assertionResults.some((test) => test.status === "failed"),
  );
  const failed = parsed.numFailedTests + brokenFiles.length;
  const isEmpty = parsed.numPassedTests + failed === 0;
  const skipped = tests.filter((test) => test.status !== "passed" && test.status !== "failed");
  return {
    passed: parsed.numPassedTests,
    failed: failed === 0 && (exitCode !== 0 || isEmpty) ? 1 : failed,
    notRun: options.isWhole ? skipped.map((test) => `the test "${test.fullName}": it skipped itself`) : [],
  };
}

function parse(report: string): VitestReport | undefined {
  try {
    return JSON.parse(report) as VitestReport;
  } catch {
    return undefined;
  }
}
