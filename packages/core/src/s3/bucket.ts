import { KeepsakeError, systemClock, textToBytes, type Bytes, type Clock } from "../base/index.ts";
import type { Range } from "../vault/store/index.ts";
import type { S3Address } from "./address.ts";
import {
  encodePath,
  encodeQuery,
  sha256Hex,
  type Hashing,
  type Parameter,
  type SigningRequest,
} from "./canonical.ts";
import { exchange, type Answer } from "./exchange.ts";
import { listPage, type ListPage } from "./list-page.ts";
import { errorOf, refusalOf, type Refusal } from "./refusal.ts";
import { signByHeaders, signByUrl, type S3Credentials, type Signer } from "./sign.ts";

export interface S3Options extends S3Address {
  readonly credentials: S3Credentials;
  readonly clock?: Clock;
  /** How long nothing may come or go before the service counts as gone; half a minute if absent. */
  readonly silenceMs?: number;
}

export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
}

/** What a service says of an object without giving it. */
export interface ObjectInfo {
  readonly sizeBytes: number;
  /** In hex, as whoever put it said; undefined where it was put by something else. */
  readonly sha256: string | undefined;
}

/** A request that whoever holds it may send once or more often until it expires; all its headers are part of it. */
export interface PresignedRequest {
  readonly method: "GET" | "PUT";
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** An object that is going to be put by somebody else. */
export interface ObjectPromise {
  readonly sizeBytes: number;
  /** In hex. The service refuses other bytes. */
  readonly sha256: string;
}

interface Call {
  readonly method: "GET" | "PUT" | "DELETE";
  /** The whole key; empty for the bucket itself. */
  readonly key: string;
  readonly query?: readonly Parameter[];
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Bytes;
  readonly mostBytes?: number;
}

/** Where the SHA-256 of an object stands that we put. */
const CHECKSUM = "x-amz-meta-sha256";
const MOST_KEY_BYTES = 1024;
const SILENCE_MS = 30_000;
/** Longer objects are not read: no object of a vault is. */
const MOST_OBJECT_BYTES = 32 * 1024 * 1024;
const MOST_ANSWER_BYTES = 8 * 1024 * 1024;
/** S3 refuses URLs that hold for longer than a week; ours are for one upload. */
const MOST_EXPIRES_S = 3600;

/** Services that had a word of their own for "only where nothing is" before S3 had one. */
const forbidders: readonly { readonly domain: string; readonly header: string }[] = [
  { domain: ".aliyuncs.com", header: "x-oss-forbid-overwrite" },
  { domain: ".myqcloud.com", header: "x-cos-forbid-overwrite" },
];

/**
 * The objects of a bucket under a prefix, by the names that follow it. Every call throws, beside what its comment
 * says, `store.unavailable` (with retry), `store.wrong-key`, `store.denied`, `store.no-bucket`, `store.wrong-region`,
 * `store.bad-answer`, `base.aborted`. Nothing is tried again but after a wrong clock: `retryStore` does that.
 */
export class S3Bucket {
  readonly #options: S3Options;
  readonly #hashing: Hashing;
  readonly #clock: Clock;
  readonly #host: string;
  /** Scheme, host and port of all its requests. */
  readonly origin: string;
  /** How far the service's clock is ahead of ours. */
  #aheadMs = 0;

  constructor(options: S3Options, hashing: Hashing) {
    this.#options = options;
    this.#hashing = hashing;
    this.#clock = options.clock ?? systemClock;
    const { protocol, host } = new URL(options.endpoint);
    this.#host = options.isVirtual ? `${options.bucket}.${host}` : host;
    this.origin = `${protocol}//${this.#host}`;
  }

