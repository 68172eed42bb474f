import { concatBytes, textToBytes, u32ToBytes, type Bytes, type Primitives } from "../../src/base/index.ts";

/**
 * Primitives whose randomness is a known stream: SHA-256 of the label and a counter, block after block. For vectors
 * and golden files only.
 */
export function counterPrimitives(primitives: Primitives, label: string): Primitives {
  const prefix = textToBytes(`${label} `);
  let block = 0;
  let rest: Bytes = new Uint8Array(0);
  return {
    ...primitives,
    random(length) {
      const blocks = [rest];
      for (let have = rest.length; have < length; have += 32) {
        blocks.push(primitives.sha256(prefix, u32ToBytes(block++)));
      }
      const all = concatBytes(...blocks);
      rest = all.slice(length);
      return all.slice(0, length);
    },
  };
}
