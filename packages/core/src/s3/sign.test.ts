import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { textToBytes } from "../base/index.ts";
import { testPrimitives } from "../../testing/primitives.ts";
import {
  canonicalRequest,
  encodePath,
  encodeQuery,
  encodeUri,
  sha256Hex,
  type SigningRequest,
} from "./canonical.ts";
import { signByHeaders, signByUrl, type Signer } from "./sign.ts";

const primitives = await testPrimitives();

/* The examples of "Authenticating Requests (AWS Signature Version 4)" in Amazon S3's API reference. */
const signer: Signer = {
  credentials: {
    accessKeyId: "AKIAIOSFODNN7EXAMPLE",
    secretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
  },
  region: "us-east-1",
  hashing: primitives,
  now: Date.UTC(2013, 4, 24),
};
const nothing = sha256Hex(primitives, new Uint8Array(0));
const example: SigningRequest = {
  method: "GET",
  host: "examplebucket.s3.amazonaws.com",
  path: "/",
  query: [],
  headers: {},
  payloadHash: nothing,
};

const published: readonly (readonly [what: string, request: Partial<SigningRequest>, signature: string])[] = [
  [
    "getting a part of an object",
    { path: "/test.txt", headers: { range: "bytes=0-9" } },
    "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41",
  ],
  [
    "putting an object",
    {
      method: "PUT",
      path: "/test$file.text",
      headers: { date: "Fri, 24 May 2013 00:00:00 GMT", "x-amz-storage-class": "REDUCED_REDUNDANCY" },
      payloadHash: sha256Hex(primitives, textToBytes("Welcome to Amazon S3.")),
    },
    "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd",
  ],
  [
    "a parameter without a value",
    { query: [["lifecycle", ""]] },
    "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543",
  ],
  [
    "listing",
    {
      query: [
        ["prefix", "J"],
        ["max-keys", "2"],
      ],
    },
    "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7",
  ],
];

describe("Signature V4", () => {
  test.each(published)("signs the published example by headers: %s", (_, request, signature) => {
    const { authorization } = signByHeaders({ ...example, ...request }, signer);
    expect(authorization).toContain("Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request");
    expect(authorization).toMatch(new RegExp(`Signature=${signature}$`));
  });

  test("signs the published example by URL", () => {
    const request = { ...example, path: "/test.txt", payloadHash: "UNSIGNED-PAYLOAD" };
    expect(signByUrl(request, signer, 86_400)).toBe(
      "/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404",
    );
  });

  test("signs the token of a key that holds for a while, either way", () => {
    const credentials = { ...signer.credentials, sessionToken: "a/b+c==" };
    const { authorization, ...headers } = signByHeaders(example, { ...signer, credentials });
    expect(headers["x-amz-security-token"]).toBe("a/b+c==");
    expect(authorization).toContain(
      "SignedHeaders=host;x-amz-content-sha256;x-amz-date;x-amz-security-token,",
    );
    expect(signByUrl(example, { ...signer, credentials }, 900)).toContain(
      "X-Amz-Security-Token=a%2Fb%2Bc%3D%3D&",
    );
  });

  test("the order in which headers and parameters are given changes nothing", () => {
    const pairs = fc.uniqueArray(fc.tuple(fc.stringMatching(/^[a-z-]{1,8}$/), fc.string()), {
      selector: ([name]) => name,
    });
    fc.assert(
      fc.property(pairs, (given) => {
        const one = { ...example, headers: Object.fromEntries(given), query: given };
        const two = {
          ...example,
          headers: Object.fromEntries(given.toReversed()),
          query: given.toReversed(),
        };
        expect(canonicalRequest(two)).toBe(canonicalRequest(one));
      }),
    );
  });

  test("runs of spaces in a header count as one", () => {
    const lines = canonicalRequest({ ...example, headers: { "x-amz-meta-a": "  a   b  " } }).split("\n");
    expect(lines).toContain("x-amz-meta-a:a b");
  });
});

describe("the one form of a URL", () => {
  const wellFormed = fc.string({ unit: "binary" }).map((text) => text.toWellFormed());

  test("keeps Chinese, spaces, plus and percent apart", () => {
    expect(encodePath("/聊 天/a+b%2F~_-.txt")).toBe("/%E8%81%8A%20%E5%A4%A9/a%2Bb%252F~_-.txt");
    expect(
      encodeQuery([
        ["prefix", "a b+c"],
        ["Prefix", "é"],
        ["prefix", "a"],
      ]),
    ).toBe("Prefix=%C3%A9&prefix=a&prefix=a%20b%2Bc");
  });

  test("gives back any text", () => {
    fc.assert(
      fc.property(wellFormed, (text) => {
        expect(decodeURIComponent(encodeUri(text))).toBe(text);
        expect(encodeUri(text)).toMatch(/^(?:[A-Za-z0-9\-._~]|%[0-9A-F]{2})*$/);
      }),
    );
  });

  test("is what the platform sends: it alters nothing", () => {
    const part = wellFormed.filter((text) => text !== "" && text !== "." && text !== "..");
    const query = fc.array(fc.tuple(part, wellFormed), { minLength: 1 });
    fc.assert(
      fc.property(fc.array(part), query, (parts, parameters) => {
        const url = `https://s3.example.org${encodePath(`/${parts.join("/")}`)}?${encodeQuery(parameters)}`;
        const isPlain = parts.every((each) => each.split("/").every((piece) => !/^\.{1,2}$/.test(piece)));
        if (isPlain) expect(new URL(url).href).toBe(url);
      }),
    );
  });
});
