import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "node",
          include: ["packages/*/{src,testing}/**/*.test.ts", "tools/**/*.test.ts", "e2e/**/*.test.ts"],
          exclude: ["**/node_modules/**", "**/*.browser.test.ts"],
          pool: "threads",
          isolate: false,
        },
      },
    ],
  },
});
