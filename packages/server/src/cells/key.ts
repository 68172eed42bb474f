import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { KEY_HEADER } from "./call.ts";

/** Whether a request shows the key of the cells. Where there is none, no request does. */
export function showsKey(headers: IncomingHttpHeaders, key: string): boolean {
  const shown = headers[KEY_HEADER];
  return key !== "" && typeof shown === "string" && timingSafeEqual(digestOf(shown), digestOf(key));
}

/** Of one length, whatever was shown. */
function digestOf(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
