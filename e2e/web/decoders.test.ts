import { afterAll, beforeAll, expect, test } from "vitest";
import type { Bytes } from "../../packages/core/src/base/index.ts";
import { sample, silkVoice, wxgfOf } from "../../packages/core/src/media/fixtures/made.ts";
import { playable } from "../../packages/core/src/media/index.ts";
import { readHashes } from "../../tools/web/build.ts";
import { builtWeb } from "../../tools/web/built.ts";
import { missing, startSite, type Site } from "./browsing.ts";

let site: Site;
beforeAll(async () => {
  if (missing === undefined) site = await startSite();
}, 120_000);
afterAll(() => site?.[Symbol.asyncDispose]());

const files: Readonly<Record<string, () => Promise<Bytes> | Bytes>> = {
  "a voice in SILK": () => silkVoice(500),
  "a voice in AMR": () => sample("amr"),
  "a picture in HEVC": () => wxgfOf(sample("picture")),
};

const PNG_HEADER_BYTES = 33;

test.skipIf(missing !== undefined).each(Object.entries(files))(
  "%s becomes the same in the worker, under the policy, as it does here",
  async (_, read) => {
    const { page, context, problems } = await site.newVisitor();
    await page.waitForSelector("h1");
    const built = await readHashes(await builtWeb());
    const scripts = Object.keys(built.files).filter((path) => /^assets\/media-[\w-]{8}\.js$/.test(path));
    const file = await read();
    const expected = await playable(file);
    if (expected?.state !== "made") throw new RangeError(expected?.state);
    // As text: the tests' own bundler would have the import for itself.
    const made = await page.workers()[0]!.evaluate(`(async () => {
      for (const script of ${JSON.stringify(scripts)}) {
        const { playable } = await import("/" + script);
        // What a debugger waits for is no longer its own.
        await new Promise((done) => setTimeout(done));
        if (playable === undefined) continue;
        const result = await playable(Uint8Array.from(${JSON.stringify([...file])}));
        return [...result.bytes];
      }
    })()`);
    expect(problems()).toEqual([]);
    // Browsers compress pictures in their own way: what is compared is the kind and the size.
    const length = expected.mime === "image/png" ? PNG_HEADER_BYTES : expected.bytes.length;
    expect((made as number[]).slice(0, length)).toEqual([...expected.bytes.subarray(0, length)]);
    await context.close();
  },
);
