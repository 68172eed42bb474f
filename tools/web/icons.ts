/*
 * node tools/web/icons.ts: the app's icons as pictures, drawn of icon.svg by Chromium. What it writes is in the
 * repository; it is run again where the drawing changes.
 */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { chromium } from "playwright";
import { findChromium, launchArguments } from "../chromium.ts";

const folder = join(import.meta.dirname, "../../packages/web/public");
const drawing = await readFile(join(folder, "icon.svg"), "utf8");
// Systems cut their own shape out of this one: it goes to the edges, and what matters stays in the middle.
const maskable = drawing
  .replace(' rx="14"', "")
  .replace('viewBox="0 0 64 64"', 'viewBox="0 0 64 64" style="background: #17616b"')
  .replace("<path", '<g transform="translate(32 32) scale(0.8) translate(-32 -32)"><path')
  .replace("</svg>", "</g></svg>");

const found = await findChromium({ install: false });
if ("missing" in found) throw new TypeError(found.missing);
const browser = await chromium.launch({ executablePath: found.path, args: [...launchArguments] });
for (const [name, svg, size] of [
  ["icon-192.png", drawing, 192],
  ["icon-512.png", drawing, 512],
  ["icon-maskable-512.png", maskable, 512],
] as const) {
  const page = await browser.newPage({ viewport: { width: size, height: size } });
  await page.setContent(`<style>body { margin: 0 } svg { display: block; width: 100vw }</style>${svg}`);
  await writeFile(join(folder, name), await page.screenshot({ omitBackground: true }));
}
await browser.close();
