import type { FastifyReply, FastifyRequest } from "fastify";
import Type from "typebox";
import { KeepsakeError } from "@keepsake/core/base";
import { OBJECT_DIGEST, OBJECT_WEEK } from "@keepsake/core/protocol";
import { noteRead } from "../../levels/reads.ts";
import {
  findObject,
  listObjects,
  putObject,
  removeObject,
  type Found,
  type Put,
} from "../../vaults/objects.ts";
import type { Announced } from "../../vaults/uploads.ts";
import { requireVault } from "../../vaults/vaults.ts";
import { tellingRefusal } from "../../vaults/fullness.ts";
import { addRoute, bytesOf, sentWhole, type Site } from "../route.ts";
import { bytesCount, id, keyTokenBytes, shape } from "../wire.ts";
import { receipt } from "./vaults.ts";

const MOST_LISTED = 1000;
const objectParams = shape({
  vault: id,
  folder: Type.String({ maxLength: 20 }),
  name: Type.String({ maxLength: 40 }),
});

/** The four verbs of a store: put, get, list, remove. */
export function addObjectRoutes(site: Site): void {
  addReading(site);
  addWriting(site);
}

function addReading(site: Site): void {
  const { server, bodies } = site;
  addRoute(
    site,
    {
      method: "GET",
      path: "/v1/vaults/:vault/objects",
      summary: "Objects in the order of their names",
      admit: "full",
      params: shape({ vault: id }),
      query: shape({
        prefix: Type.Optional(Type.String({ pattern: "^[0-9a-z/]{0,60}$" })),
        after: Type.Optional(Type.String({ pattern: "^[0-9a-z/]{0,60}$" })),
        bytes: Type.Optional(Type.Literal("yes", { description: "The bytes of small ones with them" })),
      }),
      answer: shape({
        objects: Type.Array(
          shape({ name: Type.String(), sizeBytes: bytesCount, bytes: Type.Optional(Type.String()) }),
        ),
        isEnd: Type.Boolean(),
      }),
    },
    async ({ session, params: { vault }, query: { prefix = "", after = "", bytes: asked } }) => {
      await requireVault(server, session, vault);
      const page = { vault, prefix, after, limit: MOST_LISTED, withBytes: asked === "yes" };
      const objects = await listObjects(server, page);
      const told = objects.map(({ name, sizeBytes, bytes }) => ({
        name,
        sizeBytes,
        ...(bytes instanceof Uint8Array ? { bytes: Buffer.from(bytes).toString("base64url") } : {}),
      }));
      return { objects: told, isEnd: objects.length < MOST_LISTED };
    },
  );
  addRoute(
    site,
    {
      method: "GET",
      path: "/v1/vaults/:vault/objects/:folder/:name",
      summary: "The bytes of an object, or of a range of it",
      admit: "full",
      params: objectParams,
    },
    async ({ session, params, request, reply }) => {
      const { vault, folder, name } = params;
      await requireVault(server, session, vault);
      const found = await findObject(server, { vault, name: `${folder}/${name}` });
      if (found === undefined) throw new KeepsakeError("request.not-found");
      await noteRead(server, session.member);
      return bodies.run(session.member, () => sentWhole(reply, () => sendBytes(request, reply, found)));
    },
  );
}

function addWriting(site: Site): void {
  const { server, bodies } = site;
  addRoute(
    site,
    {
      method: "PUT",
      path: "/v1/vaults/:vault/objects/:folder/:name",
      summary:
        "Put a whole object under a free name; content-length and the header keepsake-sha256 announce it, keepsake-key-token and keepsake-key-packs say where keys lie",
      admit: "full",
      params: objectParams,
      answer: shape({
        outcome: Type.Union([Type.Literal("stored"), Type.Literal("exists")]),
        receipt: Type.Optional(receipt),
      }),
    },
    async ({ session, params, request }) => {
      await requireVault(server, session, params.vault);
      const put = {
        vault: params.vault,
        object: announcedBy(request, `${params.folder}/${params.name}`),
        bytes: bytesOf(request),
        ...keysOf(request),
      };
      const { receipt: given, outcome } = await tellingRefusal(server, session, () =>
        bodies.run(session.member, () => putObject(server, session, put)),
      );
      return { outcome, ...(given === undefined ? {} : { receipt: given }) };
    },
  );
  addRoute(
    site,
    {
      method: "DELETE",
      path: "/v1/vaults/:vault/objects/:folder/:name",
      summary: "Put an object into the trash, from which it can be had back for some days",
      admit: "full",
      params: objectParams,
      answer: shape({ isRemoved: Type.Boolean() }),
    },
    async ({ session, params: { vault, folder, name } }) => {
      await requireVault(server, session, vault);
      return { isRemoved: await removeObject(server, session, { vault, name: `${folder}/${name}` }) };
    },
  );
}

