import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hasS3Service, s3ForTests } from "../../../../tools/parts/ceph.ts";
import { bytesToHex, eachBounded, type Bytes } from "../base/index.ts";
import { nodePrimitives } from "../platform/node/primitives.ts";
import { listed, someBytes, storeConformance } from "../../testing/stores/conformance.ts";
import { newBucket, setPolicy, setVersioning } from "../../testing/stores/s3-buckets.ts";
import { S3Bucket, type S3Options } from "./bucket.ts";
import { holdsOtherThings, requireExclusivePuts } from "./probe.ts";
import { s3Store } from "./store.ts";

const STARTS_WITHIN_MS = 120_000;

let s3: Awaited<ReturnType<typeof s3ForTests>>;
let shared: S3Options;
let folders = 0;

/** A folder of the bucket that no other test uses. */
function fresh(change: Partial<S3Options> = {}): S3Options {
  return { ...shared, prefix: `念 存/${++folders}+%/`, ...change };
}

describe.skipIf(!hasS3Service())("a bucket of Ceph", () => {
  beforeAll(async () => {
    s3 = await s3ForTests();
    shared = await newBucket(s3.service, nodePrimitives);
  }, STARTS_WITHIN_MS);
  afterAll(async () => s3[Symbol.asyncDispose]());

  storeConformance("a bucket", () => s3Store(fresh(), nodePrimitives));

  test("of forty puts of one name at once, exactly one is stored, sixty times over", async () => {
    const store = s3Store(fresh(), nodePrimitives);
    for (let round = 0; round < 60; round++) {
      const name = `heads/${round}`;
      const bodies = Array.from({ length: 40 }, (_, i) => someBytes(1000, i));
      const outcomes = await Promise.all(bodies.map((body) => store.put(name, body)));
      expect(outcomes.filter((outcome) => outcome === "stored")).toHaveLength(1);
      expect(await store.get(name)).toEqual(bodies[outcomes.indexOf("stored")]);
    }
  });

  test("passes the trial of exclusive puts, which leaves nothing", async () => {
    const options = fresh();
    await requireExclusivePuts(options, nodePrimitives);
    expect((await new S3Bucket(options, nodePrimitives).list({ prefix: "" })).objects).toEqual([]);
  });

  test("lists more than one page, in order, each name once", { timeout: 120_000 }, async () => {
    const store = s3Store(fresh(), nodePrimitives);
    const names = Array.from({ length: 1_050 }, (_, i) => `packs/${i}`);
    await eachBounded(names, 16, async (name) => void (await store.put(name, someBytes(1))));
    expect(await listed(store)).toEqual(names.toSorted());
  });

  test("holds a store in each folder, and leaves what is none of it alone", async () => {
    const [one, two] = [fresh(), fresh()];
    const stores = [s3Store(one, nodePrimitives), s3Store(two, nodePrimitives)] as const;
    await stores[0].put("packs/a", someBytes(3));
    expect(await stores[1].get("packs/a")).toBeUndefined();
    expect(await listed(stores[1])).toEqual([]);
    expect(await holdsOtherThings(one, nodePrimitives)).toBe(false);
    const bucket = new S3Bucket(one, nodePrimitives);
    await bucket.put("packs/照片 1.jpg", someBytes(3));
    expect(await holdsOtherThings(one, nodePrimitives)).toBe(false);
    await bucket.put("a/b", someBytes(3));
    expect(await holdsOtherThings(one, nodePrimitives)).toBe(true);
    expect(await listed(stores[0])).toEqual(["packs/a"]);
  });

  test("says of an object how long it is and what its digest is, without giving it", async () => {
    const bucket = new S3Bucket(fresh(), nodePrimitives);
    const bytes = someBytes(70_000);
    await bucket.put("packs/a", bytes);
    expect(await bucket.head("packs/a")).toEqual({ sizeBytes: 70_000, sha256: digestOf(bytes) });
    expect(await bucket.head("packs/b")).toBeUndefined();
    await bucket.put("packs/empty", someBytes(0));
    expect((await bucket.head("packs/empty"))?.sizeBytes).toBe(0);
  });

  test("a clock that is wrong is set by the service's", async () => {
    for (const wrongMs of [-7_200_000, 7_200_000]) {
      const clock = { now: () => Date.now() + wrongMs };
      const store = s3Store(fresh({ clock }), nodePrimitives);
      expect(await store.put("packs/a", someBytes(5))).toBe("stored");
      expect(await store.get("packs/a")).toEqual(someBytes(5));
    }
  });

  test("says what is wrong: key, bucket, permission, nobody there", async () => {
    const wrong = async (change: Partial<S3Options>): Promise<unknown> =>
      s3Store(fresh(change), nodePrimitives)
        .get("packs/a")
        .catch((error: unknown) => error);
    const { owner, guest } = s3.service;
    const key = { code: "store.wrong-key", retry: "never" };
    expect(await wrong({ credentials: { ...owner, secretAccessKey: "x" } })).toMatchObject(key);
    expect(await wrong({ credentials: { ...owner, accessKeyId: "x" } })).toMatchObject(key);
    expect(await wrong({ credentials: guest })).toMatchObject({ code: "store.denied", retry: "never" });
    expect(await wrong({ bucket: "there-is-none" })).toMatchObject({ code: "store.no-bucket" });
    expect(await wrong({ endpoint: "http://127.0.0.1:2" })).toMatchObject({
      code: "store.unavailable",
      retry: "later",
      details: { error: "ECONNREFUSED" },
    });
  });

  test("is no store while it keeps old versions, where the service then forgets what was asked", async () => {
    const options = await newBucket(s3.service, nodePrimitives);
    await requireExclusivePuts(options, nodePrimitives);
    await setVersioning(s3.service, nodePrimitives, options.bucket);
    const unsafe = { code: "store.unsafe" };
    await expect(requireExclusivePuts(options, nodePrimitives)).rejects.toMatchObject(unsafe);
    const store = s3Store(options, nodePrimitives);
    await expect(store.put("heads/1", someBytes(3))).rejects.toMatchObject(unsafe);
  });

  test("works with the least permissions, and not with one less", async () => {
    const { bucket } = await newBucket(s3.service, nodePrimitives);
    const everything = ["s3:ListBucket", "s3:GetObject", "s3:PutObject", "s3:DeleteObject"];
    const allow = (actions: readonly string[]): Promise<void> =>
      setPolicy(s3.service, nodePrimitives, {
        bucket,
        statements: [
          {
            Effect: "Allow",
            Principal: { AWS: ["arn:aws:iam:::user/guest"] },
            Action: actions,
            Resource: [`arn:aws:s3:::${bucket}`, `arn:aws:s3:::${bucket}/vault/*`],
          },
        ],
      });
    const options = { ...shared, bucket, prefix: "vault/", credentials: s3.service.guest };
    const store = s3Store(options, nodePrimitives);
    // What somebody put, they may read all the same.
    await s3Store({ ...options, credentials: s3.service.owner }, nodePrimitives).put("packs/b", someBytes(4));
    const useAll = async (): Promise<string> => {
      await requireExclusivePuts(options, nodePrimitives);
      await store.put("packs/a", someBytes(3));
      await listed(store);
      expect(await store.get("packs/b")).toEqual(someBytes(4));
      expect(await store.get("packs/none")).toBeUndefined();
      await store.remove("packs/a");
      return "done";
    };
    await allow(everything);
    expect(await useAll()).toBe("done");
    for (const left of everything) {
      await allow(everything.filter((action) => action !== left));
      await expect(useAll()).rejects.toMatchObject({ code: "store.denied" });
    }
  });
});

function digestOf(bytes: Bytes): string {
  return bytesToHex(nodePrimitives.sha256(bytes));
}
