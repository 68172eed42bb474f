import { away } from "../problems.ts";

const ANSWER_MS = 15_000;
const MOST_BYTES = 1_000_000;
const PAUSE_MS = 250;
const TRIES = 3;

/** A request to a provider. */
export interface Asking {
  readonly method: "GET" | "POST";
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Whether asking twice does nothing twice: it is tried again then. */
  readonly mayRepeat: boolean;
  /** A million where it is not said: statements of a day are longer. */
  readonly mostBytes?: number;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly bytes: Buffer;
}

/**
 * Asks a provider, and gives its answer unless it is busy. Throws `pay.provider-away` where there is none in time, it is
 * too long, or says that the provider is busy or broken. The cause is left out: it would name the address.
 */
export async function ask(asking: Asking): Promise<Answer> {
  for (let left = asking.mayRepeat ? TRIES : 1; ; left--) {
    const answer = await once(asking);
    if (typeof answer !== "string" && answer.status < 500 && answer.status !== 429) return answer;
    if (left <= 1) throw typeof answer === "string" ? away(answer) : away("busy", answer.status);
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS * (TRIES + 1 - left)));
  }
}

async function once(asking: Asking): Promise<Answer | "unreachable" | "too-long"> {
  const { method, url, headers = {}, body, mostBytes = MOST_BYTES } = asking;
  try {
    const response = await fetch(url, {
      method,
      headers,
      redirect: "error",
      signal: AbortSignal.timeout(ANSWER_MS),
      ...(body === undefined ? {} : { body }),
    });
    const parts: Uint8Array[] = [];
    let length = 0;
    for await (const part of response.body ?? []) {
      length += part.length;
      if (length > mostBytes) return "too-long";
      parts.push(part);
    }
    return { status: response.status, headers: response.headers, bytes: Buffer.concat(parts) };
  } catch {
    return "unreachable";
  }
}

/** The JSON object of an answer. Throws `pay.provider-away` where it is none. */
export function jsonOf(text: string | Uint8Array): object {
  try {
    const value: unknown = JSON.parse(Buffer.from(text as string).toString("utf8"));
    if (typeof value === "object" && value !== null) return value;
  } catch {
    // The parser's message would show a piece of the answer.
  }
  throw away("answer");
}
