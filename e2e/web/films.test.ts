import { stat } from "node:fs/promises";
import type { Locator, Page } from "playwright";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Attachment, ReadEvent, SourceFile } from "../../packages/core/src/model/index.ts";
import { eventsFrom } from "../../packages/core/testing/history/vault.ts";
import { missing, startSite, type Site } from "./browsing.ts";
import { madeFilm } from "./film.ts";
import { comeBack, heading, visit } from "./person.ts";
import { seedMember } from "./seeding.ts";
import { watchedLine } from "./watched-line.ts";

/* A film is played while it comes, part by part, and no server knows which. */

let line: Awaited<ReturnType<typeof watchedLine>>;
let site: Site;
beforeAll(async () => {
  if (missing !== undefined) return;
  line = await watchedLine();
  site = await startSite({ KEEPSAKE_PUBLIC_URL: line.url });
  line.leadTo(site.server.url);
}, 120_000);
afterAll(async () => {
  await site?.[Symbol.asyncDispose]();
  await line?.[Symbol.asyncDispose]();
});

const MIB = 1024 * 1024;
const SECONDS = 40;
const slow = { timeout: 240_000 };
const wide = { viewport: { width: 1280, height: 800 } };

function fileOf(bytes: Uint8Array<ArrayBuffer>, path: string): SourceFile {
  return {
    path,
    sizeBytes: bytes.length,
    // oxlint-disable-next-line typescript/require-await -- the port is asynchronous
    async *open() {
      for (let at = 0; at < bytes.length; at += MIB) yield bytes.slice(at, at + MIB);
    },
  };
}

/** A chat of films, one after the other; undefined is one that nobody kept. */
function chatOf(films: readonly (Uint8Array<ArrayBuffer> | undefined)[]): readonly ReadEvent[] {
  const chat = "line:group:1";
  const start = Date.UTC(2024, 3, 5, 8);
  const size = { width: 320, height: 180, durationMs: SECONDS * 1000 };
  const messages = films.map((bytes, i): ReadEvent => {
    const time = { sent: start + i * 60_000, precision: "s", zone: "utc" } as const;
    const kept = bytes === undefined ? { state: "omitted" } : { state: "present", sizeBytes: bytes.length };
    const attachment = { kind: "video", mime: "video/webm", fileName: `film-${i}.webm`, ...size, ...kept };
    const attachments = [attachment as Attachment];
    const message = { chat, author: "line:user:2", kind: "video", time, attachments } as const;
    return { type: "message", message, files: [bytes && fileOf(bytes, `film-${i}.webm`)] };
  });
  return [
    { type: "source", source: { format: "made", formatVersion: "1", platform: "line" } },
    { type: "chat", chat: { id: chat, platform: "line", kind: "group", title: "Family" } },
    ...messages,
  ];
}

/** A member with a large film, a small one, one that is only said to be one, and one that was not kept. */
async function seedFilms(page: Page, name: string): Promise<readonly string[]> {
  const about = { width: 320, height: 180, seconds: SECONDS };
  const large = await madeFilm(page, { ...about, padBytes: 1.7 * MIB });
  const small = await madeFilm(page, { ...about, padBytes: 100 });
  expect([large.length > 64 * MIB, small.length < MIB]).toEqual([true, true]);
  const none = new TextEncoder().encode("<script>alert(1)</script>".repeat(10));
  return seedMember(site.url, name, () => eventsFrom(chatOf([large, small, none, undefined])));
}

/** Opens the chat; gives its bubbles. */
async function openChat(page: Page): Promise<Locator> {
  await visit(page, "chats");
  await page.locator(".chat-row").first().click();
  await page.getByText("The export was made without this file").waitFor();
  return page.locator("article.line");
}

const play = (bubble: Locator): Promise<void> =>
  bubble.getByRole("button", { name: /Play the video/ }).click();

const atSecond = (video: Locator): Promise<number> =>
  video.evaluate((player: HTMLVideoElement) => player.currentTime);

async function jump(video: Locator, second: number): Promise<void> {
  await video.evaluate((player: HTMLVideoElement, to) => {
    player.currentTime = to;
    void player.play();
  }, second);
  await expect.poll(() => atSecond(video)).toBeGreaterThan(second + 0.3);
}

/** A window that refuses service workers, as private ones do. */
function refuseWorkers(): void {
  navigator.serviceWorker.register = () =>
    Promise.reject(new DOMException("not in this window", "SecurityError"));
}

/** A page that hears late that its requests go through the service worker: later than that one's answer comes. */
function hearLate(): void {
  const workers = navigator.serviceWorker;
  let { controller } = workers;
  Object.defineProperty(workers, "controller", { get: () => controller });
  const onChange = (event: Event): void => {
    event.stopImmediatePropagation();
    setTimeout(() => {
      controller = Object.getOwnPropertyDescriptor(ServiceWorkerContainer.prototype, "controller")!.get!.call(
        workers,
      );
      workers.removeEventListener("controllerchange", onChange);
      workers.dispatchEvent(new Event("controllerchange"));
    }, 500);
  };
  workers.addEventListener("controllerchange", onChange);
}

/** How much of packs was fetched. */
const fetchedBytes = (): number =>
  line.passed.filter(({ path }) => path.includes("/packs/")).reduce((sum, { bytes }) => sum + bytes, 0);

/** What the server was asked for of films: nothing, ever. */
const askedOfFilms = (): readonly string[] =>
  line.passed.map(({ path }) => path).filter((path) => path.startsWith("/film"));

