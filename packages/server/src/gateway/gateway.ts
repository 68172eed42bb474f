import {
  createServer,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  type Server as HttpServer,
  type ServerResponse,
} from "node:http";
import { KeepsakeError, slowLineMs } from "@keepsake/core/base";
import { untagged } from "../cells/tags.ts";
import { problemOf } from "../http/problem.ts";
import { ANYONES_BYTES } from "../http/route.ts";
import { cutAfter, HEADERS_TIMEOUT_MS, LINGER_MS, REQUEST_TIMEOUT_MS, SILENT_MS } from "../listening.ts";
import type { Log } from "../log.ts";
import { hasBody, headersForCell } from "./message.ts";
import type { GatewayMetrics } from "./metrics.ts";
import { pass } from "./pass.ts";
import type { GatewayReadiness } from "./readiness.ts";
import { cellsFor, routeOf, type Office } from "./ways.ts";

/** What a gateway answers with. */
export interface Gateway extends Office {
  readonly isBehindProxy: boolean;
  readonly readiness: GatewayReadiness;
  readonly metrics: GatewayMetrics | undefined;
  readonly log: Log;
  /** Fires when it is asked to stop. */
  readonly stopping: AbortSignal;
}

/** What was found out about a request, for the log. */
interface Trace {
  route: string;
  cell: number | undefined;
}

/** A server, not listening yet, that passes every request to the cell that it belongs to. */
export function gatewayServer(gateway: Gateway): HttpServer {
  const answer = (request: IncomingMessage, response: ServerResponse): void =>
    void answerOne(gateway, request, response);
  const options = { headersTimeout: HEADERS_TIMEOUT_MS, requestTimeout: REQUEST_TIMEOUT_MS };
  const server = createServer(options, answer);
  server.on("checkContinue", answer);
  server.setTimeout(SILENT_MS);
  return server;
}

async function answerOne(
  gateway: Gateway,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const trace: Trace = { route: `${request.method ?? ""} -`, cell: undefined };
  const beganMs = performance.now();
  if (gateway.stopping.aborted) response.setHeader("connection", "close");
  // A client that goes is no fault of ours.
  request.on("error", () => undefined);
  response.on("error", () => undefined);
  try {
    await answerBy(gateway, { request, response, trace });
  } catch (error) {
    const isGone = request.destroyed && !request.complete;
    if (!KeepsakeError.is(error) && !isGone)
      gateway.log({ event: "fault", route: trace.route, name: nameOf(error) });
    sendError(request, response, error);
  }
  cutAfter(request, LINGER_MS);
  const { statusCode: status } = response;
  gateway.metrics?.count(trace.cell, status);
  if (status < 500) return;
  const ms = Math.round(performance.now() - beganMs);
  gateway.log({ event: "answered", ...trace, cell: trace.cell ?? "none", status, ms });
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly trace: Trace;
}

async function answerBy(gateway: Gateway, { request, response, trace }: Exchange): Promise<void> {
  const path = pathOf(request);
  // Between cells alone, whatever is shown.
  if (path === undefined || /^\/v1\/cell(?:\/|$)/.test(path)) throw new KeepsakeError("request.not-found");
  if (path === "/health" || path === "/ready") return answerItself(gateway, path, response);
  const matched = routeOf(request.method ?? "", path);
  const headers = headersForCell(request, gateway.isBehindProxy);
  const { targets, stopping } = gateway;
  if (matched === undefined) {
    // Without a session there is nothing to do, and any cell says so.
    const cells = targets.only(sessionCellOf(request));
    trace.route = `${request.method ?? ""} by session`;
    trace.cell = await pass(targets, cells, { request, response, headers, body: undefined, stopping });
    return;
  }
  trace.route = matched.route;
  const body = hasBody(request) ? await bodyOf(request, response) : undefined;
  const cells = await cellsFor(gateway, matched, { body, session: sessionCellOf(request) });
  trace.cell = await pass(targets, cells, {
    request,
    response,
    headers: ofKnown(headers, body),
    body,
    stopping,
  });
}

/** The path without its query, decoded as a cell decodes it; undefined for what is none. */
function pathOf({ url = "" }: IncomingMessage): string | undefined {
  if (!url.startsWith("/")) return undefined;
  const [path = ""] = url.split("?");
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

async function answerItself(
  { readiness, stopping }: Gateway,
  path: string,
  response: ServerResponse,
): Promise<void> {
  const isStopping = stopping.aborted;
  const ready = path === "/ready" && !isStopping ? await readiness.look() : undefined;
  const said = isStopping ? { status: "stopping" } : (ready ?? { status: "ok" });
  const isWell = !isStopping && ready?.status !== "not-ready";
  response.writeHead(isWell ? 200 : 503, {
    "content-type": "application/json; charset=utf-8",
    "cache-control": "no-store",
  });
  response.end(JSON.stringify(said));
}

/** The cell that a session's token says. Accounts that pay are at the first one. */
function sessionCellOf({ headers }: IncomingMessage): number | undefined {
  const token = /^Keepsake (\S+)$/.exec(headers.authorization ?? "")?.[1] ?? "";
  return token.startsWith("pay.") ? 0 : untagged(token)?.cell;
}

/** A body that anyone may send. Throws `request.too-large`. */
async function bodyOf(request: IncomingMessage, response: ServerResponse): Promise<Buffer> {
  if (Number(request.headers["content-length"] ?? 0) > ANYONES_BYTES)
    throw new KeepsakeError("request.too-large");
  cutAfter(request, SILENT_MS + slowLineMs(ANYONES_BYTES));
  if (request.headers.expect !== undefined) response.writeContinue();
  const chunks: Buffer[] = [];
  let size = 0;
  // What is too much is answered: the connection goes after that.
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > ANYONES_BYTES) throw new KeepsakeError("request.too-large");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** A body that was read has a length, and nobody has to be asked whether it is wanted. */
function ofKnown(headers: OutgoingHttpHeaders, body: Buffer | undefined): OutgoingHttpHeaders {
  const { expect: _expect, "transfer-encoding": _encoding, ...kept } = headers;
  return body === undefined ? kept : { ...kept, "content-length": body.length };
}

function sendError(request: IncomingMessage, response: ServerResponse, error: unknown): void {
  if (response.headersSent || response.destroyed) return void response.destroy();
  const { status, headers, problem } = problemOf(error, request.headers["accept-language"]);
  // What is left of a body is not waited for.
  if (!request.complete) response.setHeader("connection", "close");
  response.writeHead(status, {
    ...headers,
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
  });
  response.end(JSON.stringify(problem));
}

/** What kind of error it is: its message may hold what a client sent. */
function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}
