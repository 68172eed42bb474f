import { once } from "node:events";
import { readFileSync } from "node:fs";
import { chromium, type Browser, type BrowserContext, type Page } from "playwright";
import { findChromium, launchArguments } from "../../tools/chromium.ts";
import { freePort } from "../../packages/server/src/free-port.ts";

/** A browser whose processes and threads can be asked what they take. */
export interface Watched extends AsyncDisposable {
  readonly newPage: () => Promise<{ readonly page: Page; readonly context: BrowserContext }>;
  /** CPU seconds of all pages and their workers, until now. */
  readonly cpuS: () => Promise<number>;
  /** What the processes of all pages hold of memory, in MB; NaN where the system does not tell. */
  readonly residentMB: () => Promise<number>;
  /** What the scripts of pages and workers hold once what nobody holds was collected, in MB. */
  readonly heapMB: () => Promise<{ readonly page: number; readonly worker: number }>;
}

export async function watchedBrowser(): Promise<Watched> {
  const found = await findChromium({ install: true });
  if ("missing" in found) throw new TypeError(found.missing);
  const port = await freePort();
  const browser: Browser = await chromium.launch({
    executablePath: found.path,
    args: [...launchArguments, `--remote-debugging-port=${port}`],
  });
  const wire = await connected(port);
  return {
    async newPage() {
      const context = await browser.newContext({ locale: "en-US", viewport: { width: 1000, height: 800 } });
      await context.addInitScript(watchInside);
      return { page: await context.newPage(), context };
    },
    async cpuS() {
      return (await renderers(wire)).reduce((sum, { cpuTime }) => sum + cpuTime, 0);
    },
    async residentMB() {
      const pids = (await renderers(wire)).map(({ id }) => id);
      return pids.reduce((sum, pid) => sum + residentOf(pid), 0);
    },
    async heapMB() {
      const { targetInfos } = (await wire.ask("Target.getTargets", { filter: [{}] })) as {
        readonly targetInfos: readonly {
          readonly targetId: string;
          readonly type: string;
          readonly url: string;
        }[];
      };
      const sums = { page: 0, worker: 0 };
      for (const { targetId, type, url } of targetInfos) {
        if ((type !== "page" && type !== "worker") || !url.startsWith("http")) continue;
        sums[type] += await wire.heapOf(targetId);
      }
      return { page: sums.page / 1e6, worker: sums.worker / 1e6 };
    },
    async [Symbol.asyncDispose]() {
      wire.close();
      await browser.close();
    },
  };
}

interface Renderer {
  readonly id: number;
  readonly type: string;
  readonly cpuTime: number;
}

async function renderers(wire: Wire): Promise<readonly Renderer[]> {
  const { processInfo } = (await wire.ask("SystemInfo.getProcessInfo")) as {
    readonly processInfo: readonly Renderer[];
  };
  return processInfo.filter(({ type }) => type === "renderer");
}

function residentOf(pid: number): number {
  try {
    const [, kilobytes] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))!;
    return Number(kilobytes) / 1000;
  } catch {
    return NaN;
  }
}

/** Runs in every page: notes how long the worker takes to answer, and when the page was frozen. */
function watchInside(): void {
  const noted = { answers: [] as { readonly call: string; readonly ms: number }[], longest: 0 };
  Object.assign(globalThis, { keepsakeNoted: noted });
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) noted.longest = Math.max(noted.longest, duration);
  }).observe({ type: "longtask" });
  class WatchedWorker extends Worker {
    override postMessage(message: unknown, ...more: never[]): void {
      const { call, names } = message as { readonly call?: number; readonly names?: readonly string[] };
      const startMs = performance.now();
      const listen = ({ data }: MessageEvent<{ readonly answered?: number }>): void => {
        if (data.answered !== call) return;
        noted.answers.push({ call: names!.join("."), ms: performance.now() - startMs });
        this.removeEventListener("message", listen);
      };
      if (call !== undefined && names !== undefined) this.addEventListener("message", listen);
      super.postMessage(message, ...more);
    }
  }
  globalThis.Worker = WatchedWorker;
}

/** What `watchInside` has noted of a page. */
export interface Noted {
  readonly answers: readonly { readonly call: string; readonly ms: number }[];
  readonly longest: number;
}

export function notedIn(page: Page): Promise<Noted> {
  return page.evaluate(() => (globalThis as unknown as { keepsakeNoted: Noted }).keepsakeNoted);
}

interface Wire {
  readonly ask: (method: string, params?: object, sessionId?: string) => Promise<unknown>;
  readonly heapOf: (targetId: string) => Promise<number>;
  readonly close: () => void;
}

/** The browser's own protocol, for what a driver does not tell. */
async function connected(port: number): Promise<Wire> {
  const version = await fetch(`http://127.0.0.1:${port}/json/version`);
  const { webSocketDebuggerUrl } = (await version.json()) as { readonly webSocketDebuggerUrl: string };
  const socket = new WebSocket(webSocketDebuggerUrl);
  await once(socket, "open");
  const waiting = new Map<number, PromiseWithResolvers<unknown>>();
  let last = 0;
  socket.addEventListener("message", ({ data }) => {
    const { id, result, error } = JSON.parse(String(data)) as {
      readonly id?: number;
      readonly result?: unknown;
      readonly error?: { readonly message: string };
    };
    if (id === undefined) return;
    if (error === undefined) waiting.get(id)?.resolve(result);
    else waiting.get(id)?.reject(new TypeError(error.message));
    waiting.delete(id);
  });
  const ask: Wire["ask"] = (method, params = {}, sessionId) => {
    const answer = Promise.withResolvers<unknown>();
    waiting.set(++last, answer);
    socket.send(JSON.stringify({ id: last, method, params, ...(sessionId !== undefined && { sessionId }) }));
    return answer.promise;
  };
  return {
    ask,
    async heapOf(targetId) {
      const { sessionId } = (await ask("Target.attachToTarget", { targetId, flatten: true })) as {
        readonly sessionId: string;
      };
      await ask("HeapProfiler.collectGarbage", {}, sessionId);
      const { usedSize } = (await ask("Runtime.getHeapUsage", {}, sessionId)) as {
        readonly usedSize: number;
      };
      await ask("Target.detachFromTarget", { sessionId });
      return usedSize;
    },
    close: () => socket.close(),
  };
}
