import { Readable } from "node:stream";
import { KeepsakeError } from "@keepsake/core/base";
import type { FastifyInstance, FastifyReply, FastifyRequest, HTTPMethods } from "fastify";
import type { Static, TSchema } from "typebox";
import type { Account } from "../billing/books/accounts.ts";
import type { Session } from "../members/sessions.ts";
import type { Server } from "../server.ts";
import type { Door } from "./door.ts";
import type { AtOnce } from "./limits.ts";

/**
 * Who may come: anyone; a session, even a limited one; one that may read and delete; the operator's; another cell; who
 * pays, of whom nothing else is known.
 */
export type Admission = "anyone" | "session" | "full" | "operator" | "cell" | "account";

/** A route: who may come, what it takes, what it answers, as data that checks requests and makes the document. */
export interface Route<P extends TSchema, Q extends TSchema, B extends TSchema, A extends TSchema> {
  readonly method: HTTPMethods;
  readonly path: string;
  readonly summary: string;
  readonly admit: Admission;
  /** What a request takes from the buckets of its address and its member. */
  readonly cost?: number;
  readonly params?: P;
  readonly query?: Q;
  readonly body?: B;
  readonly answer?: A;
  readonly status?: number;
}

export interface Call<P extends TSchema, Q extends TSchema, B extends TSchema> {
  readonly params: Static<P>;
  readonly query: Static<Q>;
  readonly body: Static<B>;
  /** Of the device that calls; absent where anyone may come. */
  readonly session: Session;
  /** Who pays, where such may come. */
  readonly account: Account;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

/** Where routes are put. */
export interface Site {
  readonly app: FastifyInstance;
  readonly server: Server;
  readonly door: Door;
  /** Bodies of objects that one member sends or fetches at the same time. */
  readonly bodies: AtOnce;
}

/** The bytes of an object that a request brings; none without a body. Throws `request.invalid` for another body. */
export function bytesOf({ body }: FastifyRequest): Readable {
  if (body === undefined || body === null) return Readable.from([]);
  if (body instanceof Readable) return body;
  throw new KeepsakeError("request.invalid", { details: { where: "content-type", rule: "bytes" } });
}

/** Sends an answer, and waits until its connection has done with it: so long it is under way. */
export async function sentWhole(reply: FastifyReply, send: () => Promise<unknown>): Promise<FastifyReply> {
  const closed = new Promise((done) => reply.raw.once("close", done));
  // Who went while it was looked for closes nothing any more.
  if (reply.raw.destroyed) return reply;
  await send();
  await closed;
  return reply;
}

/** What anyone may send as a body. */
export const ANYONES_BYTES = 64 * 1024;

/** Puts a route into the site. What `handle` returns is the answer; it may also answer by itself and return the reply. */
export function addRoute<P extends TSchema, Q extends TSchema, B extends TSchema, A extends TSchema>(
  { app, door }: Site,
  route: Route<P, Q, B, A>,
  handle: (call: Call<P, Q, B>) => Promise<Static<A> | FastifyReply | undefined>,
): void {
  const { method, path: url, summary, admit, cost = 1, params, query, body, answer, status = 200 } = route;
  app.route({
    method,
    url,
    schema: {
      summary,
      ...(admit === "cell" ? { hide: true } : {}),
      ...(admit === "anyone" ? {} : { security: [{ session: [], proof: [] }] }),
      ...(params === undefined ? {} : { params }),
      ...(query === undefined ? {} : { querystring: query }),
      ...(body === undefined ? {} : { body }),
      ...(answer === undefined ? {} : { response: { [status]: answer } }),
    },
    ...(admit === "anyone" ? { bodyLimit: ANYONES_BYTES } : {}),
    // Counted before the body is read: what is refused for its form costs, too.
    onRequest: async (request) => {
      if (admit !== "cell" || !door.isCell(request)) door.knock(request, cost);
      await door.meet(request, admit);
    },
    preHandler: async (request) => door.admit(request, admit, cost),
    handler: async (request, reply) => {
      void reply.code(status);
      const answered = await handle({
        params: request.params as Static<P>,
        query: request.query as Static<Q>,
        body: request.body as Static<B>,
        session: door.sessionOf(request) as Session,
        account: (admit === "account" ? door.accountOf(request) : undefined) as Account,
        request,
        reply,
      });
      if (answered === reply || reply.sent) return reply;
      return answered ?? (status === 204 ? undefined : {});
    },
  });
}
