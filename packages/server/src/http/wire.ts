import type { FastifyRequest } from "fastify";
import Type from "typebox";

/*
 * The values of the wire. Bytes are hex where they name something and base64url where they are content; times are
 * milliseconds since 1970, UTC.
 */

/** So many bytes in hex. */
export const hex = (bytes: number) => Type.String({ pattern: `^[0-9a-f]{${bytes * 2}}$` });

export const millis = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });
export const bytesCount = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });

/** The server's own ids: members, vaults, sessions, uploads. */
export const id = Type.String({ pattern: "^[0-9a-v]{26}$" });

/** A shape without other fields. */
export const shape = <T extends Type.TProperties>(properties: T) =>
  Type.Object(properties, { additionalProperties: false });

/** An address or a number, as a person types it. */
export const contact = shape({
  kind: Type.Union([Type.Literal("email"), Type.Literal("phone")]),
  to: Type.String({ minLength: 3, maxLength: 200 }),
});

/** A code of six digits. */
export const digits = Type.String({ pattern: "^[0-9]{6}$" });

/** The language that a client asks for. */
export function languageOf(request: FastifyRequest): "en" | "zh" {
  return /^zh\b/i.test(request.headers["accept-language"] ?? "") ? "zh" : "en";
}
