import { createHash, randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { nodePrimitives } from "@keepsake/core/node/primitives";
import { newBucket } from "../../../core/testing/stores/s3-buckets.ts";
import { hasS3Service, s3ForTests } from "../../../../tools/parts/ceph.ts";
import { blobsConformance } from "../../testing/blobs-conformance.ts";
import type { Blobs } from "./blobs.ts";
import { s3Blobs } from "./s3.ts";

describe.skipIf(!hasS3Service())("on S3", () => {
  let shared: Awaited<ReturnType<typeof s3ForTests>>;
  beforeAll(async () => void (shared = await s3ForTests()), 120_000);
  afterAll(() => shared[Symbol.asyncDispose]());
  const make = async (): Promise<Blobs> => s3Blobs(await newBucket(shared.service, nodePrimitives));

  blobsConformance("a bucket", make, { isResumable: false });

  test("clients send by signed requests, and nothing but what was announced", async () => {
    const blobs = await make();
    const bytes = randomBytes(100_000);
    const expected = { sizeBytes: bytes.length, sha256: createHash("sha256").update(bytes).digest("hex") };
    const { url, method, headers } = await blobs.direct!.uploadRequest("abc", expected, 60_000);
    for (const other of [randomBytes(100_000), bytes.subarray(1), Buffer.concat([bytes, bytes])])
      expect((await fetch(url, { method, headers, body: other })).status).toBeGreaterThanOrEqual(400);
    expect(await blobs.has("abc", expected)).toBe(false);
    expect((await fetch(url, { method, headers, body: bytes })).status).toBe(200);
    expect(await blobs.has("abc", expected)).toBe(true);
    const tampered = url.replace("/abc", "/abd");
    expect((await fetch(tampered, { method, headers, body: bytes })).status).toBeGreaterThanOrEqual(400);
  });
});
