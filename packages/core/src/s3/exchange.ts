import { concatBytes, KeepsakeError, Patience, throwIfAborted, type Bytes } from "../base/index.ts";

/** A request as it goes out. */
export interface Outgoing {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Bytes | undefined;
  /** More than that is not taken. */
  readonly mostBytes: number;
  /** How long nothing may come or go before the other side counts as gone. */
  readonly silenceMs: number;
  readonly signal?: AbortSignal | undefined;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Bytes;
}

/** Answers of an error are short. */
const MOST_ERROR_BYTES = 65_536;

/**
 * Sends the request and takes in the whole answer. Follows nowhere, stores nothing, sends no cookies. Throws
 * `base.aborted`, and `store.unavailable` where nobody answers.
 */
export async function exchange(outgoing: Outgoing): Promise<Answer> {
  const { method, url, headers, body, silenceMs, signal } = outgoing;
  throwIfAborted(signal);
  using patience = new Patience(silenceMs, signal);
  patience.renew(body?.length);
  try {
    const response = await fetch(url, {
      method,
      headers,
      ...(body !== undefined && { body }),
      signal: patience.signal,
      redirect: "manual",
      cache: "no-store",
      credentials: "omit",
      referrerPolicy: "no-referrer",
    });
    patience.renew();
    const mostBytes = response.ok ? outgoing.mostBytes : MOST_ERROR_BYTES;
    const taken = await take(response, mostBytes, patience);
    return { status: response.status, headers: response.headers, body: taken };
  } catch (error) {
    throwIfAborted(signal);
    throw KeepsakeError.is(error) ? error : unreachable(error, patience.isOver);
  }
}

async function take(response: Response, mostBytes: number, patience: Patience): Promise<Bytes> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for (const reader = response.body?.getReader(); reader !== undefined;) {
    const { value, done } = await reader.read();
    if (done) break;
    patience.renew();
    length += value.length;
    if (length > mostBytes) {
      await reader.cancel();
      if (!response.ok) break;
      throw new KeepsakeError("store.bad-answer", { details: { what: "size" } });
    }
    chunks.push(value);
  }
  return concatBytes(...chunks);
}

/** The name that the system has for what went wrong, such as ECONNREFUSED, and no host. */
function unreachable(error: unknown, isTimeout: boolean): KeepsakeError {
  const cause = (error as { readonly cause?: { readonly code?: unknown } } | undefined)?.cause;
  const name = typeof cause?.code === "string" && /^[A-Z_0-9]+$/.test(cause.code) ? cause.code : "network";
  const details = { error: isTimeout ? "timeout" : name };
  return new KeepsakeError("store.unavailable", { cause: error, details, retry: "later" });
}
