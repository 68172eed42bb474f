import { KeepsakeError, type Code, type KeepsakeErrorOptions, type Retry } from "../base/index.ts";
import type { Answer } from "./exchange.ts";
import { readXml, textIn } from "./xml.ts";

/** What an answer that is no success says. */
export interface Refusal {
  readonly status: number;
  /** The service's own name for it, such as NoSuchKey; undefined where the answer is not that of an S3 service. */
  readonly name: string | undefined;
  /** The service's time, milliseconds. */
  readonly serverTime: number | undefined;
  /** The region that the service says the bucket lies in. */
  readonly region: string | undefined;
}

export function refusalOf({ status, headers, body }: Answer): Refusal {
  const root = readXml(body);
  const error = root?.name === "Error" ? root : undefined;
  const word = (text: string | null | undefined): string | undefined =>
    typeof text === "string" && /^[\w.-]{1,64}$/.test(text) ? text : undefined;
  const time = Date.parse((error && textIn(error, "ServerTime")) ?? headers.get("date") ?? "");
  return {
    status,
    name: word(error && textIn(error, "Code")),
    serverTime: Number.isNaN(time) ? undefined : time,
    region: word(headers.get("x-amz-bucket-region") ?? (error && textIn(error, "Region"))),
  };
}

const wrongKey = [
  "InvalidAccessKeyId",
  "SignatureDoesNotMatch",
  "InvalidToken",
  "ExpiredToken",
  "TokenRefreshRequired",
];
const elsewhere = [
  "AuthorizationHeaderMalformed",
  "PermanentRedirect",
  "TemporaryRedirect",
  "IllegalLocationConstraintException",
];
const full = ["QuotaExceeded", "XMinioStorageFull", "InsufficientStorage", "StorageFull"];
const altered = ["BadDigest", "XAmzContentSHA256Mismatch", "IncompleteBody"];

/** What each of a service's names means, and whether to try again. */
const meanings: ReadonlyMap<string, readonly [Code, Retry]> = new Map<string, readonly [Code, Retry]>([
  ...wrongKey.map((name) => [name, ["store.wrong-key", "never"]] as const),
  ...elsewhere.map((name) => [name, ["store.wrong-region", "never"]] as const),
  ...full.map((name) => [name, ["store.full", "never"]] as const),
  ...altered.map((name) => [name, ["store.unavailable", "now"]] as const),
  ["NoSuchBucket", ["store.no-bucket", "never"]],
  ["InvalidBucketName", ["store.no-bucket", "never"]],
  ["AccessDenied", ["store.denied", "never"]],
  ["NotImplemented", ["store.unsafe", "never"]],
  ["RequestTimeout", ["store.unavailable", "later"]],
  ["RequestTimeTooSkewed", ["store.unavailable", "later"]],
]);

/** The error that people get to see. */
export function errorOf({ status, name, region }: Refusal): KeepsakeError {
  const [code, retry] = meanings.get(name ?? "") ?? meaningOf(status);
  const details = { status, ...(name !== undefined && { name }), ...(region !== undefined && { region }) };
  const options: KeepsakeErrorOptions = { details, retry };
  return new KeepsakeError(code, options);
}

function meaningOf(status: number): readonly [Code, Retry] {
  if (status === 401 || status === 403) return ["store.denied", "never"];
  if (status === 507) return ["store.full", "never"];
  // A browser shows of an answer that leads elsewhere only that it does.
  if (status === 0 || (status >= 300 && status < 400)) return ["store.wrong-region", "never"];
  if (status === 408 || status === 409 || status === 429 || status >= 500)
    return ["store.unavailable", "later"];
  return ["store.bad-answer", "never"];
}
