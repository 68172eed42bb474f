/** How often a property that takes long is tried: a browser, where each try takes several times as long, tries fewer. */
export function runs(count: number): number {
  return "document" in globalThis ? Math.ceil(count / 4) : count;
}