function announcedBy({ headers }: FastifyRequest, name: string): Announced {
  const length = headers["content-length"] ?? "";
  const sha256 = headers[OBJECT_DIGEST];
  if (!/^\d{1,12}$/.test(length))
    throw new KeepsakeError("request.invalid", { details: { where: "content-length", rule: "number" } });
  if (typeof sha256 !== "string" || !/^[0-9a-f]{64}$/.test(sha256))
    throw new KeepsakeError("request.invalid", { details: { where: OBJECT_DIGEST, rule: "hex" } });
  return { name, sizeBytes: Number(length), sha256, week: weekOf(headers[OBJECT_WEEK]) };
}

/** The week that an object is from; 0 for one that is kept for ever. */
function weekOf(header: string | readonly string[] | undefined): number {
  if (header === undefined) return 0;
  if (typeof header === "string" && /^\d{1,5}$/.test(header)) return Number(header);
  throw new KeepsakeError("request.invalid", { details: { where: OBJECT_WEEK, rule: "number" } });
}

/** Under what an object is wrapped that holds keys; with a head, in which packs its keys lie. */
function keysOf({ headers }: FastifyRequest): Pick<Put, "token" | "keyPacks"> {
  const [token, packs] = [headers["keepsake-key-token"], headers["keepsake-key-packs"]];
  const isToken = token === undefined || (typeof token === "string" && /^[A-Za-z0-9_-]{43}$/.test(token));
  const isList =
    packs === undefined || (typeof packs === "string" && /^[0-9a-z]{1,40}(?: [0-9a-z]{1,40})*$/.test(packs));
  if (!isToken || !isList)
    throw new KeepsakeError("request.invalid", { details: { where: "keepsake-key-…", rule: "form" } });
  return {
    token: token === undefined ? undefined : keyTokenBytes(token as string),
    keyPacks: (packs as string | undefined)?.split(" "),
  };
}

async function sendBytes(request: FastifyRequest, reply: FastifyReply, found: Found): Promise<FastifyReply> {
  const { sizeBytes, token } = found;
  const range = rangeOf(request.headers.range, sizeBytes);
  void reply.headers({ "content-type": "application/octet-stream", "accept-ranges": "bytes" });
  if (token !== undefined) void reply.header("keepsake-key-token", Buffer.from(token).toString("base64url"));
  if (range === "outside") {
    void reply.code(416).header("content-range", `bytes */${sizeBytes}`);
    return reply.send("");
  }
  const { offset, length } = range ?? { offset: 0, length: sizeBytes };
  void reply.code(range === undefined ? 200 : 206).header("content-length", length);
  if (range !== undefined)
    void reply.header("content-range", `bytes ${offset}-${offset + length - 1}/${sizeBytes}`);
  if (length === 0) return reply.send("");
  return reply.send(await found.read({ offset, length }));
}

/** One range of bytes; undefined for the whole object, also where the header is none that we know. */
function rangeOf(
  header: string | undefined,
  sizeBytes: number,
): { readonly offset: number; readonly length: number } | "outside" | undefined {
  const match = /^bytes=(\d{0,12})-(\d{0,12})$/.exec(header ?? "");
  if (match === null || (match[1] === "" && match[2] === "")) return undefined;
  if (match[1] === "") {
    const length = Math.min(Number(match[2]), sizeBytes);
    return length === 0 ? "outside" : { offset: sizeBytes - length, length };
  }
  const offset = Number(match[1]);
  const end = match[2] === "" ? sizeBytes : Math.min(Number(match[2]) + 1, sizeBytes);
  return offset >= end ? "outside" : { offset, length: end - offset };
}
