import type { Page } from "playwright";
import { comeBack, password, signUp, visit } from "../../e2e/web/person.ts";
import { median } from "../measure.ts";
import { notedIn, type Watched } from "./browser.ts";
import type { Served } from "./served.ts";

/** Something that was measured, with what it is to be at most. */
export interface Figure {
  readonly what: string;
  readonly value: number;
  readonly unit: string;
  readonly goal?: number;
}

/** What a browser took that had never seen the history, until all of it could be searched. */
export interface Life {
  readonly paintMs: number;
  /** What the password itself costs, so that guessing is slow. */
  readonly passwordMs: number;
  readonly freshMs: number;
  readonly freshKiB: number;
  readonly cachedMs: number;
  readonly jumps: { readonly fresh: readonly number[]; readonly kept: readonly number[] };
  readonly frames: { readonly slow: readonly number[]; readonly fast: readonly number[] };
  readonly viewerMB: { readonly page: number; readonly worker: number };
  readonly coldS: number;
  readonly warm: { readonly wallS: number; readonly cpuS: number };
  readonly searchesMs: readonly number[];
  readonly textMB: number;
  readonly residentMB: number;
}

const RUNS = 5;
const QUERIES = ["可以", "生日快乐", "meeting", "好", "6174", "恭喜发财", "没有人说过的话"];

export async function measureLife(browser: Watched, server: Served): Promise<Life> {
  const paintMs = await firstPaint(browser, server.url);
  const { page, context } = await browser.newPage();
  let bytes = 0;
  context.on("response", (response) => {
    if (new URL(response.url()).pathname.startsWith("/v1/"))
      bytes += Number(response.headers()["content-length"] ?? 0);
  });
  await page.goto(server.url);
  await comeBack(page, server.name, server.words.split(" "));
  const chat = await openChat(page);
  const passwordMs = await unlockMs(page, { chat, secret: "not the password", until: ".problem" });
  const opened = { chat, secret: password, until: "article.line" };
  const fresh: number[] = [];
  for (let run = 0; run < RUNS; run++) {
    await forgetCache(page);
    bytes = 0;
    fresh.push((await unlockMs(page, opened)) - passwordMs);
  }
  const freshKiB = bytes / 1024;
  const cached: number[] = [];
  for (let run = 0; run < RUNS; run++) cached.push((await unlockMs(page, opened)) - passwordMs);

  await forgetCache(page);
  await unlockMs(page, opened);
  const jumps = { fresh: await jump(page), kept: await jump(page) };
  const frames = {
    slow: await scroll(page, { by: -SLOW_PX, frames: 300 }),
    fast: await scroll(page, { by: -FAST_PX, frames: 150 }),
  };
  const viewerMB = await browser.heapMB();
  const { wallS: coldS } = await searchable(browser, page);
  await unlockMs(page, opened);
  const warm = await searchable(browser, page);
  const searchesMs = await queries(page);
  const textMB = (await browser.heapMB()).worker;
  const residentMB = await browser.residentMB();
  await context.close();
  return {
    paintMs,
    passwordMs,
    freshMs: median(fresh),
    freshKiB,
    cachedMs: median(cached),
    jumps,
    frames,
    viewerMB,
    coldS,
    warm,
    searchesMs,
    textMB,
    residentMB,
  };
}

const [SLOW_PX, FAST_PX] = [120, 3000];

