import { expect } from "vitest";
import type { Begun } from "../../src/billing/providers/provider.ts";
import type { Deed, Simulator } from "../../src/billing/simulators/simulator.ts";

/**
 * What a person does with a purchase that has begun: opens the page and presses a button. Gives what the page says
 * afterwards; of a phone's store, the receipt that the app gets.
 */
export async function person(
  simulator: Simulator,
  next: Begun["next"],
  deed: Deed,
): Promise<{ readonly text: string; readonly receipt: string | undefined }> {
  const page = await open(simulator, next);
  const html = await page.text();
  expect(html).toMatch(/TEST/);
  expect(page.headers.get("content-security-policy")).toMatch(/^default-src 'none'/);
  const action = new RegExp(`action="([^"]*/${deed})"`).exec(html)?.[1] ?? "nowhere";
  const done = await fetch(new URL(action, page.url), { method: "POST" });
  const text = await done.text();
  return { text, receipt: /<output>([^<]+)<\/output>/.exec(text)?.[1] };
}

function open(simulator: Simulator, next: Begun["next"]): Promise<Response> {
  switch (next.how) {
    case "redirect":
      return fetch(next.url);
    case "qr":
      return fetch(next.text);
    case "inside":
      return fetch(`${simulator.url}/test/inside?${new URLSearchParams(next.parameters).toString()}`);
    case "store":
      return fetch(
        `${simulator.url}/test/store?${new URLSearchParams({ product: next.product, token: next.token }).toString()}`,
      );
    case "transfer":
    case "nothing":
      throw new TypeError("no page");
  }
}
