import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { KeepsakeError, textToBytes, type Bytes } from "../../base/index.ts";
import { testPrimitives } from "../../../testing/primitives.ts";
import { isCompressible, packContent, unpackContent } from "./content.ts";
import { openedLength, openObject, sealedLength, sealObject, type ObjectContext } from "./object.ts";

const primitives = await testPrimitives();
const key = new Uint8Array(32).fill(7);
const context: ObjectContext = {
  type: "lane",
  vaultId: new Uint8Array(16).fill(1),
  collection: new Uint8Array(16).fill(2),
  epoch: 3,
  id: textToBytes("id"),
};

const seal = (plain: Bytes): Promise<Bytes> => sealObject(primitives, key, { context, plain: [plain] });
const open = (object: Bytes, as: ObjectContext = context): Promise<Bytes> =>
  openObject(primitives, key, as, object);

describe("a sealed object", () => {
  test("opens to what was sealed, at every boundary of frames", async () => {
    for (const length of [0, 1, 65535, 65536, 65537, 131072, 200_000]) {
      const plain = primitives.random(length);
      const object = await seal(plain);
      expect(object.length).toBe(sealedLength({ plain: [plain] }));
      expect(openedLength(object.length)).toBe(length);
      expect(await open(object)).toEqual(plain);
    }
  });

  test("fails with every bit flipped", async () => {
    const object = await seal(textToBytes("a short message"));
    for (let bit = 0; bit < object.length * 8; bit++) {
      const altered = object.slice();
      altered[bit >> 3]! ^= 1 << (bit & 7);
      await expect(open(altered)).rejects.toMatchObject({ code: "vault.corrupt" });
    }
  });

  test("fails when cut, extended, or with frames dropped, doubled or in another order", async () => {
    const object = await seal(primitives.random(3 * 65536));
    const prefix = object.slice(0, 64);
    const frames = [0, 1, 2].map((i) => object.slice(64 + i * 65552, 64 + (i + 1) * 65552));
    const join = (...order: number[]): Bytes =>
      new Uint8Array([...prefix, ...order.flatMap((i) => [...frames[i]!])]);
    expect(await open(join(0, 1, 2))).toHaveLength(3 * 65536);
    for (const order of [[0, 1], [0, 2], [2], [1, 0, 2], [0, 0, 1, 2], [0, 1, 2, 2], [0, 1, 2, 0]]) {
      await expect(open(join(...order))).rejects.toThrow(KeepsakeError);
    }
    await expect(open(object.slice(0, -1))).rejects.toThrow(KeepsakeError);
    await expect(open(new Uint8Array([...object, 0]))).rejects.toThrow(KeepsakeError);
  });

  test("fails under any other type, vault, collection, epoch or id", async () => {
    const object = await seal(textToBytes("bound"));
    const others: Partial<ObjectContext>[] = [
      { type: "root" },
      { vaultId: new Uint8Array(16).fill(9) },
      { collection: new Uint8Array(16) },
      { epoch: 4 },
      { id: textToBytes("ie") },
      { id: textToBytes("i") },
    ];
    for (const other of others)
      await expect(open(object, { ...context, ...other })).rejects.toThrow(KeepsakeError);
  });

  test("never repeats a key: the same bytes sealed twice share nothing", async () => {
    const plain = primitives.random(1000);
    const [a, b] = [await seal(plain), await seal(plain)];
    expect(a.slice(0, 32)).not.toEqual(b.slice(0, 32));
    expect(a.slice(64)).not.toEqual(b.slice(64));
  });
});

describe("content", () => {
  test("comes back the same, whatever its splits", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 3000 }), fc.array(fc.nat(3000)), (bytes, cuts) => {
        const plain = new Uint8Array(bytes);
        const splits = cuts.map((cut) => Math.min(cut, plain.length)).sort((a, b) => a - b);
        const content = packContent(primitives, plain, { splits });
        expect(unpackContent(primitives, content, plain.length)).toEqual(plain);
      }),
    );
  });

  test("longer than the limit is refused before it is opened", () => {
    const content = packContent(primitives, new Uint8Array(10_000));
    expect(() => unpackContent(primitives, content, 9_999)).toThrow(KeepsakeError);
  });

  test("damaged is refused", () => {
    const content = packContent(primitives, new Uint8Array(10_000).fill(5));
    for (let i = 0; i < 13; i++) {
      const altered = content.slice();
      altered[i]! ^= 0x40;
      expect(() => unpackContent(primitives, altered, 1_000_000)).toThrow(KeepsakeError);
    }
  });

  test("random bytes are not worth compressing, text is", () => {
    expect(isCompressible(primitives, primitives.random(100_000))).toBe(false);
    expect(isCompressible(primitives, textToBytes("hello ".repeat(20_000)))).toBe(true);
  });
});