/** The figures beside their budgets. */
export function figuresOf(life: Life): readonly Figure[] {
  const { jumps, frames, viewerMB, warm, searchesMs } = life;
  const of = (what: string, value: number, unit: string, goal?: number): Figure => {
    return { what, value, unit, ...(goal !== undefined && { goal }) };
  };
  return [
    of("first paint of the page", life.paintMs, "ms", 300),
    of("the password's own cost at unlocking, not in the next two", life.passwordMs, "ms"),
    of("unlocking where nothing is kept, until the first message is seen", life.freshMs, "ms", 1500),
    of("what comes over the network for it", life.freshKiB, "KiB", 300),
    of("unlocking where the browser keeps it, until the first message is seen", life.cachedMs, "ms", 800),
    of("a jump to a day that is not kept yet, median", median(jumps.fresh), "ms", 400),
    of("a jump to a day that is not kept yet, longest", Math.max(...jumps.fresh), "ms"),
    of("a jump to a day that is kept, median", median(jumps.kept), "ms", 100),
    of("a jump to a day that is kept, longest", Math.max(...jumps.kept), "ms"),
    of(`a frame of scrolling ${SLOW_PX} px at a time, 95 %`, at(frames.slow, 0.95), "ms", 20),
    of(`a frame of scrolling ${FAST_PX} px at a time, 95 %`, at(frames.fast, 0.95), "ms", 20),
    of("memory of scripts while a chat is read: page", viewerMB.page, "MB"),
    of("memory of scripts while a chat is read: page and worker", viewerMB.page + viewerMB.worker, "MB", 30),
    of("all text open for searching, nothing of it kept", life.coldS, "s"),
    of("all text open for searching, its bytes kept", warm.wallS, "s"),
    of("the same, CPU of page and worker", warm.cpuS, "s", 2),
    of("a search once it is open, median", median(searchesMs), "ms"),
    of("a search once it is open, 95 %", at(searchesMs, 0.95), "ms", 10),
    of("memory of the worker's scripts with all text open", life.textMB, "MB", 60),
  ];
}

/** An export of its own is brought in by a new member. */
export async function measureImport(
  browser: Watched,
  { url }: Pick<Served, "url">,
  { path, messages }: { readonly path: string; readonly messages: number },
): Promise<readonly Figure[]> {
  const { page, context } = await browser.newPage();
  await page.goto(url);
  await signUp(page, `import-${Date.now()}`);
  await visit(page, "sources");
  await page.getByLabel("Choose files").setInputFiles(path);
  await page.getByLabel("A name for this source").fill("bench");
  await page.evaluate(() => Object.assign((globalThis as never)["keepsakeNoted"], { longest: 0 }));
  const startMs = performance.now();
  await page.getByRole("button", { name: "Seal it" }).click();
  await page.getByRole("heading", { name: "Sealed" }).waitFor({ timeout: 300_000 });
  const seconds = (performance.now() - startMs) / 1000;
  const { longest } = await notedIn(page);
  await context.close();
  return [
    {
      what: `an export of ${messages} messages is read, sealed and sent`,
      value: seconds,
      unit: "s",
      goal: 10,
    },
    { what: "meanwhile the page stood still for, at most", value: longest, unit: "ms", goal: 100 },
  ];
}

async function firstPaint(browser: Watched, url: string): Promise<number> {
  const paints: number[] = [];
  for (let run = 0; run < RUNS; run++) {
    const { page, context } = await browser.newPage();
    await page.goto(url);
    await page.getByRole("link", { name: "Get started" }).waitFor();
    paints.push(
      await page.evaluate(() => performance.getEntriesByName("first-contentful-paint")[0]!.startTime),
    );
    await context.close();
  }
  return median(paints);
}

/** Gives where the chat is. */
async function openChat(page: Page): Promise<string> {
  await visit(page, "chats");
  await page.locator(".chat-row").first().click();
  await page.locator("article.line").first().waitFor();
  return page.evaluate(() => location.hash.slice(2));
}

interface Unlocking {
  readonly chat: string;
  readonly secret: string;
  /** What is waited for. */
  readonly until: string;
}

/** From the click that unlocks until something is on the page, as the page itself sees it. */
async function unlockMs(page: Page, { chat, secret, until }: Unlocking): Promise<number> {
  await visit(page, chat);
  await page.reload();
  await page.getByLabel("Login password", { exact: true }).fill(secret);
  return page.evaluate(async (wanted) => {
    const startMs = performance.now();
    document.querySelector<HTMLButtonElement>("button[type=submit]")!.click();
    while (document.querySelector(wanted) === null) await new Promise(requestAnimationFrame);
    return performance.now() - startMs;
  }, until);
}

