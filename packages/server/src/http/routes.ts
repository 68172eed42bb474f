import type { IncomingMessage, ServerResponse } from "node:http";

/** What the answers depend on. */
export interface ServerState {
  readonly isStopping: boolean;
}

interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Answers a request. A load balancer asks /health: 200 while requests are welcome, 503 once a stop was asked for. */
export function respond(request: IncomingMessage, response: ServerResponse, state: ServerState): void {
  const { status, body, headers } = answerTo(request, state);
  const text = `${JSON.stringify(body)}\n`;
  response.writeHead(status, {
    "content-type": "application/json; charset=utf-8",
    "content-length": Buffer.byteLength(text),
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    ...(state.isStopping ? { connection: "close" } : {}),
    ...headers,
  });
  response.end(request.method === "HEAD" ? undefined : text);
}

function answerTo(request: IncomingMessage, state: ServerState): Answer {
  const path = (request.url ?? "").split("?", 1)[0];
  if (path !== "/health") return { status: 404, body: { status: "not-found" } };
  if (request.method !== "GET" && request.method !== "HEAD") {
    return { status: 405, body: { status: "method-not-allowed" }, headers: { allow: "GET, HEAD" } };
  }
  return state.isStopping
    ? { status: 503, body: { status: "stopping" } }
    : { status: 200, body: { status: "ok" } };
}