  /** Stores the object under a name that is free, if the service keeps to it. Throws `store.full`, `store.unsafe`. */
  async put(name: string, bytes: Bytes, options: CallOptions = {}): Promise<"stored" | "exists"> {
    const sha256 = sha256Hex(this.#hashing, bytes);
    const headers = this.#putHeaders(sha256);
    const answer = await this.#send({ method: "PUT", key: this.#keyOf(name), headers, body: bytes }, options);
    if (answer.status === 200) return "stored";
    const refusal = refusalOf(answer);
    if (isTaken(refusal)) return "exists";
    throw errorOf(refusal);
  }

  /** The object, or those of its bytes from `offset` on, `length` at most; undefined if there is none. */
  async get(name: string, range: Range | undefined, options: CallOptions = {}): Promise<Bytes | undefined> {
    // There is no way to ask for no bytes.
    const length = Math.max(1, range?.length ?? 0);
    const headers = range && { range: `bytes=${range.offset}-${range.offset + length - 1}` };
    const call = { method: "GET", key: this.#keyOf(name), mostBytes: MOST_OBJECT_BYTES } as const;
    const answer = await this.#send({ ...call, ...(headers && { headers }) }, options);
    if (answer.status === 200 || answer.status === 206) return partOf(answer, range);
    const refusal = refusalOf(answer);
    if (refusal.name === "NoSuchKey") return undefined;
    if (refusal.status === 416 && range !== undefined) return new Uint8Array(0);
    throw errorOf(refusal);
  }

  /** What the service says of the object; undefined if there is none. */
  async head(name: string, options: CallOptions = {}): Promise<ObjectInfo | undefined> {
    // An answer to HEAD has no body, so that a wrong clock and a missing bucket would look like a missing object.
    const headers = { range: "bytes=0-0" };
    const answer = await this.#send({ method: "GET", key: this.#keyOf(name), headers }, options);
    if (answer.status === 200 || answer.status === 206) return infoOf(answer);
    const refusal = refusalOf(answer);
    if (refusal.name === "NoSuchKey") return undefined;
    if (refusal.status === 416) return { sizeBytes: 0, sha256: undefined };
    throw errorOf(refusal);
  }

  /**
   * One page of the objects whose names begin with `prefix`, in the service's order: the first, of those after a name,
   * or the next. `delimiter` folds names.
   */
  async list(
    asked: {
      readonly prefix: string;
      readonly after?: string | undefined;
      /** What the page before gave as its `next`. */
      readonly from?: string | undefined;
      readonly delimiter?: string;
      readonly count?: number;
    },
    options: CallOptions = {},
  ): Promise<ListPage> {
    const { prefix, after, from, delimiter, count } = asked;
    const query: Parameter[] = [
      ["list-type", "2"],
      ["encoding-type", "url"],
      ["prefix", this.#options.prefix + prefix],
    ];
    if (from !== undefined) query.push(["continuation-token", from]);
    else if (after !== undefined) query.push(["start-after", this.#options.prefix + after]);
    if (delimiter !== undefined) query.push(["delimiter", delimiter]);
    if (count !== undefined) query.push(["max-keys", String(count)]);
    const answer = await this.#send({ method: "GET", key: "", query, mostBytes: MOST_ANSWER_BYTES }, options);
    if (answer.status !== 200) throw errorOf(refusalOf(answer));
    return listPage(answer.body, this.#options.prefix);
  }

  /** Removes the object; nothing if there is none. */
  async remove(name: string, options: CallOptions = {}): Promise<void> {
    const answer = await this.#send({ method: "DELETE", key: this.#keyOf(name) }, options);
    if (answer.status === 200 || answer.status === 204) return;
    const refusal = refusalOf(answer);
    if (refusal.name !== "NoSuchKey") throw errorOf(refusal);
  }

  /** A request that puts exactly the promised bytes under a name that is free. */
  presignPut(name: string, { sizeBytes, sha256 }: ObjectPromise, expiresS: number): PresignedRequest {
    const headers = { ...this.#putHeaders(sha256), "x-amz-content-sha256": sha256 };
    const whole = { ...headers, "content-length": String(sizeBytes) };
    const request = this.#signing({ method: "PUT", key: this.#keyOf(name), headers: whole }, sha256);
    // Whoever sends the body sets its length by that; a browser lets nobody else do it.
    return { method: "PUT", url: this.#presign(request, expiresS), headers };
  }

  /** A request that gets the object; a range may be asked for beside. */
  presignGet(name: string, expiresS: number): PresignedRequest {
    const request = this.#signing({ method: "GET", key: this.#keyOf(name) }, "UNSIGNED-PAYLOAD");
    return { method: "GET", url: this.#presign(request, expiresS), headers: {} };
  }

  #presign(request: SigningRequest, expiresS: number): string {
    if (!Number.isSafeInteger(expiresS) || expiresS < 1 || expiresS > MOST_EXPIRES_S)
      throw new KeepsakeError("base.invalid", { details: { what: "expires" } });
    return this.origin + signByUrl(request, this.#signer(), expiresS);
  }

  #putHeaders(sha256: string): Record<string, string> {
    const { hostname } = new URL(this.#options.endpoint);
    const own = forbidders.find(({ domain }) => hostname.endsWith(domain));
    return { "if-none-match": "*", [CHECKSUM]: sha256, ...(own && { [own.header]: "true" }) };
  }

  async #send(call: Call, { signal }: CallOptions): Promise<Answer> {
    const answer = await this.#try(call, signal);
    if (answer.status !== 403) return answer;
    const { name, serverTime } = refusalOf(answer);
    if (name !== "RequestTimeTooSkewed" || serverTime === undefined) return answer;
    this.#aheadMs = serverTime - this.#clock.now();
    return this.#try(call, signal);
  }

  #try(call: Call, signal: AbortSignal | undefined): Promise<Answer> {
    const { method, body, mostBytes = MOST_ANSWER_BYTES } = call;
    const request = this.#signing(call, sha256Hex(this.#hashing, body ?? new Uint8Array(0)));
    const query = encodeQuery(request.query);
    const url = `${this.origin}${encodePath(request.path)}${query === "" ? "" : `?${query}`}`;
    return exchange({
      method,
      url,
      headers: signByHeaders(request, this.#signer()),
      body,
      mostBytes,
      silenceMs: this.#options.silenceMs ?? SILENCE_MS,
      signal,
    });
  }

  #signing({ method, key, query = [], headers = {} }: Call, payloadHash: string): SigningRequest {
    const path = this.#options.isVirtual ? `/${key}` : `/${this.#options.bucket}/${key}`;
    return { method, host: this.#host, path, query, headers, payloadHash };
  }

  #signer(): Signer {
    const { credentials, region } = this.#options;
    return { credentials, region, hashing: this.#hashing, now: this.#clock.now() + this.#aheadMs };
  }

  #keyOf(name: string): string {
    const key = this.#options.prefix + name;
    const isPlain = key.split("/").every((part) => part !== "" && part !== "." && part !== "..");
    // A URL takes such parts away, and the request would mean another object.
    if (!isPlain || textToBytes(key).length > MOST_KEY_BYTES) throw new KeepsakeError("store.bad-name");
    return key;
  }
}

function isTaken({ status, name }: Refusal): boolean {
  return status === 412 || name === "FileAlreadyExists";
}

/** Who does not know ranges gives the whole. */
function partOf({ status, body }: Answer, range: Range | undefined): Bytes {
  if (range === undefined) return body;
  const start = status === 206 ? 0 : range.offset;
  return body.slice(start, start + range.length);
}

function infoOf({ status, headers, body }: Answer): ObjectInfo {
  const total = /^bytes 0-0\/(\d{1,15})$/.exec(headers.get("content-range") ?? "")?.[1];
  if (status === 206 && total === undefined)
    throw new KeepsakeError("store.bad-answer", { details: { what: "length" } });
  const sha256 = headers.get(CHECKSUM) ?? "";
  return {
    sizeBytes: status === 206 ? Number(total) : body.length,
    sha256: /^[0-9a-f]{64}$/.test(sha256) ? sha256 : undefined,
  };
}
