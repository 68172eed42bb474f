import { describe, expect, test } from "vitest";
import { bytesToHex, concatBytes, textToBytes } from "../base/index.ts";
import { testPrimitives } from "../../testing/primitives.ts";
import { newKeyToken, requireUnwrapped, wrapBytes } from "./key-tokens.ts";

const primitives = await testPrimitives();
const token = Uint8Array.from({ length: 32 }, (_, i) => i);
const wrapping = { token, vault: "0123456789abcdefghijklmnop", name: "packs/a" };

describe("what is wrapped under a key token", () => {
  test("has the bytes that the protocol says", async () => {
    const stream = await wrapBytes(primitives, wrapping, { bytes: new Uint8Array(32), offset: 0 });
    expect(bytesToHex(stream)).toBe("596d9aadd7f1b1a5f6e40e1e1753fde04ebb5c89e1aed41652fce1f0a9b7b6f9");
  });

  test("unwraps from any place on, and is other bytes for another token, vault or name", async () => {
    const bytes = concatBytes(textToBytes("KPSK"), new Uint8Array([1, 1, 0x50, 0]), primitives.random(5000));
    const wrapped = await wrapBytes(primitives, wrapping, { bytes, offset: 0 });
    expect(wrapped.length).toBe(bytes.length);
    for (const offset of [0, 1, 15, 16, 17, 4096, 5007]) {
      const part = { bytes: wrapped.slice(offset), offset };
      expect(await wrapBytes(primitives, wrapping, part)).toEqual(bytes.slice(offset));
    }
    const others = [{ token: newKeyToken(primitives) }, { vault: "b" }, { name: "packs/b" }];
    for (const other of others) {
      const wrong = await wrapBytes(primitives, { ...wrapping, ...other }, { bytes: wrapped, offset: 0 });
      expect(() => requireUnwrapped(wrong)).toThrow(
        expect.objectContaining({ code: "server.bad-key-token" }) as Error,
      );
    }
    expect(() => requireUnwrapped(bytes)).not.toThrow();
  });
});
