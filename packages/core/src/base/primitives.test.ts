import { ed25519 as curve } from "@noble/curves/ed25519.js";
import { sha512 } from "@noble/hashes/sha2.js";
import { ml_kem768_x25519 as xWing } from "@noble/post-quantum/hybrid.js";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { testPrimitives } from "../../testing/primitives.ts";
import { bytesToHex, concatBytes, hexToBytes, release, textToBytes, type Bytes } from "./bytes.ts";
import { KeepsakeError } from "./errors.ts";

/* What the platform gives, against published values: Node and Chromium each run this. */
const primitives = await testPrimitives();
const hex = (digits: string): Bytes => hexToBytes(digits)!;
const someBytes = fc.uint8Array({ maxLength: 300 }).map((bytes) => new Uint8Array(bytes));

describe("SHA-256", () => {
  const abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

  test("gives the value of FIPS 180-4, by every way", async () => {
    const bytes = textToBytes("abc");
    expect(bytesToHex(primitives.sha256(bytes))).toBe(abc);
    expect(bytesToHex(primitives.sha256(textToBytes("a"), textToBytes("bc")))).toBe(abc);
    expect(primitives.sha256Text("abc")).toBe(abc);
    expect(bytesToHex(await primitives.sha256Long(bytes))).toBe(abc);
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
      expect(primitives.decompress([{ bytes: frame, size: plain.length }])).toEqual(plain);
      for (const size of [plain.length + 1, plain.length - 1])
        expect(() => primitives.decompress([{ bytes: frame, size }])).toThrow(KeepsakeError);
    }),
  );
});

test("zstd frames give back what went in, one after the other, and none goes on in the next one", () => {
  fc.assert(
    fc.property(fc.array(someBytes, { maxLength: 5 }), fc.nat(4), (plains, place) => {
      const frames = plains.map((plain) => {
        return { bytes: primitives.compress(plain, 3), size: plain.length };
      });
      expect(primitives.decompress(frames)).toEqual(concatBytes(...plains));
      const [first, second] = [frames[place], frames[place + 1]];
      if (first === undefined || second === undefined) return;
      for (const moved of [1, 5, second.bytes.length]) {
        const longer = concatBytes(first.bytes, second.bytes.subarray(0, moved));
        const shorter = second.bytes.subarray(moved);
        const others = [
          { ...first, bytes: longer },
          { ...second, bytes: shorter },
        ];
        expect(() => primitives.decompress(frames.toSpliced(place, 2, ...others))).toThrow(KeepsakeError);
      }
      const cut = { ...first, bytes: first.bytes.subarray(0, -1) };
      expect(() => primitives.decompress([cut])).toThrow(KeepsakeError);
    }),
  );
});

test("what was opened or decompressed lies in memory of its own, which can be given back", async () => {
  const [key, nonce, aad] = [primitives.random(32), primitives.random(12), new Uint8Array(0)];
  for (const size of [1, 100, 4096, 5000, 20_000, 100_000]) {
    const plain = new Uint8Array(size).fill(7);
    const sealed = new Uint8Array(size + 16);
    await primitives.sealGcm(key, nonce, { pieces: [plain], aad }, sealed);
    const opened = (await primitives.openGcm(key, nonce, sealed, aad))!;
    const frame = { bytes: primitives.compress(plain, 3), size };
    for (const bytes of [opened, primitives.decompress([frame]), primitives.decompress([frame, frame])]) {
      expect(bytes.buffer.byteLength).toBe(bytes.length);
      release(bytes);
      if (size >= 4096) expect(bytes.length).toBe(0);
    }
  }
});

