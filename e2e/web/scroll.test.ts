import type { Page } from "playwright";
import { afterAll, beforeAll, expect, test } from "vitest";
import { historyEvents } from "../../packages/core/testing/history/index.ts";
import type { ReadEvent } from "../../packages/core/src/model/index.ts";
import { missing, startSite, type Site } from "./browsing.ts";
import { comeBack, visit } from "./person.ts";
import { seedMember } from "./seeding.ts";

/*
 * A long chat is scrolled for as long as somebody likes, slowly and fast, up and down: no message is passed over, and
 * no frame is empty.
 */

const isSoak = process.env["KEEPSAKE_SOAK"] !== undefined;
const MESSAGES = isSoak ? 1_000_000 : 30_000;
const FRAMES = isSoak ? 1_500 : 120;

let site: Site;
beforeAll(async () => {
  if (missing === undefined) site = await startSite();
}, 120_000);
afterAll(() => site?.[Symbol.asyncDispose]());

const DAY_MS = 86_400_000;
/** No line is lower than that. */
const LEAST_PX = 20;

/** How many messages lie before each day of the history, by the day. */
const before: Record<number, number> = {};

/** One chat; the number of each message is found by its day and its place in that. */
// oxlint-disable-next-line typescript/require-await -- readers are asynchronous
async function* counted(): AsyncGenerator<ReadEvent> {
  let number = 0;
  for (const event of historyEvents({ seed: "scroll", messages: MESSAGES, chats: 1 })) {
    if (event.type === "message") before[Math.floor(event.message.time.sent / DAY_MS)] ??= number;
    if (event.type === "message") number++;
    yield event;
  }
}

interface Scrolled {
  /** Frames in which no message was to be seen. */
  readonly blank: number;
  /** The most messages that one step passed over, by what fits into its pixels. */
  readonly passed: number;
  /** Steps that went the other way. */
  readonly back: number;
  readonly moved: number;
  readonly pixels: number;
  readonly meanPx: number;
}

/** Scrolls so many frames by so many pixels, and looks at what is seen in each. */
function scroll(page: Page, { by, frames }: { by: number; frames: number }): Promise<Scrolled> {
  return page.evaluate(
    async ({ by, frames, before, least }) => {
      const list = document.querySelector<HTMLElement>(".lines")!;
      const seen = (): { readonly first: number; readonly last: number; readonly px: number } | undefined => {
        const { top, bottom } = list.getBoundingClientRect();
        const lines = [...list.querySelectorAll<HTMLElement>(".line")].filter((line) => {
          const box = line.getBoundingClientRect();
          return box.bottom > top && box.top < bottom;
        });
        const numbers = lines.map((line) => {
          const [day, inDay] = line.dataset["key"]!.split(":").map(Number) as [number, number];
          return before[day]! + inDay;
        });
        if (lines.length === 0) return undefined;
        const px = lines.reduce((sum, line) => sum + line.getBoundingClientRect().height, 0) / lines.length;
        return { first: Math.min(...numbers), last: Math.max(...numbers), px };
      };
      let [blank, passed, back, pixels, heights] = [0, 0, 0, 0, 0];
      const start = seen()!;
      let now = start;
      for (let frame = 0; frame < frames; frame++) {
        list.scrollBy(0, by);
        await new Promise(requestAnimationFrame);
        await new Promise(requestAnimationFrame);
        const next = seen();
        if (next === undefined) {
          blank++;
          continue;
        }
        const over = by > 0 ? next.first - now.last : now.first - next.last;
        passed = Math.max(passed, over / (Math.abs(by) / least));
        if (by > 0 ? next.first < now.first : next.first > now.first) back++;
        pixels += Math.abs(by);
        heights += next.px;
        now = next;
      }
      return {
        blank,
        passed,
        back,
        moved: Math.abs(now.first - start.first),
        pixels,
        meanPx: heights / frames,
      };
    },
    { by, frames, before, least: LEAST_PX },
  );
}

test.skipIf(missing !== undefined)(
  `a chat of ${MESSAGES} messages is scrolled up and down, slowly and fast, with nothing passed over`,
  { timeout: 1_200_000 },
  async () => {
    const words = await seedMember(site.url, "scroller", counted);
    const { page, context, problems } = await site.newVisitor({ viewport: { width: 1000, height: 800 } });
    await comeBack(page, "scroller", words);
    await visit(page, "chats");
    await page.locator(".chat-row").first().click();
    await page.locator("article.line").first().waitFor();
    const middle = new Date(Date.UTC(2023, 6, 1)).toISOString().slice(0, 10);
    await page.locator(".date-pick input").fill(middle);
    await page.locator("article.line").first().waitFor();
    await page.waitForTimeout(1_000);
    for (const by of [-120, 120, -2_000, 2_000]) {
      const told = await scroll(page, { by, frames: FRAMES });
      expect(told, `by ${by}`).toMatchObject({ blank: 0 });
      expect(told.passed, `by ${by}: ${JSON.stringify(told)}`).toBeLessThanOrEqual(1);
      expect(told.back, `by ${by}`).toBeLessThanOrEqual(FRAMES / 50);
      expect(told.moved, `by ${by}`).toBeGreaterThan(0);
      await page.waitForTimeout(1_500);
    }
    expect(problems()).toEqual([]);
    await context.close();
  },
);
