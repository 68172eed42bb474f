import type { IncomingHttpHeaders, IncomingMessage, OutgoingHttpHeaders } from "node:http";
import { CELL_HEADER, KEY_HEADER } from "../cells/call.ts";

/** What belongs to one connection, or is between gateways and cells alone, and is passed on in neither direction. */
const ownHeaders = new Set([
  "connection",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
  CELL_HEADER,
  KEY_HEADER,
]);
/** What a gateway says itself. */
const forwarded = new Set(["forwarded", "x-forwarded-for", "x-forwarded-proto", "x-forwarded-host", "host"]);

/** The headers of a message that are passed on. */
export function passedHeaders({
  headers,
  headersDistinct,
}: Pick<IncomingMessage, "headers" | "headersDistinct">): OutgoingHttpHeaders {
  const named = (headers.connection ?? "").toLowerCase().split(/\s*,\s*/);
  const kept = Object.entries(headersDistinct).filter(
    ([name]) => !ownHeaders.has(name) && !named.includes(name),
  );
  return Object.fromEntries(
    kept.map(([name, values = []]) => [name, values.length === 1 ? values[0] : values]),
  );
}

/** The headers with which a cell gets a request: where it came from is what the gateway saw, and nothing else. */
export function headersForCell(request: IncomingMessage, isBehindProxy: boolean): OutgoingHttpHeaders {
  const kept = Object.entries(passedHeaders(request)).filter(([name]) => !forwarded.has(name));
  const { headers } = request;
  const host = (isBehindProxy ? lastOf(headers, "x-forwarded-host") : undefined) ?? headers.host ?? "";
  return {
    ...Object.fromEntries(kept),
    ...(headers["transfer-encoding"] === undefined ? {} : { "transfer-encoding": "chunked" }),
    "x-forwarded-for": clientOf(request, isBehindProxy),
    "x-forwarded-proto": (isBehindProxy ? lastOf(headers, "x-forwarded-proto") : undefined) ?? "http",
    "x-forwarded-host": host,
  };
}

/** Whether bytes follow the headers. */
export function hasBody({ headers }: Pick<IncomingMessage, "headers">): boolean {
  return headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) > 0;
}

/** The address that the one proxy in front adds, or that the connection comes from. */
function clientOf({ headers, socket }: IncomingMessage, isBehindProxy: boolean): string {
  const told = isBehindProxy ? lastOf(headers, "x-forwarded-for") : undefined;
  return told ?? socket.remoteAddress ?? "";
}

function lastOf(headers: IncomingHttpHeaders, name: string): string | undefined {
  const value = headers[name];
  const last = (Array.isArray(value) ? value.join(",") : value)?.split(",").at(-1)?.trim();
  return last === "" ? undefined : last;
}
