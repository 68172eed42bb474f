import { request } from "node:http";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hasS3Service, s3ForTests } from "../../../../tools/parts/ceph.ts";
import { bytesToHex, type Bytes } from "../base/index.ts";
import { nodePrimitives } from "../platform/node/primitives.ts";
import { someBytes } from "../../testing/stores/conformance.ts";
import { newBucket } from "../../testing/stores/s3-buckets.ts";
import { S3Bucket, type PresignedRequest, type S3Options } from "./bucket.ts";

const STARTS_WITHIN_MS = 120_000;
const SIZE = 3000;
const bytes = someBytes(SIZE);
const sha256 = bytesToHex(nodePrimitives.sha256(bytes));

let s3: Awaited<ReturnType<typeof s3ForTests>>;
let options: S3Options;
let bucket: S3Bucket;

const send = (presigned: PresignedRequest, body?: Bytes, headers = presigned.headers): Promise<Response> =>
  fetch(presigned.url, { method: presigned.method, headers, ...(body !== undefined && { body }) });

describe.skipIf(!hasS3Service())("a request that is signed for somebody else", () => {
  beforeAll(async () => {
    s3 = await s3ForTests();
    options = await newBucket(s3.service, nodePrimitives);
    bucket = new S3Bucket(options, nodePrimitives);
  }, STARTS_WITHIN_MS);
  afterAll(async () => s3[Symbol.asyncDispose]());

  test("puts the promised bytes once, and nothing else", async () => {
    const put = bucket.presignPut("packs/a", { sizeBytes: SIZE, sha256 }, 900);
    const altered = bytes.slice();
    altered[7]! ^= 1;
    expect((await send(put, new Uint8Array([...bytes, 0]))).ok).toBe(false);
    expect((await send(put, bytes.slice(1))).ok).toBe(false);
    expect((await send(put, altered)).ok).toBe(false);
    expect((await send(put, bytes, { "if-none-match": "*" })).ok).toBe(false);
    const { "if-none-match": _, ...overwriting } = put.headers;
    expect((await send(put, bytes, overwriting)).ok).toBe(false);
    expect(await bucket.head("packs/a")).toBeUndefined();
    expect((await send(put, bytes)).status).toBe(200);
    expect((await send(put, bytes)).status).toBe(412);
    expect(await bucket.head("packs/a")).toEqual({ sizeBytes: SIZE, sha256 });
  });

  test("gets that object alone, whole or a range", async () => {
    await bucket.put("packs/b", bytes);
    await bucket.put("packs/c", bytes);
    const get = bucket.presignGet("packs/b", 900);
    expect(await (await send(get)).bytes()).toEqual(bytes);
    const part = await send(get, undefined, { range: "bytes=10-19" });
    expect([part.status, await part.bytes()]).toEqual([206, bytes.slice(10, 20)]);
    expect((await fetch(get.url.replace("packs/b", "packs/c"))).status).toBe(403);
    expect((await fetch(get.url, { method: "DELETE" })).status).toBe(403);
    const later = get.url.replace("X-Amz-Expires=900", "X-Amz-Expires=3600");
    expect((await fetch(later)).status).toBe(403);
  });

  test("holds for as long as was said", async () => {
    await bucket.put("packs/d", bytes);
    const clock = { now: () => Date.now() - 1_000_000 };
    const past = new S3Bucket({ ...options, clock }, nodePrimitives);
    expect((await send(past.presignGet("packs/d", 900))).status).toBe(403);
    expect((await send(past.presignGet("packs/d", 1800))).status).toBe(200);
    for (const expiresS of [0, -1, 1.5, 86_400])
      expect(() => bucket.presignGet("packs/d", expiresS)).toThrow(
        expect.objectContaining({ code: "base.invalid" }),
      );
  });

  test("names the bucket before the host where the service wants it there", async () => {
    await bucket.put("packs/念 e", bytes);
    const { port } = new URL(options.endpoint);
    const endpoint = `http://localhost:${port}`;
    const virtual = new S3Bucket({ ...options, endpoint, isVirtual: true }, nodePrimitives);
    const { url } = virtual.presignGet("packs/念 e", 900);
    expect(new URL(url).host).toBe(`${options.bucket}.localhost:${port}`);
    expect(await getFrom("127.0.0.1", url)).toEqual([200, SIZE]);
    expect(await getFrom("127.0.0.1", url.replace("packs", "pack"))).toEqual([403, expect.any(Number)]);
  });
});

/** Asks a URL of a host by its address, since not every system finds names below localhost. */
function getFrom(address: string, url: string): Promise<[status: number | undefined, length: number]> {
  const { port, pathname, search, host } = new URL(url);
  return new Promise((done, failed) => {
    const asked = request({ host: address, port, path: pathname + search, headers: { host } }, (answer) => {
      let length = 0;
      answer.on("data", (chunk: Buffer) => (length += chunk.length));
      answer.on("end", () => done([answer.statusCode, length]));
    });
    asked.on("error", failed);
    asked.end();
  });
}
