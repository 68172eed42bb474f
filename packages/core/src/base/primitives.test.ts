import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { testPrimitives } from "../../testing/primitives.ts";
import { bytesToHex, concatBytes, hexToBytes, textToBytes, type Bytes } from "./bytes.ts";
import { KeepsakeError } from "./errors.ts";

/* What the platform gives, against published values: Node and Chromium each run this. */
const primitives = await testPrimitives();
const hex = (digits: string): Bytes => hexToBytes(digits)!;
const someBytes = fc.uint8Array({ maxLength: 300 }).map((bytes) => new Uint8Array(bytes));

describe("SHA-256", () => {
  const abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

  test("gives the value of FIPS 180-4, by every way", () => {
    const bytes = textToBytes("abc");
    expect(bytesToHex(primitives.sha256(bytes))).toBe(abc);
    expect(bytesToHex(primitives.sha256(textToBytes("a"), textToBytes("bc")))).toBe(abc);
    expect(primitives.sha256Text("abc")).toBe(abc);
    expect(bytesToHex(primitives.sha256Stream().update(bytes).digest())).toBe(abc);
    const target = new Uint8Array(32);
    primitives.sha256Into(bytes, target);
    expect(bytesToHex(target)).toBe(abc);
  });

  test("is one function, however its input comes", () => {
    fc.assert(
      fc.property(fc.array(someBytes), (chunks) => {
        const whole = primitives.sha256(concatBytes(...chunks));
        const stream = primitives.sha256Stream();
        for (const chunk of chunks) stream.update(chunk);
        expect(primitives.sha256(...chunks)).toEqual(whole);
        expect(stream.digest()).toEqual(whole);
      }),
    );
  });
});

describe("HMAC-SHA-256", () => {
  // RFC 4231, cases 1 to 3, 6 and 7.
  const cases: readonly [key: Bytes, data: Bytes, mac: string][] = [
    [
      new Uint8Array(20).fill(0x0b),
      textToBytes("Hi There"),
      "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
    ],
    [
      textToBytes("Jefe"),
      textToBytes("what do ya want for nothing?"),
      "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
    ],
    [
      new Uint8Array(20).fill(0xaa),
      new Uint8Array(50).fill(0xdd),
      "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe",
    ],
    [
      new Uint8Array(131).fill(0xaa),
      textToBytes("Test Using Larger Than Block-Size Key - Hash Key First"),
      "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
    ],
    [
      new Uint8Array(131).fill(0xaa),
      textToBytes(
        "This is a test using a larger than block-size key and a larger than block-size data. The key needs to be hashed before being used by the HMAC algorithm.",
      ),
      "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2",
    ],
  ];

  test("gives the values of RFC 4231, in one chunk and in two", () => {
    for (const [key, data, mac] of cases) {
      expect(bytesToHex(primitives.hmacSha256(key, data))).toBe(mac);
      expect(bytesToHex(primitives.hmacSha256(key, data.slice(0, 7), data.slice(7)))).toBe(mac);
    }
  });

  test("is the same for a long chunk as for its pieces", () => {
    const long = primitives.random(50_000);
    const pieces = Array.from({ length: 50 }, (_, i) => long.slice(i * 1000, (i + 1) * 1000));
    const key = primitives.random(32);
    expect(primitives.hmacSha256(key, long)).toEqual(primitives.hmacSha256(key, ...pieces));
  });
});

describe("AES-256-GCM", () => {
  // Case 16 of the specification of GCM.
  const key = hex("feffe9928665731c6d6a8f9467308308".repeat(2));
  const nonce = hex("cafebabefacedbaddecaf888");
  const aad = hex("feedfacedeadbeeffeedfacedeadbeefabaddad2");
  const plain = hex(
    "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72" +
      "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39",
  );
  const sealed =
    "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa" +
    "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662" +
    "76fc6ece0f4e1768cddf8853bb2d551b";

  test("gives the specification's value, whatever pieces the plaintext comes in", async () => {
    for (const cut of [0, 1, 16, 30, plain.length]) {
      const target = new Uint8Array(plain.length + 16);
      await primitives.sealGcm(key, nonce, { pieces: [plain.slice(0, cut), plain.slice(cut)], aad }, target);
      expect(bytesToHex(target)).toBe(sealed);
    }
    expect(await primitives.openGcm(key, nonce, hex(sealed), aad)).toEqual(plain);
  });

  test("opens nothing that was altered", async () => {
    const altered = hex(sealed);
    altered[3]! ^= 1;
    expect(await primitives.openGcm(key, nonce, altered, aad)).toBeUndefined();
    expect(await primitives.openGcm(key, nonce, hex(sealed), plain)).toBeUndefined();
    expect(await primitives.openGcm(key, nonce, new Uint8Array(15), aad)).toBeUndefined();
  });
});

test("a keystream is the same from any block on", async () => {
  const key = primitives.random(32);
  const whole = await primitives.keystream(key, 0, 160);
  expect(await primitives.keystream(key, 3, 64)).toEqual(whole.slice(48, 112));
});

test("zstd gives back what went in, and refuses another size", () => {
  fc.assert(
    fc.property(someBytes, (bytes) => {
      const plain = concatBytes(...Array.from({ length: 20 }, () => bytes));
      const frame = primitives.compress(plain, 3);
      expect(primitives.decompress(frame, plain.length)).toEqual(plain);
      expect(() => primitives.decompress(frame, plain.length + 1)).toThrow(KeepsakeError);
    }),
  );
});
