import type { FastifyReply, FastifyRequest } from "fastify";
import { KeepsakeError } from "@keepsake/core/base";
import type { Server } from "../../server.ts";
import type { Site } from "../route.ts";
import { readWeb, type WebFile } from "./folder.ts";
import { STRICT_TRANSPORT, webHeaders } from "./headers.ts";

/** A page takes some twenty files: together they cost their address as much as two requests. */
const COST = 0.1;

/** The folder whose files have a hash in their names. */
const HASHED = "assets/";

/** Where the app's manifest has other apps share files. */
const SHARE = "/share";

/** The web app at `/`, from a folder that holds a build. Throws `base.invalid` where it holds none. */
export function addWebRoutes({ app, server, door }: Site, folder: string): void {
  const files = readWeb(folder);
  const byPath = new Map(files.map((file) => [file.path, file]));
  const headers = webHeaders(originsOf(server));
  const send = (request: FastifyRequest, reply: FastifyReply, path: string): FastifyReply => {
    const file = byPath.get(path);
    if (file === undefined) throw new KeepsakeError("request.not-found");
    const isSafe = request.protocol === "https" || server.config.publicUrl.startsWith("https:");
    void reply.headers({ ...headers, ...(isSafe && { "strict-transport-security": STRICT_TRANSPORT }) });
    return sendFile(request, reply, file);
  };
  const options = {
    schema: { hide: true },
    onRequest: async (request: FastifyRequest) => door.knock(request, COST),
  };
  app.get("/", options, async (request, reply) => send(request, reply, "index.html"));
  for (const { path } of files.filter(({ path }) => !path.startsWith(HASHED)))
    app.get(`/${path}`, options, async (request, reply) => send(request, reply, path));
  app.post(SHARE, {
    schema: { hide: true },
    // Files that somebody shares with the app are taken by the app itself, on the device. Where the browser has lost
    // it, it sends them here: nothing of them is read.
    onRequest: async (request, reply) => {
      door.knock(request, COST);
      return reply.header("connection", "close").redirect("/#/sources?shared=failed", 303);
    },
    handler: async () => undefined,
  });
  app.get<{ Params: { name: string } }>(`/${HASHED}:name`, options, async (request, reply) =>
    send(request, reply, `${HASHED}${request.params.name}`),
  );
}

/** Where the app goes beside this server: objects are sent to the object store itself, guards are asked where they are. */
function originsOf({ blobs, config }: Server): readonly string[] {
  const guards = config.guard.guards
    .filter((address) => address !== "")
    .map((address) => new URL(address).origin);
  return blobs.direct === undefined ? guards : [blobs.direct.origin, ...guards];
}

function sendFile(request: FastifyRequest, reply: FastifyReply, file: WebFile): FastifyReply {
  const taken = encodingsOf(request.headers["accept-encoding"]);
  const chosen = file.compressed.find(({ encoding }) => taken.has(encoding));
  const tag = `"${file.sha256.slice(0, 32)}${chosen === undefined ? "" : `-${chosen.encoding}`}"`;
  void reply.headers({
    "cache-control": file.path.startsWith(HASHED) ? "public, max-age=31536000, immutable" : "no-cache",
    etag: tag,
    vary: "accept-encoding",
  });
  if (isKnown(request.headers["if-none-match"], tag)) return reply.code(304).send();
  if (chosen !== undefined) void reply.header("content-encoding", chosen.encoding);
  return reply.type(file.type).send(chosen?.bytes ?? file.plain);
}

/** The encodings that a client takes, but for those of which it says that it does not (RFC 9110, 12.5.3). */
function encodingsOf(header: string | string[] | undefined): ReadonlySet<string> {
  const taken = String(header ?? "")
    .split(",")
    .map((each) => /^\s*([\w*-]+)\s*(?:;\s*q=([\d.]+))?\s*$/i.exec(each))
    .filter((match) => match !== null && Number(match[2] ?? 1) > 0)
    .map((match) => match![1]!.toLowerCase());
  return new Set(taken);
}

function isKnown(header: string | undefined, tag: string): boolean {
  return (header ?? "")
    .split(",")
    .map((each) => each.trim().replace(/^W\//, ""))
    .some((each) => each === tag || each === "*");
}
