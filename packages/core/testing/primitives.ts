import type { ForeignCiphers, Primitives } from "../src/base/index.ts";

/** The primitives of the platform on which the tests run: Node's in Node, the browser's in a browser. */
export async function testPrimitives(): Promise<Primitives> {
  if ("window" in globalThis) {
    const browser = await import("../src/platform/browser/primitives.ts");
    return browser.browserPrimitives();
  }
  const node = await import("../src/platform/node/index.ts");
  return node.nodePrimitives;
}

/** Likewise for what other programs' files need. */
export async function testCiphers(): Promise<ForeignCiphers> {
  if ("window" in globalThis)
    return (await import("../src/platform/browser/foreign-ciphers.ts")).browserCiphers;
  return (await import("../src/platform/node/index.ts")).nodeCiphers;
}
