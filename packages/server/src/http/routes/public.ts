import type { FastifyRequest } from "fastify";
import Type, { type Static } from "typebox";
import { catalogueShape } from "../../plans/schema.ts";
import { receiptKey } from "../../vaults/receipts.ts";
import { docsPage } from "../docs-page.ts";
import { frontPage } from "../front-page.ts";
import { PROTOCOL } from "../document.ts";
import { Readiness } from "../readiness.ts";
import { addRoute, type Site } from "../route.ts";
import { addWebRoutes } from "../web/routes.ts";
import { hex, shape } from "../wire.ts";

/** What the answers about the server itself depend on. */
export interface ServerState {
  /** Fires when the server is asked to stop. */
  readonly stopping: AbortSignal;
}

const pageHeaders = {
  "content-type": "text/html; charset=utf-8",
  "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
};

/** What anybody may ask: whether the server runs, what it speaks, the document of its routes. */
export function addPublicRoutes(site: Site, state: ServerState): void {
  const { app, server, door } = site;
  const page = {
    schema: { hide: true },
    onRequest: async (request: FastifyRequest) => door.knock(request, 1),
  };
  // The one thing that is not counted: who starts the process anew must always hear that it runs.
  app.get("/health", { schema: { hide: true } }, async (_request, reply) =>
    reply
      .code(state.stopping.aborted ? 503 : 200)
      .send({ status: state.stopping.aborted ? "stopping" : "ok" }),
  );
  const readiness = new Readiness(server);
  app.get("/ready", page, async (_request, reply) => {
    if (state.stopping.aborted) return reply.code(503).send({ status: "stopping" });
    const lacking = await readiness.lacking();
    if (lacking.length === 0) return reply.send({ status: "ready" });
    return reply.code(503).send({ status: "not-ready", lacking });
  });
  if (server.config.web !== "") addWebRoutes(site, server.config.web);
  else app.get("/", page, async (_request, reply) => reply.headers(pageHeaders).send(frontPage));
  app.get("/docs", page, async (_request, reply) => reply.headers(pageHeaders).send(docsPage(app.swagger())));
  app.get("/docs/openapi.json", page, async () => app.swagger());
  addRoute(
    site,
    {
      method: "GET",
      path: "/v1/server",
      summary: "What this server is: its protocol, who may sign up, the key of its receipts",
      admit: "anyone",
      answer: shape({
        protocol: Type.Integer(),
        signUp: Type.Union([Type.Literal("invitation"), Type.Literal("open")]),
        receiptKey: hex(32),
        trashDays: Type.Integer(),
        guards: Type.Array(Type.String(), {
          description: "The two guards of passwords, empty for this server; none where there are none",
        }),
        areGuardsApart: Type.Boolean({
          description: "Whether no machine holds both: else who has this one may guess at passwords offline",
        }),
        isDirect: Type.Boolean({
          description: "Whether clients send objects to the object store themselves",
        }),
      }),
    },
    async () => ({
      protocol: PROTOCOL,
      signUp: server.config.signUp,
      receiptKey: receiptKey(server.secrets),
      trashDays: server.config.trashDays,
      guards: [...server.config.guard.guards],
      areGuardsApart: new Set(server.config.guard.guards).size === 2,
      isDirect: server.blobs.direct !== undefined,
    }),
  );
  addRoute(
    site,
    {
      method: "GET",
      path: "/v1/plans",
      summary: "The catalogue: plans with their room, prices by channel, and the terms",
      admit: "anyone",
      answer: catalogueShape,
    },
    async () => (await server.catalogues.current()) as Static<typeof catalogueShape>,
  );
}
