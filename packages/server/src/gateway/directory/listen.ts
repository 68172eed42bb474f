import type { AddressInfo } from "node:net";
import fastify, { type FastifyInstance } from "fastify";
import Type, { type Static } from "typebox";
import { KeepsakeError } from "@keepsake/core/base";
import { showsKey } from "../../cells/key.ts";
import { MOST_CELLS } from "../../cells/tags.ts";
import { sendProblem } from "../../http/problem.ts";
import { hex, shape } from "../../http/wire.ts";
import { urlOf } from "../../listening.ts";
import { claimNames, isElsewhere, listNames, releaseNames, type Names } from "./names.ts";

const cell = Type.Integer({ minimum: 0, maximum: MOST_CELLS - 1 });
const named = shape({ cell, names: Type.Array(hex(32), { minItems: 1, maxItems: 1000 }) });
const listed = shape({ cell, after: Type.String({ pattern: "^(?:[0-9a-f]{64})?$" }) });

/** What cells ask for, at an address of its own: whoever does not show their key finds nothing there. */
export async function listenForCells(
  names: Names,
  { address, key }: { readonly address: string; readonly key: string },
): Promise<{ readonly url: string; readonly stop: () => Promise<void> }> {
  const app = fastify({ logger: false, forceCloseConnections: true });
  app.addHook("onRequest", async ({ headers }) => {
    if (!showsKey(headers, key)) throw new KeepsakeError("request.not-found");
  });
  app.setErrorHandler((error, request, reply) => sendProblem(request, reply, error));
  app.setNotFoundHandler(() => {
    throw new KeepsakeError("request.not-found");
  });
  addRoutes(app, names);
  const [, host = "", port = ""] = /^(.+):(\d{1,5})$/.exec(address) ?? [];
  await app.listen({ host: host.replace(/^\[|\]$/g, ""), port: Number(port) }).catch((cause: unknown) => {
    throw new KeepsakeError("base.invalid", { cause, details: { name: "KEEPSAKE_GATEWAY_DIRECTORY" } });
  });
  return { url: urlOf(app.server.address() as AddressInfo), stop: () => app.close() };
}

function addRoutes(app: FastifyInstance, all: Names): void {
  const post = <T extends Type.TSchema>(
    path: string,
    body: T,
    answer: (given: Static<T>) => Promise<object>,
  ): void => {
    app.post(`/v1/directory/${path}`, { schema: { body } }, (request) => answer(request.body as Static<T>));
  };
  app.get("/v1/directory", async () => ({ status: "ok" }));
  post("claim", named, async (given) => ({ taken: await claimNames(all, given.cell, given.names) }));
  post("look", named, async (given) => ({ isElsewhere: await isElsewhere(all, given.cell, given.names) }));
  post("release", named, async (given) => ({ released: await releaseNames(all, given.cell, given.names) }));
  post("list", listed, (given) => listNames(all, given.cell, given.after));
}