test.skipIf(missing !== undefined)(
  "a film plays from its first part on and jumps, only what is played is fetched, and locking ends it",
  slow,
  async () => {
    const { page, context, problems } = await site.newVisitor(wide);
    await page.evaluate(hearLate);
    const words = await seedFilms(page, "viewer");
    await comeBack(page, "viewer", words);
    const bubbles = await openChat(page);
    await bubbles.first().getByText("▶ Play the video 00:40 · ").waitFor();
    const before = fetchedBytes();
    await play(bubbles.first());
    const video = page.locator("video");
    await expect.poll(() => atSecond(video)).toBeGreaterThan(0.5);
    await video.evaluate((player: HTMLVideoElement) => player.pause());
    expect(await video.evaluate((player: HTMLVideoElement) => player.duration)).toBe(SECONDS);
    expect(await video.evaluate((player: HTMLVideoElement) => player === document.activeElement)).toBe(true);
    expect((fetchedBytes() - before) / MIB).toBeLessThan(45);
    await jump(video, 34);
    expect((fetchedBytes() - before) / MIB).toBeLessThan(60);
    await context.newCDPSession(page).then(async (session) => {
      await session.send("ServiceWorker.enable");
      await session.send("ServiceWorker.stopAllWorkers");
    });
    await jump(video, 20);
    expect(problems()).toEqual([]);

    const address = await video.evaluate((player: HTMLVideoElement) => player.src);
    expect(new URL(address).pathname).toMatch(/^\/film\/[0-9a-f]{64}$/);
    const askFrom = (from: Page, range?: string): Promise<readonly unknown[]> =>
      from.evaluate(
        async ([to, wanted]) => {
          const headers = wanted === undefined ? {} : { range: wanted };
          const { status, headers: told } = await fetch(to, { headers });
          const names = ["content-range", "content-type", "cache-control", "content-security-policy"];
          return [status, ...names.map((name) => told.get(name))];
        },
        [address, range] as const,
      );
    const guards = ["no-store", "default-src 'none'; sandbox"];
    expect(await askFrom(page, "bytes=0-9")).toEqual([
      206,
      expect.stringMatching(/^bytes 0-9\/\d+$/),
      "video/webm",
      ...guards,
    ]);
    for (const range of ["bytes=5-1", "bytes=0-1,4-5", undefined])
      expect(await askFrom(page, range)).toEqual([
        416,
        expect.stringMatching(/^bytes \*\/\d+$/),
        "text/plain",
        ...guards,
      ]);
    // By itself it is no page, and another page gets nothing of it.
    const other = await context.newPage();
    await other.goto(site.url);
    const nothing = [404, null, "text/plain", ...guards];
    expect(await askFrom(other, "bytes=0-9")).toEqual(nothing);
    await expect(other.goto(address)).rejects.toThrow(/ERR_HTTP_RESPONSE_CODE_FAILURE/);
    await other.close();

    await page.getByRole("button", { name: "Lock", exact: true }).click();
    await heading(page, "Welcome back, viewer");
    expect(await askFrom(page, "bytes=0-9")).toEqual(nothing);
    expect(askedOfFilms()).toEqual([]);
    await context.close();
  },
);

test.skipIf(missing !== undefined)(
  "where a film cannot be played, that is said, and it can be saved",
  slow,
  async () => {
    const { page, context, problems } = await site.newVisitor(wide);
    const words = await seedFilms(page, "unlucky");
    await comeBack(page, "unlucky", words);
    const bubbles = await openChat(page);
    await play(bubbles.nth(2));
    await bubbles
      .nth(2)
      .getByText(/This browser cannot play this video/)
      .waitFor();
    const [saved] = await Promise.all([
      page.waitForEvent("download"),
      bubbles.nth(2).getByRole("button", { name: "Save" }).click(),
    ]);
    expect(saved.suggestedFilename()).toBe("film-2.webm");
    expect(problems()).toEqual([]);

    await play(bubbles.first());
    const video = page.locator("video");
    await expect.poll(() => atSecond(video)).toBeGreaterThan(0.5);
    await context.setOffline(true);
    await video.evaluate((player: HTMLVideoElement) => (player.currentTime = 36));
    await bubbles
      .first()
      .getByText(/The server cannot be reached now/)
      .waitFor();
    await context.setOffline(false);
    await bubbles.first().getByRole("button", { name: "Try again" }).click();
    await expect.poll(() => atSecond(video)).toBeGreaterThan(0.5);
    await context.close();

    // A browser that keeps no app: what is small comes whole, what is large is for saving.
    const bare = await site.newVisitor({ ...wide, serviceWorkers: "block" });
    await bare.page.addInitScript(refuseWorkers);
    await bare.page.reload();
    expect(bare.problems().every((problem) => problem.includes("blocked by Playwright"))).toBe(true);
    await comeBack(bare.page, "unlucky", words);
    const own = await openChat(bare.page);
    await play(own.nth(1));
    await expect.poll(() => atSecond(bare.page.locator("video"))).toBeGreaterThan(0.5);
    await play(own.first());
    await own
      .first()
      .getByText(/too large to be fetched whole/)
      .waitFor();
    const [large] = await Promise.all([
      bare.page.waitForEvent("download"),
      own.first().getByRole("button", { name: "Save" }).click(),
    ]);
    expect((await stat(await large.path())).size).toBeGreaterThan(64 * MIB);
    expect(bare.problems()).toEqual([]);
    expect(askedOfFilms()).toEqual([]);
    await bare.context.close();
  },
);
