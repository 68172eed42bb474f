import { afterAll, beforeAll, expect, test } from "vitest";
import { missing, startSite, type Site } from "./browsing.ts";

/** On a busy machine. */
const patience = { timeout: 20_000 };

let site: Site;
beforeAll(async () => {
  if (missing === undefined) site = await startSite();
}, 120_000);
afterAll(() => site?.[Symbol.asyncDispose]());

test.skipIf(missing !== undefined)(
  "the app follows the theme, fits a phone, and asks nobody else",
  async () => {
    for (const [colorScheme, paper] of [
      ["light", "rgb(250, 249, 246)"],
      ["dark", "rgb(21, 24, 26)"],
    ] as const) {
      const { page, context, problems } = await site.newVisitor({ colorScheme, locale: "zh-CN" });
      await page.waitForSelector("h1");
      const seen = await page.evaluate(() => ({
        heading: document.querySelector("h1")?.textContent,
        paper: getComputedStyle(document.body).backgroundColor,
        isScrolledSideways: document.documentElement.scrollWidth > innerWidth,
        isIsolated: crossOriginIsolated,
      }));
      expect(seen).toEqual({ heading: "念存", paper, isScrolledSideways: false, isIsolated: true });
      expect(problems()).toEqual([]);
      await context.close();
    }
  },
);

/** Makes code of text, as soon as no debugger runs it any more, who may do it. */
function codeOfText(): void {
  // oxlint-disable-next-line typescript/no-implied-eval -- what is to be refused
  setTimeout(() => new Function("globalThis.isTheirs = true")());
}

/** What somebody who got a script of theirs to run, or markup of theirs onto the page, could try. */
const tries: Readonly<Record<string, readonly [run: () => unknown, says: RegExp]>> = {
  "markup made of text": [
    () => {
      document.body.innerHTML = "<img>";
    },
    /refused: require-trusted-types-for/,
  ],
  "another policy of trusted types": [
    () => {
      (
        globalThis as unknown as { trustedTypes: { createPolicy: (name: string, rules: object) => void } }
      ).trustedTypes.createPolicy("theirs", {});
    },
    /refused: trusted-types/,
  ],
  "a script in the page": [
    () => {
      const script = document.createElement("script");
      script.append("globalThis.isTheirs = true");
      document.head.append(script);
    },
    /refused: /,
  ],
  "code made of text": [codeOfText, /refused: /],
  "a style in the page": [
    () =>
      document.head.append(
        Object.assign(document.createElement("style"), { textContent: "p { color: red }" }),
      ),
    /refused: style-src-elem inline/,
  ],
  "a request to somebody else": [
    () => void fetch("https://other.example/").catch(() => undefined),
    /refused: connect-src https:\/\/other\.example/,
  ],
  "a picture from somebody else": [
    () => void Object.assign(new Image(), { src: "https://other.example/a.png" }),
    /refused: img-src https:\/\/other\.example/,
  ],
  "a frame": [
    () => document.body.append(Object.assign(document.createElement("iframe"), { src: "/docs" })),
    /refused: frame-src/,
  ],
  "a worker of theirs": [
    () => new Worker(URL.createObjectURL(new Blob(["1"]))),
    /refused: require-trusted-types-for/,
  ],
  "a form": [
    () => {
      const form = Object.assign(document.createElement("form"), { action: "/v1/server", method: "post" });
      document.body.append(form);
      form.submit();
    },
    /refused: form-action/,
  ],
};

test.skipIf(missing !== undefined).each(Object.entries(tries))(
  "%s is refused, and seen by these tests",
  async (_, [run, says]) => {
    const { page, context, problems } = await site.newVisitor();
    await page.waitForSelector("h1");
    expect(problems()).toEqual([]);
    await page.evaluate(run).catch(() => undefined);
    await expect.poll(() => problems().join("\n"), patience).toMatch(says);
    expect(await page.evaluate(() => "isTheirs" in globalThis)).toBe(false);
    await context.close();
  },
);

test.skipIf(missing !== undefined)("what the worker tries is refused and seen just the same", async () => {
  const { page, context, problems } = await site.newVisitor();
  await page.waitForSelector("h1");
  const [worker] = page.workers();
  expect(problems()).toEqual([]);
  await worker!.evaluate(() => void fetch("https://other.example/").catch(() => undefined));
  await expect.poll(() => problems().join("\n"), patience).toMatch(/https:\/\/other\.example/);
  await worker!.evaluate(codeOfText);
  await expect.poll(() => problems().join("\n"), patience).toMatch(/error|thrown/);
  await worker!.evaluate(() => void setTimeout(() => reportError(new TypeError("a planted fault"))));
  await expect.poll(() => problems().join("\n"), patience).toMatch(/a planted fault/);
  expect(await worker!.evaluate(() => "isTheirs" in globalThis)).toBe(false);
  await context.close();
});
