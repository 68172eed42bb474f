import type { Browser } from "playwright";
import { launchArguments } from "../../tools/chromium.ts";

/** Names of files are UTF-8, as where people are: in a bare environment the browser waits for ever for a Chinese folder. */
const utf8 = { LC_ALL: "C.UTF-8" };

let browser: Promise<Browser> | undefined;

/** The browser that the tests of a file share: each has contexts of its own. */
export function sharedBrowser(executablePath: string): Promise<Browser> {
  return (browser ??= import("playwright").then(({ chromium }) =>
    chromium.launch({ executablePath, args: [...launchArguments], env: { ...process.env, ...utf8 } }),
  ));
}

/** Ends it, where there is one. */
export async function endBrowser(): Promise<void> {
  const ended = browser;
  browser = undefined;
  await (await ended)?.close();
}
