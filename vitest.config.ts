import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { playwright } from "@vitest/browser-playwright";
import { defineConfig, type TestProjectInlineConfiguration } from "vitest/config";
import { findChromium, launchArguments } from "./tools/chromium.ts";

/*
 * x.test.ts runs in Node, and in Chromium too if it lies in core or web;
 * x.node.test.ts runs in Node only, x.browser.test.ts in Chromium only.
 */
/** What hangs fails; what is slow on a busy machine does not. */
const testTimeout = 60_000;
const expect = { poll: { timeout: 20_000 } };

const installed = ["**/node_modules/**", "tools/node/**"];

const node: TestProjectInlineConfiguration = {
  test: {
    name: "node",
    include: ["packages/*/{src,testing}/**/*.test.ts", "{tools,bench,e2e}/**/*.test.ts"],
    exclude: [...installed, "**/*.browser.test.ts"],
    setupFiles: ["e2e/each-file.ts"],
    pool: "threads",
    testTimeout,
    hookTimeout: testTimeout,
    expect,
    isolate: false,
  },
};

const browser = (executablePath: string): TestProjectInlineConfiguration => ({
  // A library that the sources began to import since the last run would otherwise reload the page amid the tests.
  optimizeDeps: { force: true },
  test: {
    name: "browser",
    include: ["packages/{core,web}/{src,testing}/**/*.test.ts"],
    exclude: [...installed, "**/*.node.test.ts", "packages/core/src/platform/node/**"],
    isolate: false,
    testTimeout,
    hookTimeout: testTimeout,
    expect,
    api: { host: "127.0.0.1" },
    browser: {
      enabled: true,
      headless: true,
      screenshotFailures: false,
      provider: playwright({ launchOptions: { executablePath, args: [...launchArguments] } }),
      instances: [{ browser: "chromium" }],
    },
  },
});

// What tests start as processes of their own compiles the same files again and again.
process.env["NODE_COMPILE_CACHE"] ??= fileURLToPath(new URL("node_modules/.cache/code", import.meta.url));

export default defineConfig(async () => {
  const chromium = await findChromium({ install: false });
  return {
    cacheDir: "node_modules/.cache/vite",
    // One more than there are cores: many tests wait for processes that they started.
    test: {
      maxWorkers: availableParallelism() + 1,
      projects: "path" in chromium ? [node, browser(chromium.path)] : [node],
    },
  };
});
