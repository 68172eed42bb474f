import {
  request as requestOverHttp,
  type ClientRequest,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  type ServerResponse,
} from "node:http";
import { request as requestOverHttps } from "node:https";
import { KeepsakeError } from "@keepsake/core/base";
import { AWAY_MS, CELL_HEADER } from "../cells/call.ts";
import { SILENT_MS } from "../listening.ts";
import { hasBody, passedHeaders } from "./message.ts";
import type { Targets } from "./targets.ts";

/** A cell that is not there within this is away. */
const CONNECT_MS = 3000;

/** A request to be passed on, as it came. */
export interface Passing {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly headers: OutgoingHttpHeaders;
  /** Where the body was read already; otherwise it goes on as it comes, and cannot go twice. */
  readonly body: Uint8Array | undefined;
  /** Fires when the gateway is to stop. */
  readonly stopping: AbortSignal;
}

/**
 * Passes a request to the first of these cells that can be reached, and its answer back; where a cell says that another
 * one has it, to that one, once. Gives the cell that answered. Throws `server.cell-away` as long as nothing was answered.
 */
export async function pass(targets: Targets, cells: readonly number[], passing: Passing): Promise<number> {
  const [cell, outgoing] = await reachFirst(targets, cells, passing);
  const answer = await exchange(outgoing, passing);
  const other = Number(answer.headers[CELL_HEADER] ?? Number.NaN);
  const isElsewhere = answer.statusCode === 421 && targets.find(other) !== undefined;
  if (!isElsewhere || !canGoTwice(passing)) {
    await giveBack(answer, passing);
    return cell;
  }
  answer.resume();
  const [, again] = await reachFirst(targets, [other], passing);
  await giveBack(await exchange(again, passing), passing);
  return other;
}

/** A connection to the first cell that can be had: nothing of the request was sent to those before. */
async function reachFirst(
  targets: Targets,
  cells: readonly number[],
  passing: Passing,
): Promise<readonly [number, ClientRequest]> {
  for (const cell of canGoTwice(passing) ? cells : cells.slice(0, 1)) {
    const reached = await reach(targets, cell, passing);
    targets.note(cell, reached === undefined);
    if (reached !== undefined) return [cell, reached];
    if (passing.response.destroyed) break;
  }
  throw away();
}

function reach(
  targets: Targets,
  cell: number,
  { request, headers }: Passing,
): Promise<ClientRequest | undefined> {
  const { url, agent } = targets.find(cell)!;
  const isTls = url.protocol === "https:";
  const outgoing = (isTls ? requestOverHttps : requestOverHttp)({
    agent,
    host: url.hostname.replace(/^\[|\]$/g, ""),
    port: url.port,
    method: request.method ?? "GET",
    path: request.url ?? "/",
    headers: { ...headers, host: url.host },
    timeout: SILENT_MS,
  });
  return new Promise((done) => {
    const late = setTimeout(() => outgoing.destroy(), CONNECT_MS);
    const end = (reached: ClientRequest | undefined) => {
      clearTimeout(late);
      done(reached);
    };
    outgoing.once("close", () => end(undefined)).on("error", () => end(undefined));
    outgoing.once("timeout", () => outgoing.destroy());
    outgoing.once("socket", (socket) => {
      if (socket.connecting) socket.once(isTls ? "secureConnect" : "connect", () => end(outgoing));
      else end(outgoing);
    });
    outgoing.flushHeaders();
  });
}

/** Sends the body, and gives the answer as soon as it begins. */
async function exchange(
  outgoing: ClientRequest,
  { request, response, body }: Passing,
): Promise<IncomingMessage> {
  const answered = new Promise<IncomingMessage>((done, fail) => {
    outgoing.once("response", done);
    outgoing.once("close", () => fail(away()));
  });
  const leave = (): void => void outgoing.destroy();
  if (response.destroyed) leave();
  response.once("close", leave);
  try {
    if (body !== undefined) outgoing.end(body);
    else if (hasBody(request)) sendOn(request, outgoing, response);
    else outgoing.end();
    const answer = await answered;
    answer.once("close", () => response.off("close", leave));
    return answer;
  } catch (error) {
    response.off("close", leave);
    throw error;
  }
}

/** Sends bytes on as they come, no faster than the cell takes them. */
function sendOn(request: IncomingMessage, outgoing: ClientRequest, response: ServerResponse): void {
  if (request.headers.expect !== undefined) outgoing.once("continue", () => response.writeContinue());
  request.pipe(outgoing);
  request.once("close", () => {
    if (!request.complete) outgoing.destroy();
  });
  // What a cell does not want to hear is not kept.
  outgoing.once("close", () => {
    request.unpipe(outgoing);
    request.resume();
  });
}

/** The answer, as it comes; one that breaks off breaks off here as well. */
async function giveBack(answer: IncomingMessage, { response, stopping }: Passing): Promise<void> {
  const { statusCode = 502 } = answer;
  for (const [name, value] of Object.entries(passedHeaders(answer)))
    if (value !== undefined) response.setHeader(name, value);
  response.writeHead(statusCode);
  response.flushHeaders();
  const over = new Promise<void>((done) => response.once("close", done));
  // A stream of events has no end of its own.
  const end = (): void => {
    answer.unpipe(response);
    response.end();
    answer.destroy();
  };
  const isEndless = /^text\/event-stream\b/.test(answer.headers["content-type"] ?? "");
  if (isEndless) stopping.addEventListener("abort", end);
  answer.on("error", () => undefined);
  answer.once("close", () => {
    if (!answer.complete && !response.writableEnded) response.destroy();
  });
  answer.pipe(response);
  if (isEndless && stopping.aborted) end();
  if (!response.closed) await over;
  stopping.removeEventListener("abort", end);
}

function canGoTwice({ request, body }: Passing): boolean {
  return body !== undefined || !hasBody(request);
}

function away(): KeepsakeError {
  return new KeepsakeError("server.cell-away", { retry: "later", details: { waitMs: AWAY_MS } });
}
