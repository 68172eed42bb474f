import swagger from "@fastify/swagger";
import type { FastifyInstance } from "fastify";

/** The protocol's version; a client and a server of one version understand each other. */
export const PROTOCOL = 1;

/** The OpenAPI document of all routes that are added after it. */
export async function addDocument(app: FastifyInstance): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: "3.1.0",
      info: {
        title: "Keepsake server",
        description:
          "A blind cloud for vaults. docs/PROTOCOL.md says in which order things are called, and why.",
        version: String(PROTOCOL),
        license: { name: "Apache-2.0" },
      },
      components: {
        securitySchemes: {
          session: { type: "http", scheme: "Keepsake", description: "The session's token" },
          proof: {
            type: "apiKey",
            in: "header",
            name: "keepsake-proof",
            description: "Time, nonce and the device's signature of the request",
          },
        },
      },
    },
  });
}