describe("Ed25519", () => {
  // RFC 8032, 7.1, tests 1 to 3.
  const cases = [
    {
      seed: "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
      publicKey: "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
      message: "",
      signature:
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    },
    {
      seed: "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
      publicKey: "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
      message: "72",
      signature:
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    },
    {
      seed: "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
      publicKey: "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
      message: "af82",
      signature:
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    },
  ] as const;
  const { ed25519 } = primitives;

  test("gives the values of RFC 8032", async () => {
    for (const { seed, publicKey, message, signature } of cases) {
      expect(bytesToHex(await ed25519.publicKey(hex(seed)))).toBe(publicKey);
      expect(bytesToHex(await ed25519.sign(hex(message), hex(seed)))).toBe(signature);
      expect(await ed25519.verify(hex(signature), hex(message), hex(publicKey))).toBe(true);
    }
  });

  test("takes no signature, message or key with a bit flipped, nor what is none", async () => {
    const { seed, publicKey, message, signature } = cases[2];
    const whole = [hex(signature), hex(message), hex(publicKey)] as const;
    for (const [part, bytes] of whole.entries()) {
      for (let bit = 0; bit < bytes.length * 8; bit++) {
        const flipped = bytes.slice();
        flipped[bit >> 3]! ^= 1 << (bit & 7);
        const [s, m, k] = whole.map((each, i) => (i === part ? flipped : each)) as [Bytes, Bytes, Bytes];
        expect(await ed25519.verify(s, m, k)).toBe(false);
      }
    }
    expect(await ed25519.verify(new Uint8Array(64), whole[1], whole[2])).toBe(false);
    expect(await ed25519.verify(whole[0].slice(1), whole[1], whole[2])).toBe(false);
    expect(await ed25519.verify(whole[0], whole[1], new Uint8Array(32).fill(0xff))).toBe(false);
    expect(await ed25519.verify(whole[0], whole[1], (await ed25519.publicKey(hex(seed))).slice(1))).toBe(
      false,
    );
  });

  test("refuses keys of small order and keys written in a second way", async () => {
    const [identity, orderEight] = [
      `01${"00".repeat(31)}`,
      "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    ];
    const signature = hex(identity + "00".repeat(32));
    // For the first, OpenSSL takes this signature of any message; the last two are the first with p added, or its sign.
    for (const key of [identity, orderEight, `ee${"ff".repeat(30)}7f`, `01${"00".repeat(30)}80`])
      for (const message of ["", "00", "01", "02", "03", "04", "05", "06", "07"])
        expect(await ed25519.verify(signature, hex(message), hex(key))).toBe(false);
  });

  test("takes a signature whose point has a part of small order, which only its signer can make", async () => {
    const { Point } = curve;
    const order = Point.Fn.ORDER;
    const [secret, nonce, message] = [0x1234_5678n, 0x9abc_def0n, textToBytes("kept")];
    const orderEight = Point.fromHex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a");
    const key = new Uint8Array(Point.BASE.multiply(secret).toBytes());
    const mixed = new Uint8Array(Point.BASE.multiply(nonce).add(orderEight).toBytes());
    const hashed = sha512(concatBytes(mixed, key, message)).toReversed();
    const scalar = (nonce + (BigInt(`0x${bytesToHex(hashed)}`) % order) * secret) % order;
    const signature = concatBytes(mixed, hex(scalar.toString(16).padStart(64, "0")).toReversed());
    expect(await ed25519.verify(signature, message, key)).toBe(true);
  });
});

describe("X-Wing", () => {
  // The first test vector of draft-connolly-cfrg-xwing-kem.
  const seed = hex("7f9c2ba4e88f827d616045507605853ed73b8093f6efbc88eb1a6eacfa66ef26");
  const randomness = hex(
    "3cb1eea988004b93103cfb0aeefd2a686e01fa4a58e8a3639ca8a1e3f9ae57e2" +
      "35b8cc873c23dc62b8d260169afa2f75ab916a58d974918835d25e6a435085b2",
  );
  const shared = "d2df0522128f09dd8e2c92b1e905c793d8f57a54c3da25861f10bf4ca613e384";

  test("gives the draft's value", async () => {
    const { cipherText, sharedSecret } = xWing.encapsulate(
      await primitives.xWing.publicKey(seed),
      randomness,
    );
    expect(bytesToHex(sharedSecret)).toBe(shared);
    expect(bytesToHex(await primitives.xWing.sharedSecret(seed, new Uint8Array(cipherText)))).toBe(shared);
  });

  test("opens what is sealed to its key, and with another key or text gives another secret", async () => {
    for (let run = 0; run < 20; run++) {
      const own = primitives.random(32);
      const sealed = xWing.encapsulate(await primitives.xWing.publicKey(own), primitives.random(64));
      const cipherText = new Uint8Array(sealed.cipherText);
      expect(await primitives.xWing.sharedSecret(own, cipherText)).toEqual(
        new Uint8Array(sealed.sharedSecret),
      );
      expect(await primitives.xWing.sharedSecret(seed, cipherText)).not.toEqual(
        new Uint8Array(sealed.sharedSecret),
      );
      cipherText[run * 50]! ^= 1;
      expect(await primitives.xWing.sharedSecret(own, cipherText)).not.toEqual(
        new Uint8Array(sealed.sharedSecret),
      );
    }
  });
});
