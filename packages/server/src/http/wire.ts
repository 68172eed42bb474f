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

/** The server's own ids: members, vaults, sessions, uploads. One that begins with z says its cell. */
export const id = Type.String({ pattern: "^[0-9a-vz][0-9a-v]{25}$" });

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

/** A message of OPAQUE: base64url of a few hundred bytes. */
export const opaque = Type.String({ pattern: "^[A-Za-z0-9_-]+$", maxLength: 2000 });

/** What a client carries from one request to the next. */
export const ticket = Type.String({ pattern: "^(?:[0-9a-v]{2}\\.)?[A-Za-z0-9_-]+$", maxLength: 4000 });

/** What an object that holds keys is wrapped under: 32 bytes. */
export const keyToken = Type.String({ pattern: "^[A-Za-z0-9_-]{43}$" });

export function keyTokenBytes(token: string): Uint8Array {
  return new Uint8Array(Buffer.from(token, "base64url"));
}

const platforms = ["cli", "agent", "web", "phone", "other"] as const;

/** A device that asks for a session. */
export const device = shape({
  key: hex(32),
  platform: Type.Union(platforms.map((platform) => Type.Literal(platform))),
});

export const newSession = shape({
  member: id,
  session: id,
  token: Type.String({ description: "Given once. Worth nothing without the device's key" }),
  fullFromMs: millis,
});
