import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium, type Browser } from "playwright";
import { build, preview, type PreviewServer } from "vite";
import { afterAll, beforeAll, expect, test } from "vitest";
import { findChromium, launchArguments } from "../tools/chromium.ts";

const root = fileURLToPath(new URL("../packages/web", import.meta.url));
const found = await findChromium({ install: false });
let outDir: string;
let server: PreviewServer;
let browser: Browser;

beforeAll(async () => {
  if ("missing" in found) return;
  outDir = await mkdtemp(join(tmpdir(), "keepsake-web-"));
  await build({ root, logLevel: "error", build: { outDir } });
  server = await preview({
    root,
    logLevel: "error",
    build: { outDir },
    preview: { host: "127.0.0.1", port: 0 },
  });
  browser = await chromium.launch({ executablePath: found.path, args: [...launchArguments] });
}, 60_000);

afterAll(async () => {
  await browser?.close();
  await server?.close();
  if (outDir !== undefined) await rm(outDir, { recursive: true });
});

/** Opens the built page and tells what a person would see of it. */
async function visit(colorScheme: "light" | "dark") {
  const address = server.resolvedUrls?.local[0] ?? "";
  const page = await browser.newPage({ colorScheme, locale: "zh-CN", viewport: { width: 360, height: 640 } });
  const problems: string[] = [];
  page.on("pageerror", (error) => problems.push(error.message));
  page.on("request", (request) => {
    if (!request.url().startsWith(address) && !request.url().startsWith("data:"))
      problems.push(request.url());
  });
  await page.goto(address, { waitUntil: "networkidle" });
  await page.waitForSelector("h1");
  const seen = await page.evaluate(() => ({
    heading: document.querySelector("h1")?.textContent,
    paper: getComputedStyle(document.body).backgroundColor,
    isScrolledSideways: document.documentElement.scrollWidth > innerWidth,
  }));
  await page.close();
  return { ...seen, problems };
}

test.skipIf("missing" in found)(
  "the built page follows the theme and asks nobody else for anything",
  async () => {
    const expected = { heading: "念存", isScrolledSideways: false, problems: [] };
    expect(await visit("light")).toEqual({ ...expected, paper: "rgb(250, 249, 246)" });
    expect(await visit("dark")).toEqual({ ...expected, paper: "rgb(21, 24, 26)" });
  },
);
