import {
  bytesToHex,
  KeepsakeError,
  Patience,
  systemClock,
  textToBytes,
  throwIfAborted,
  type Bytes,
  type Clock,
  type Code,
  type Primitives,
} from "../base/index.ts";
import { OBJECT_DIGEST, requestText, type Routes } from "../protocol/index.ts";
import { patientAnswer, textOf } from "./answer.ts";
import { bytesToBase64 } from "./base64.ts";

/** What a device has of a session with a server. */
export interface Credentials {
  /** The seed of the Ed25519 key that signs each request. */
  readonly deviceSeed: Bytes;
  /** Empty before there is a session. */
  readonly token: string;
}

export interface ConnectionOptions {
  /** The server's address: https, or http on this machine. */
  readonly url: string;
  readonly primitives: Primitives;
  readonly credentials?: Credentials | undefined;
  readonly clock?: Clock;
  /** The language of the server's sentences. */
  readonly language?: "en" | "zh-CN";
  /** How long nothing may come or go before the server counts as gone. */
  readonly silenceMs?: number;
}

/** What may be given with a call. */
export type CallOptions<R extends keyof Routes> = Field<"params", Routes[R]["params"]> &
  Field<"query", Routes[R]["query"]> &
  (Routes[R]["body"] extends undefined ? unknown : { readonly body: Routes[R]["body"] }) & {
    readonly signal?: AbortSignal | undefined;
  };

/** A field that may be left out where nothing in it has to be given. */
type Field<N extends string, T> =
  Record<never, never> extends T ? { readonly [K in N]?: T } : { readonly [K in N]: T };

/** A request as it goes out; bytes are sent as they are. */
export interface Outgoing {
  readonly method: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly json?: unknown;
  readonly bytes?: Bytes;
  readonly signal?: AbortSignal | undefined;
}

const SILENCE_MS = 60_000;
const NONCE_BYTES = 18;
const REQUEST_TIMEOUT = 408;

/** A way to a server, which signs what goes over it. It holds nothing open. */
export class Connection {
  readonly url: string;
  readonly primitives: Primitives;
  readonly #options: ConnectionOptions;
  /** How far the server's clock is ahead of ours. */
  #aheadMs = 0;

  constructor(options: ConnectionOptions) {
    this.url = checkedUrl(options.url);
    this.primitives = options.primitives;
    this.#options = options;
  }