/** At the door, where nothing of it is open. */
async function forgetCache(page: Page): Promise<void> {
  await page.reload();
  await page.getByLabel("Login password", { exact: true }).waitFor();
  await page.evaluate(async () => {
    const root = await navigator.storage.getDirectory();
    await root.removeEntry("cache", { recursive: true });
  });
}

/** To days all over the chat, until their messages have stayed where they are for three frames. */
async function jump(page: Page): Promise<number[]> {
  const { min, max } = await page.locator(".date-pick input").evaluate((input) => {
    const { min: first, max: last } = input as HTMLInputElement;
    return { min: Date.parse(first), max: Date.parse(last) };
  });
  const times: number[] = [];
  for (const part of [0.5, 0.1, 0.9, 0.3, 0.75, 0.999]) {
    const day = new Date(min + part * (max - min)).toISOString().slice(0, 10);
    times.push(await page.evaluate(jumpTo, day));
  }
  return times;
}

/** Runs in the page. */
async function jumpTo(day: string): Promise<number> {
  // A chat may be silent for some days.
  const [nearDays, mostMs] = [7, 20_000];
  const input = document.querySelector<HTMLInputElement>(".date-pick input")!;
  const wanted = Math.floor(Date.parse(day) / 86_400_000);
  const startMs = performance.now();
  input.value = day;
  input.dispatchEvent(new Event("input", { bubbles: true }));
  const isThere = (): boolean => {
    const list = document.querySelector(".lines")!.getBoundingClientRect();
    return [...document.querySelectorAll<HTMLElement>(".line")].some((line) => {
      const { top, bottom } = line.getBoundingClientRect();
      const its = Number(line.dataset["key"]!.split(":")[0]);
      return bottom > list.top && top < list.bottom && Math.abs(its - wanted) <= nearDays;
    });
  };
  for (let still = 0; still < 3;) {
    await new Promise(requestAnimationFrame);
    still = isThere() ? still + 1 : 0;
    if (performance.now() - startMs > mostMs) throw new TypeError(`${day} is not shown`);
  }
  return performance.now() - startMs;
}

/** How long frames took. */
function scroll(
  page: Page,
  given: { readonly by: number; readonly frames: number },
): Promise<readonly number[]> {
  return page.evaluate(async ({ by, frames: count }) => {
    const list = document.querySelector(".lines")!;
    const took: number[] = [];
    let before = await new Promise<number>(requestAnimationFrame);
    for (let frame = 0; frame < count; frame++) {
      list.scrollBy(0, by);
      const now = await new Promise<number>(requestAnimationFrame);
      took.push(now - before);
      before = now;
    }
    return took;
  }, given);
}

function at(values: readonly number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(share * values.length))]!;
}

/** Until all of the history can be searched. */
async function searchable(
  browser: Watched,
  page: Page,
): Promise<{ readonly wallS: number; readonly cpuS: number }> {
  const before = await browser.cpuS();
  const startMs = performance.now();
  await visit(page, "search");
  await page.getByRole("searchbox").waitFor();
  await page.waitForFunction(
    () => {
      const { answers } = (globalThis as never)["keepsakeNoted"] as {
        readonly answers: readonly { readonly call: string }[];
      };
      return answers.some(({ call }) => call === "search.readOn");
    },
    undefined,
    { timeout: 300_000, polling: 50 },
  );
  return { wallS: (performance.now() - startMs) / 1000, cpuS: (await browser.cpuS()) - before };
}

/** How long the worker takes to answer, as the page waits for it. */
async function queries(page: Page): Promise<number[]> {
  for (let run = 0; run < RUNS; run++) {
    for (const text of QUERIES) {
      await page.getByRole("searchbox").fill(text);
      await page.waitForTimeout(250);
    }
  }
  const { answers } = await notedIn(page);
  return answers.filter(({ call }) => call === "search.find").map(({ ms }) => ms);
}
