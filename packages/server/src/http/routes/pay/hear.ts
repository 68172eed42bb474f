import type { FastifyRequest } from "fastify";
import { hear } from "../../../billing/books/look.ts";
import { ANYONES_BYTES, bytesOf, type Site } from "../../route.ts";
import { rawBody } from "../../proof.ts";

/** Where providers call: nothing is believed that they did not sign. */
export function addHearingRoute({ app, server, door }: Site): void {
  app.route({
    method: ["POST", "GET"],
    url: "/v1/pay/hear/:provider",
    schema: { hide: true },
    bodyLimit: ANYONES_BYTES,
    onRequest: async (request) => door.knock(request, 1),
    handler: async (request, reply) => {
      const { provider } = request.params as { readonly provider: string };
      const headers = Object.fromEntries(
        Object.entries(request.headers).map(([name, value]) => [
          name,
          Array.isArray(value) ? value.join(", ") : value,
        ]),
      );
      const body = await bodyOf(request);
      const call = { method: request.method, path: request.raw.url ?? "", headers, body };
      const { status, type, body: text } = await hear(server, provider, call);
      return reply.code(status).type(type).serializer(String).send(text);
    },
  });
}

async function bodyOf(request: FastifyRequest): Promise<Uint8Array> {
  const raw = rawBody(request);
  if (raw !== undefined) return raw;
  const chunks: Buffer[] = [];
  for await (const chunk of bytesOf(request) as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}