  /** The same server with other credentials. */
  with(credentials: Credentials): Connection {
    return new Connection({ ...this.#options, credentials });
  }

  /** Another server, which hears nothing of the credentials. Throws `server.not-keepsake`. */
  to(url: string): Connection {
    return new Connection({ ...this.#options, url, credentials: undefined });
  }

  /** Calls a route that answers in JSON. Throws the problem that the server answers with. */
  async call<R extends keyof Routes>(
    route: R,
    ...[options]: Record<never, never> extends CallOptions<R> ? [CallOptions<R>?] : [CallOptions<R>]
  ): Promise<Routes[R]["answer"]> {
    const given = (options ?? {}) as {
      readonly params?: Readonly<Record<string, string>>;
      readonly query?: Readonly<Record<string, string>>;
      readonly body?: unknown;
      readonly signal?: AbortSignal;
    };
    const [method, template] = route.split(" ") as [string, string];
    const path = template.replace(/\{(\w+)\}/g, (_, name: string) =>
      encodeURIComponent(given.params?.[name] ?? ""),
    );
    const query = new URLSearchParams(given.query).toString();
    const response = await this.send({
      method,
      path: query === "" ? path : `${path}?${query}`,
      json: given.body,
      signal: given.signal,
    });
    const text = await textOf(response, given.signal);
    return (text === "" ? undefined : parsed(text)) as Routes[R]["answer"];
  }

  /** Sends a request and gives the answer, if it is a good one; its body is the caller's to read. */
  async send(outgoing: Outgoing): Promise<Response> {
    for (let isAgain = false; ; isAgain = true) {
      const response = await this.#fetch(outgoing);
      if (response.ok) return response;
      const problem = await problemOf(response);
      if (isAgain || !this.#isWorthAgain(problem)) throw problem;
    }
  }

  /** Whether the same request may be taken at once: nothing was done yet, and what stood in its way is gone. */
  #isWorthAgain({ code, details: { serverTime, status } }: KeepsakeError): boolean {
    // It went over a connection that had been silent for too long: what was asked was not even read.
    if (code === "server.unreachable" && status === REQUEST_TIMEOUT) return true;
    if (code !== "member.bad-proof" || typeof serverTime !== "number") return false;
    this.#aheadMs = serverTime - (this.#options.clock ?? systemClock).now();
    return true;
  }

  async #fetch(outgoing: Outgoing): Promise<Response> {
    const { method, path, headers = {}, json, bytes, signal } = outgoing;
    throwIfAborted(signal);
    const body = json === undefined ? bytes : textToBytes(JSON.stringify(json));
    const { credentials, language = "en", silenceMs = SILENCE_MS } = this.#options;
    const patience = new Patience(silenceMs, signal);
    patience.renew(body?.length);
    try {
      const response = await fetch(this.url + path, {
        method,
        ...(body === undefined ? {} : { body }),
        headers: {
          "accept-language": language,
          ...(json === undefined ? {} : { "content-type": "application/json" }),
          ...(bytes === undefined ? {} : { "content-type": "application/octet-stream" }),
          ...headers,
          ...(credentials === undefined
            ? {}
            : await this.#signed(credentials, { method, path, bodyDigest: this.#digestOf(outgoing, body) })),
        },
        redirect: "error",
        signal: patience.signal,
      });
      return patientAnswer(response, patience);
    } catch (cause) {
      patience[Symbol.dispose]();
      throwIfAborted(signal);
      throw new KeepsakeError("server.unreachable", { cause, retry: "later" });
    }
  }

  /** Of a JSON body what it hashes to; of an object what its header says. */
  #digestOf({ json, headers }: Outgoing, body: Bytes | undefined): string {
    if (json !== undefined && body !== undefined) return bytesToHex(this.primitives.sha256(body));
    return headers?.[OBJECT_DIGEST] ?? "";
  }

  async #signed(
    { deviceSeed, token }: Credentials,
    { method, path, bodyDigest }: { method: string; path: string; bodyDigest: string },
  ): Promise<Record<string, string>> {
    const { primitives } = this;
    const timeMs = (this.#options.clock ?? systemClock).now() + this.#aheadMs;
    const nonce = bytesToBase64(primitives.random(NONCE_BYTES));
    const text = requestText({ method, path, timeMs, nonce, token, bodyDigest });
    const signature = bytesToBase64(await primitives.ed25519.sign(textToBytes(text), deviceSeed));
    return {
      ...(token === "" ? {} : { authorization: `Keepsake ${token}` }),
      "keepsake-proof": `${timeMs}.${nonce}.${signature}`,
    };
  }
}

/** Whether an address is this machine's own. */
export function isLoopback({ hostname }: URL): boolean {
  return /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname);
}

/** Throws `server.not-keepsake` for an address that cannot be one, or that others could listen to. */
function checkedUrl(text: string): string {
  const url = URL.parse(text);
  const isPrivate = url?.protocol === "https:" || (url?.protocol === "http:" && isLoopback(url));
  if (url === null || !isPrivate)
    throw new KeepsakeError("server.not-keepsake", { details: { what: "address" } });
  return (url.origin + url.pathname).replace(/\/$/, "");
}

/** The error that an answer is: with the server's code and details where it is one of ours. */
async function problemOf(response: Response): Promise<KeepsakeError> {
  const text = await textOf(response, undefined).catch(() => "");
  const problem = parsedOrNothing(text) as {
    readonly code?: string;
    readonly retry?: "never" | "later" | "now";
    readonly details?: Readonly<Record<string, string | number | boolean>>;
  };
  const { status } = response;
  const { code, retry = "never", details = {} } = problem;
  if (typeof code === "string" && (await isKnown(code)))
    return new KeepsakeError(code as Code, { retry, details });
  const isPassing = status >= 500 || status === REQUEST_TIMEOUT || status === 429;
  if (isPassing) return new KeepsakeError("server.unreachable", { retry: "later", details: { status } });
  return new KeepsakeError("server.not-keepsake", { details: { status } });
}

/**
 * The table is loaded with the first problem: most answers are none. A page whose files are gone from the server cannot
 * load it, and takes what looks like a code for one.
 */
async function isKnown(code: string): Promise<boolean> {
  const table = await import("../base/codes/index.ts").catch(() => undefined);
  return table === undefined ? /^[a-z]+\.[a-z0-9-]+$/.test(code) : Object.hasOwn(table.codes, code);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new KeepsakeError("server.not-keepsake", { cause, details: { what: "json" } });
  }
}

function parsedOrNothing(text: string): object {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? value : {};
  } catch {
    return {};
  }
}
