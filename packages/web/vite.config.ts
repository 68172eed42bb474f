import { defineConfig } from "vite";
import { cryptoApart } from "../../tools/web/apart.ts";
import { silkUnderPolicy } from "../../tools/web/silk.ts";

/** A server for development beside `vite`: `KEEPSAKE_SERVER=http://127.0.0.1:8787 npm run dev`. */
const server = process.env["KEEPSAKE_SERVER"];
const proxy = server === undefined ? {} : { "/v1": server };

/** What is loaded at a start comes as one file: compressed as one it is smaller, and nothing waits for another. */
const atStart = { name: "start", tags: ["$initial" as const] };

export default defineConfig({
  base: "/",
  resolve: {
    alias: {
      react: "preact/compat",
      "react-dom": "preact/compat",
      "react/jsx-runtime": "preact/jsx-runtime",
    },
  },
  server: { proxy },
  preview: { proxy },
  plugins: [silkUnderPolicy()],
  worker: {
    format: "es",
    plugins: () => [silkUnderPolicy(), cryptoApart()],
    rolldownOptions: { output: { codeSplitting: { groups: [atStart] } } },
  },
  build: {
    target: "es2024",
    // Nothing stands inside of the page: scripts and styles are files of our own origin.
    assetsInlineLimit: 0,
    // What is loaded later is small and seldom needs more than two scripts: asking ahead would weigh more than it saves.
    modulePreload: false,
    cssCodeSplit: false,
    rolldownOptions: { output: { codeSplitting: { groups: [atStart] } } },
  },
});
