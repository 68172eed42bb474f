import { KeepsakeError, textToBytes } from "../base/index.ts";

/** Where in which bucket of which service objects lie. Holds no key. */
export interface S3Address {
  /** Scheme and host of the service, such as https://s3.example.org; without a path. */
  readonly endpoint: string;
  readonly region: string;
  readonly bucket: string;
  /** What every key begins with: empty, or with a slash at its end. */
  readonly prefix: string;
  /** Whether the bucket's name stands before the host, instead of first in the path. */
  readonly isVirtual: boolean;
}

const whole = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/([^?#\u0000-\u001f\u007f]*))?(?:\?([^#\s]*))?$/;
const DEFAULT_REGION = "us-east-1";
const MOST_PREFIX_BYTES = 900;
/** Services that know buckets by their host only. */
const virtualOnly = [".aliyuncs.com", ".myqcloud.com"];
/** This machine, or one in the same house: nobody has certificates there. */
const near =
  /^(?:localhost|127(?:\.\d+){3}|\[::1\]|10(?:\.\d+){3}|192\.168(?:\.\d+){2}|172\.(?:1[6-9]|2\d|3[01])(?:\.\d+){2}|[^.]+|.+\.local)$/;

export function isS3Address(text: string): boolean {
  return /^s3:\/\//i.test(text);
}

/**
 * Reads `s3://bucket/prefix?endpoint=https://...&region=...&addressing=virtual`, of which all but the bucket may be
 * left out. Throws `store.bad-address`, also where it holds a key.
 */
export function parseS3Address(text: string): S3Address {
  const [, bucket, path = "", query = ""] = whole.exec(text) ?? [];
  if (bucket === undefined) throw bad("bucket");
  const given = parametersOf(query);
  const region = given.get("region") ?? DEFAULT_REGION;
  if (!/^[A-Za-z0-9-]{1,40}$/.test(region)) throw bad("region");
  const endpoint = endpointOf(given.get("endpoint") ?? amazon(region));
  const isVirtual = isVirtualBy(given.get("addressing"), endpoint, region);
  return { endpoint, region, bucket, prefix: prefixOf(path), isVirtual };
}

function isVirtualBy(addressing: string | undefined, endpoint: string, region: string): boolean {
  const { hostname } = new URL(endpoint);
  const isKnown = endpoint === amazon(region) || virtualOnly.some((domain) => hostname.endsWith(domain));
  const chosen = addressing ?? (isKnown ? "virtual" : "path");
  if (chosen !== "virtual" && chosen !== "path") throw bad("addressing");
  return chosen === "virtual";
}

/** The one way in which an address is written down. */
export function formatS3Address({ endpoint, region, bucket, prefix, isVirtual }: S3Address): string {
  const folder = prefix.slice(0, -1);
  const given = [`endpoint=${endpoint}`, `region=${region}`, `addressing=${isVirtual ? "virtual" : "path"}`];
  return `s3://${bucket}${folder === "" ? "" : `/${folder}`}?${given.join("&")}`;
}

function parametersOf(query: string): ReadonlyMap<string, string> {
  const given = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(query)) {
    if (!["endpoint", "region", "addressing"].includes(name) || given.has(name)) throw bad("parameter");
    given.set(name, value);
  }
  return given;
}

function prefixOf(path: string): string {
  const folder = path.replace(/\/+$/, "");
  if (folder === "") return "";
  const isPlain = folder.split("/").every((part) => part !== "" && part !== "." && part !== "..");
  if (!isPlain || textToBytes(folder).length > MOST_PREFIX_BYTES) throw bad("prefix");
  return `${folder}/`;
}

function endpointOf(text: string): string {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol)) throw bad("endpoint");
  const isBare = url.username + url.password + url.search + url.hash === "" && url.pathname === "/";
  if (!isBare) throw bad("endpoint");
  if (url.protocol === "http:" && !near.test(url.hostname)) throw bad("http");
  return url.origin;
}

function amazon(region: string): string {
  return `https://s3.${region}.amazonaws.com${region.startsWith("cn-") ? ".cn" : ""}`;
}

function bad(what: string): KeepsakeError {
  return new KeepsakeError("store.bad-address", { details: { what } });
}
