import type { Browser, BrowserContext, BrowserContextOptions, Page } from "playwright";
import { findChromium } from "../../tools/chromium.ts";
import { builtWeb } from "../../tools/web/built.ts";
import { startTestServer, type TestServer } from "../server/serving.ts";
import { sharedBrowser } from "./browser.ts";

const found = await findChromium({ install: false });

/** Why nothing here can run; undefined where it can. */
export const missing: string | undefined = "missing" in found ? found.missing : undefined;

/** A server with the web app as it is built, and a browser. */
export interface Site extends AsyncDisposable {
  readonly server: TestServer;
  readonly url: string;
  /** Somebody with a browser of their own, which keeps nothing of the others. */
  readonly newVisitor: (options?: BrowserContextOptions) => Promise<Visitor>;
}

/** Somebody who looks at the app. */
interface Visitor {
  readonly page: Page;
  readonly context: BrowserContext;
  /**
   * What should not have been: errors of page and workers, what the policy refused, warnings, and requests to anybody
   * but the server. Empties the list.
   */
  readonly problems: () => readonly string[];
}

export async function startSite(settings: Readonly<Record<string, string>> = {}): Promise<Site> {
  if ("missing" in found) throw new TypeError(found.missing);
  const server = await startTestServer({ KEEPSAKE_WEB: await builtWeb(), ...settings });
  // Some things of a browser are bound to the name by which a server is reached.
  const site = await browse(server, { url: settings["KEEPSAKE_PUBLIC_URL"] ?? server.url });
  return {
    ...site,
    async [Symbol.asyncDispose]() {
      await site[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
    },
  };
}

/** What a browser shows of a server that serves the web app, which is not ended with it. `others` are the origins that a page may go to beside it. */
export async function browse(
  server: TestServer,
  { url = server.url, others = [] }: { readonly url?: string; readonly others?: readonly string[] } = {},
): Promise<Site> {
  if ("missing" in found) throw new TypeError(found.missing);
  const browser = await sharedBrowser(found.path);
  const visitors: Promise<Visitor>[] = [];
  return {
    server,
    url,
    newVisitor(options) {
      const visitor = newVisitor(browser, [url, ...others], options);
      visitors.push(visitor);
      return visitor;
    },
    async [Symbol.asyncDispose]() {
      for (const visitor of await Promise.allSettled(visitors))
        if (visitor.status === "fulfilled") await visitor.value.context.close();
    },
  };
}

async function newVisitor(
  browser: Browser,
  origins: readonly string[],
  options: BrowserContextOptions = {},
): Promise<Visitor> {
  const context = await browser.newContext({
    locale: "en-US",
    viewport: { width: 360, height: 640 },
    ...options,
  });
  // What hangs fails; what is slow on a busy machine does not.
  context.setDefaultTimeout(60_000);
  const problems: string[] = [];
  context.on("request", (request) => {
    const { origin, protocol } = new URL(request.url());
    if (!origins.includes(origin) && protocol !== "blob:") problems.push(`a request to ${request.url()}`);
  });
  context.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) problems.push(`${message.type()}: ${message.text()}`);
  });
  context.on("weberror", (thrown) => void problems.push(`thrown: ${String(thrown.error())}`));
  await context.exposeFunction("keepsakeRefused", (what: string) => void problems.push(`refused: ${what}`));
  await context.addInitScript(() => {
    addEventListener("securitypolicyviolation", ({ effectiveDirective, blockedURI }) => {
      const { keepsakeRefused } = globalThis as unknown as { keepsakeRefused: (what: string) => void };
      keepsakeRefused(`${effectiveDirective} ${blockedURI}`);
    });
  });
  const page = await context.newPage();
  page.on("worker", (worker) => {
    worker.on("console", (message) => {
      if (message.type() === "error") problems.push(`in a worker: ${message.text()}`);
    });
    // It may be gone already, with the page that it was of.
    void worker
      .evaluate(() => {
        const { error: say } = console;
        addEventListener("securitypolicyviolation", ({ effectiveDirective, blockedURI }) =>
          say(`refused: ${effectiveDirective} ${blockedURI}`),
        );
        addEventListener("error", ({ message }) => say(message));
        addEventListener("unhandledrejection", ({ reason }) => say(String(reason)));
      })
      .catch(() => undefined);
  });
  await page.goto(origins[0]!);
  return { page, context, problems: () => problems.splice(0) };
}
