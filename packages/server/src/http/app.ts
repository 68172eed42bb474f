import type { AddressInfo } from "node:net";
import fastify, { type FastifyInstance, type FastifyRequest } from "fastify";
import { KeepsakeError, slowLineMs } from "@keepsake/core/base";
import { THROUGH_AT_ONCE } from "../blobs/s3.ts";
import {
  cutAfter,
  HEADERS_TIMEOUT_MS,
  LINGER_MS,
  REQUEST_TIMEOUT_MS,
  SILENT_MS,
  stoppable,
  urlOf,
} from "../listening.ts";
import { Metrics } from "../metrics.ts";
import type { Server } from "../server.ts";
import { addDocument } from "./document.ts";
import { Door } from "./door.ts";
import { AtOnce } from "./limits.ts";
import { sendProblem } from "./problem.ts";
import { rememberBody } from "./proof.ts";
import type { Site } from "./route.ts";
import { addRoutes } from "./routes/index.ts";
import type { ServerState } from "./routes/public.ts";

/** A server that listens. The caller stops it. */
export interface RunningServer {
  readonly url: string;
  /** Takes no new connections, lets requests under way finish for `stopWithinMs`, then cuts them. */
  stop(): Promise<void>;
}

const JSON_LIMIT_BYTES = 2 * 1024 * 1024;
/** Bodies of one member at once; in front of a bucket each is whole in memory, and a quarter of what that takes. */
const MOST_BODIES = { folder: 32, bucket: THROUGH_AT_ONCE / 4 };
/** Unless a route says something else. */
const anyAnswer = { "cache-control": "no-store", "x-content-type-options": "nosniff" };
/**
 * A connection is kept for so much longer than clients are told: one that is busy and takes it up again at the last
 * moment does not meet its end.
 */
const KEEP_ALIVE_SPARE_MS = 15_000;
const JSON_TIMEOUT_MS = SILENT_MS + slowLineMs(JSON_LIMIT_BYTES);

/** Starts to listen, with all routes unless others are given. Throws `base.invalid` if the address cannot be had. */
export async function startServer(
  server: Server,
  routes: (site: Site, state: ServerState) => void = addRoutes,
): Promise<RunningServer> {
  const { config, log } = server;
  const stopping = new AbortController();
  const metrics = config.metrics === "" ? undefined : new Metrics();
  const app = await makeApp(server, { state: { stopping: stopping.signal }, routes, metrics });
  const closeGently = stoppable(app.server, {
    withinMs: config.stopWithinMs,
    onCut: () => log({ event: "cut" }),
    close: () => app.close(),
  });
  const stopMetrics = await metrics?.listen(config.metrics);
  await app.listen({ host: config.host, port: config.port }).catch(async (cause: unknown) => {
    await stopMetrics?.();
    throw new KeepsakeError("base.invalid", { cause, details: { name: "KEEPSAKE_HOST or KEEPSAKE_PORT" } });
  });
  const url = urlOf(app.server.address() as AddressInfo);
  let stopped: Promise<void> | undefined;
  const stop = async (): Promise<void> => {
    stopping.abort();
    await closeGently();
    await stopMetrics?.();
  };
  return { url, stop: () => (stopped ??= stop()) };
}

interface AppParts {
  readonly state: ServerState;
  readonly routes: (site: Site, state: ServerState) => void;
  readonly metrics: Metrics | undefined;
}

async function makeApp(server: Server, { state, routes, metrics }: AppParts): Promise<FastifyInstance> {
  const app = fastify({
    logger: false,
    // The one proxy in front: what a client says of itself stands further left.
    trustProxy: server.config.behindProxy && ((_address, hop) => hop === 0),
    bodyLimit: JSON_LIMIT_BYTES,
    forceCloseConnections: false,
    return503OnClosing: false,
    requestTimeout: REQUEST_TIMEOUT_MS,
    http: { headersTimeout: HEADERS_TIMEOUT_MS },
    routerOptions: { maxParamLength: 200 },
    // Addresses that no route is looked for at.
    frameworkErrors: (error, request, reply) => void sendProblem(request, reply.headers(anyAnswer), error),
    ajv: { customOptions: { coerceTypes: false, removeAdditional: false, useDefaults: false } },
  });
  app.server.setTimeout(SILENT_MS);
  app.server.keepAliveTimeoutBuffer = KEEP_ALIVE_SPARE_MS;
  takeBodies(app);
  metrics?.watch(app);
  const door = new Door(server);
  const causes = new WeakMap<FastifyRequest, string>();
  app.addHook("onRequest", async (request, reply) => {
    if (/json/i.test(request.headers["content-type"] ?? "")) cutAfter(request.raw, JSON_TIMEOUT_MS);
    void reply.headers(anyAnswer);
    if (state.stopping.aborted) void reply.header("connection", "close");
  });
  app.addHook("onResponse", async (request, reply) => {
    cutAfter(request.raw, LINGER_MS);
    const route = `${request.method} ${request.routeOptions.url ?? "-"}`;
    const { statusCode: status } = reply;
    const cause = causes.get(request) ?? "-";
    if (status >= 500)
      server.log({ event: "answered", route, status, ms: Math.round(reply.elapsedTime), cause });
  });
  app.setErrorHandler((error, request, reply) => {
    causes.set(request, causeOf(error));
    if (!KeepsakeError.is(error) && (error as { statusCode?: number }).statusCode === undefined)
      server.log({ event: "fault", route: request.routeOptions.url ?? "-", name: nameOf(error) });
    return sendProblem(request, reply, error);
  });
  app.setNotFoundHandler((request) => {
    door.knock(request, 1);
    throw new KeepsakeError("request.not-found");
  });
  await addDocument(app);
  const bodies = new AtOnce(MOST_BODIES[server.blobs.direct === undefined ? "folder" : "bucket"]);
  routes({ app, server, door, bodies }, state);
  return app;
}

/** JSON is read whole, within a limit, and held to the schema of its route, which knows no other names; the bytes of objects are left to their routes. Nothing else is taken. */
function takeBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("application/json", { parseAs: "buffer" }, (request, raw, done) => {
    const bytes = raw as Buffer;
    rememberBody(request, bytes);
    try {
      done(null, JSON.parse(bytes.toString("utf8")));
    } catch {
      done(new KeepsakeError("request.invalid", { details: { where: "", rule: "json" } }));
    }
  });
  app.addContentTypeParser("application/octet-stream", (_request, payload, done) => done(null, payload));
}

/** What stands behind an error, for the operator: its code, with what the database or the store called it. */
function causeOf(error: unknown): string {
  if (!KeepsakeError.is(error)) return nameOf(error);
  const { code, details, cause } = error;
  const said = details["error"] ?? (cause === undefined ? undefined : nameOf(cause));
  return said === undefined ? code : `${code} ${said}`;
}

/** What kind of error it is: its message may hold what a client sent. */
function nameOf(error: unknown): string {
  const { name, code } = (error ?? {}) as { name?: string; code?: string };
  return `${name ?? typeof error}${code === undefined ? "" : ` ${code}`}`;
}
