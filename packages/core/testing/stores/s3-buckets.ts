import { expect } from "vitest";
import { bytesToHex, textToBytes, type Primitives } from "../../src/base/index.ts";
import type { S3Credentials, S3Options } from "../../src/s3/index.ts";
import { encodePath, encodeQuery, sha256Hex } from "../../src/s3/canonical.ts";
import { signByHeaders } from "../../src/s3/sign.ts";

/** A service in which tests make buckets of their own. */
export interface BucketMaker {
  readonly endpoint: string;
  readonly region: string;
  readonly owner: S3Credentials;
}

/** A new and empty bucket, of which the service's owner may do everything. */
export async function newBucket(service: BucketMaker, primitives: Primitives): Promise<S3Options> {
  const bucket = `test-${bytesToHex(primitives.random(10))}`;
  await ask(service, primitives, { method: "PUT", bucket });
  const { endpoint, region, owner: credentials } = service;
  return { endpoint, region, bucket, prefix: "", isVirtual: false, credentials };
}

/** Says who else may do what in a bucket. */
export async function setPolicy(
  service: BucketMaker,
  primitives: Primitives,
  policy: { readonly bucket: string; readonly statements: readonly object[] },
): Promise<void> {
  const { bucket, statements } = policy;
  const body = JSON.stringify({ Version: "2012-10-17", Statement: statements });
  await ask(service, primitives, { method: "PUT", bucket, parameter: "policy", body });
}

/** Lets a bucket keep old versions of its objects. */
export async function setVersioning(
  service: BucketMaker,
  primitives: Primitives,
  bucket: string,
): Promise<void> {
  const body = "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>";
  await ask(service, primitives, { method: "PUT", bucket, parameter: "versioning", body });
}

interface Asked {
  readonly method: string;
  readonly bucket: string;
  readonly parameter?: string;
  readonly body?: string;
}

async function ask(
  { endpoint, region, owner: credentials }: BucketMaker,
  primitives: Primitives,
  { method, bucket, parameter, body = "" }: Asked,
): Promise<void> {
  const path = `/${bucket}`;
  const query = parameter === undefined ? [] : ([[parameter, ""]] as const);
  const { host } = new URL(endpoint);
  const payloadHash = sha256Hex(primitives, textToBytes(body));
  const request = { method, host, path, query, headers: {}, payloadHash };
  const headers = signByHeaders(request, { credentials, region, hashing: primitives, now: Date.now() });
  const url = `${endpoint}${encodePath(path)}?${encodeQuery(query)}`;
  const response = await fetch(url, { method, headers, body });
  expect(response.ok ? "" : await response.text()).toBe("");
}
