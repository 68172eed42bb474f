import type { Browser } from "playwright";
import { launchArguments } from "../../tools/chromium.ts";

let browser: Promise<Browser> | undefined;

/** The browser that the tests of a file share: each has contexts of its own. */
export function sharedBrowser(executablePath: string): Promise<Browser> {
  return (browser ??= import("playwright").then(({ chromium }) =>
    chromium.launch({ executablePath, args: [...launchArguments] }),
  ));
}

/** Ends it, where there is one. */
export async function endBrowser(): Promise<void> {
  const ended = browser;
  browser = undefined;
  await (await ended)?.close();
}
