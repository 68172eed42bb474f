import { concatBytes, KeepsakeError, Patience, throwIfAborted, type Bytes } from "../base/index.ts";

/** More than that is no answer of ours. */
const MOST_BYTES = 64 * 1024 * 1024;

const withoutBody: ReadonlySet<number> = new Set([204, 205, 304]);

/** The answer as it came; while its body is waited for, the patience runs, and ends with the body. */
export function patientAnswer(response: Response, patience: Patience): Response {
  // Browsers show an empty body even of an answer that has none, and make no other answer with one.
  const reader = withoutBody.has(response.status) ? undefined : response.body?.getReader();
  if (reader === undefined) {
    patience[Symbol.dispose]();
    return response;
  }
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
    async pull(controller) {
      patience.renew();
      try {
        const { value, done } = await reader.read();
        patience.rest();
        if (!done) return controller.enqueue(value);
        controller.close();
      } catch (error) {
        controller.error(error);
      }
      patience[Symbol.dispose]();
    },
    async cancel(reason) {
      patience[Symbol.dispose]();
      await reader.cancel(reason);
    },
  });
  const { status, headers } = response;
  return new Response(body, { status, headers });
}

/** All bytes of an answer, within reason. Throws `server.unreachable`, `server.not-keepsake`, `base.aborted`. */
export async function bytesOf(response: Response, signal: AbortSignal | undefined): Promise<Bytes> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    for (const reader = response.body?.getReader(); reader !== undefined;) {
      const { value, done } = await reader.read();
      if (done) break;
      length += value.length;
      if (length > MOST_BYTES) {
        await reader.cancel();
        throw new KeepsakeError("server.not-keepsake", { details: { what: "size" } });
      }
      chunks.push(value);
    }
  } catch (cause) {
    throwIfAborted(signal);
    if (KeepsakeError.is(cause)) throw cause;
    throw new KeepsakeError("server.unreachable", { cause, retry: "later" });
  }
  return concatBytes(...chunks);
}

/** The same as text. */
export async function textOf(response: Response, signal: AbortSignal | undefined): Promise<string> {
  return new TextDecoder().decode(await bytesOf(response, signal));
}
