import { KeepsakeError } from "@keepsake/core/base";

const ANSWER_MS = 15_000;

/** Posts to a gateway and gives its answer as JSON, whatever its status. Throws `notice.not-sent` where there is none. */
export async function askGateway(
  url: string,
  { headers, body = "" }: { readonly headers: Readonly<Record<string, string>>; readonly body?: string },
): Promise<object> {
  // The host is a part of what is signed; fetch sets it by itself.
  const { host: _, ...sent } = headers;
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: sent,
      body,
      redirect: "error",
      signal: AbortSignal.timeout(ANSWER_MS),
    });
    return Object(await response.json()) as object;
  } catch {
    // The cause would name the address with the number in it.
    throw notSent("unreachable", /unreachable/);
  }
}

/** The problem that a gateway's code is; codes that `passing` matches are tried again. */
export function notSent(code: string | undefined, passing: RegExp): KeepsakeError {
  const why = code !== undefined && /^[\w.-]{1,80}$/.test(code) ? code : "unknown";
  return new KeepsakeError("notice.not-sent", {
    retry: passing.test(why) ? "later" : "never",
    details: { channel: "phone", why },
  });
}
