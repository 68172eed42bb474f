import Type from "typebox";
import { KeepsakeError } from "@keepsake/core/base";
import { abandon, commit, findUpload, reserve, UPLOAD_MS, type Upload } from "../../vaults/uploads.ts";
import { requireVault } from "../../vaults/vaults.ts";
import { tellingRefusal } from "../../vaults/fullness.ts";
import { addRoute, bytesOf, type Site } from "../route.ts";
import { bytesCount, hex, id, keyToken, keyTokenBytes, millis, shape } from "../wire.ts";

const MOST_AT_ONCE = 100;

const announced = shape({
  name: Type.String({ maxLength: 60 }),
  sizeBytes: bytesCount,
  sha256: hex(32),
  week: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: 99_999,
      description: "The week since 1970 that it is from; 0 for what is kept for ever",
    }),
  ),
});
const uploadParams = shape({ upload: id });

/** Reserve, send, commit: room first, then the bytes, from where they were cut off, then the object. */
export function addUploadRoutes(site: Site): void {
  addReserving(site);
  addByteRoutes(site);
  addEnding(site);
}

function addReserving(site: Site): void {
  const { server } = site;
  addRoute(
    site,
    {
      method: "POST",
      path: "/v1/vaults/:vault/uploads",
      summary: "Reserve room for objects, and learn where to send their bytes",
      admit: "full",
      params: shape({ vault: id }),
      body: shape({ objects: Type.Array(announced, { minItems: 1, maxItems: MOST_AT_ONCE }) }),
      status: 201,
      answer: shape({
        uploads: Type.Array(
          shape({
            id,
            name: Type.String(),
            untilMs: millis,
            method: Type.String(),
            url: Type.String({ description: "An address of its own, or a path of this server" }),
            headers: Type.Record(Type.String(), Type.String()),
          }),
        ),
        taken: Type.Array(Type.String(), { description: "Names under which something lies already" }),
      }),
    },
    async ({ session, params, body }) => {
      await requireVault(server, session, params.vault);
      const { uploads, taken } = await tellingRefusal(server, session, () =>
        reserve(server, session, { vault: params.vault, objects: body.objects }),
      );
      const untilMs = server.clock.now() + UPLOAD_MS;
      const told = [];
      for (const upload of uploads)
        told.push({ id: upload.id, name: upload.name, untilMs, ...(await wayOf(site, upload)) });
      return { uploads: told, taken: [...taken] };
    },
  );
}

function addEnding(site: Site): void {
  const { server } = site;
  addRoute(
    site,
    {
      method: "POST",
      path: "/v1/commits",
      summary: "Make objects of uploads whose bytes are here, all or none",
      admit: "full",
      body: shape({
        uploads: Type.Array(id, { minItems: 1, maxItems: MOST_AT_ONCE }),
        keyTokens: Type.Optional(
          Type.Record(id, keyToken, {
            additionalProperties: false,
            description: "Of objects that hold keys, by the upload",
          }),
        ),
      }),
      answer: shape({
        outcomes: Type.Array(Type.Union([Type.Literal("stored"), Type.Literal("exists")])),
      }),
    },
    async ({ session, body: { uploads: ids, keyTokens = {} } }) => {
      const tokens = Object.fromEntries(
        Object.entries(keyTokens).map(([upload, token]) => [upload, keyTokenBytes(token)]),
      );
      return { outcomes: [...(await commit(server, session, { ids, tokens }))] };
    },
  );
  addRoute(
    site,
    {
      method: "DELETE",
      path: "/v1/uploads/:upload",
      summary: "Give an upload up",
      admit: "full",
      params: uploadParams,
      status: 204,
    },
    async ({ session, params }) => {
      await abandon(server, session, params.upload);
      return undefined;
    },
  );
}

function addByteRoutes(site: Site): void {
  const { server, bodies } = site;
  addRoute(
    site,
    {
      method: "PUT",
      path: "/v1/uploads/:upload",
      summary: "Send bytes, from the header upload-offset on",
      admit: "full",
      params: uploadParams,
      answer: shape({ isWhole: Type.Boolean(), offset: bytesCount }),
    },
    async ({ session, params, request }) => {
      const upload = await findUpload(server, session, params.upload);
      const offset = offsetOf(request.headers["upload-offset"]);
      const isWhole = await bodies.run(session.member, () =>
        server.blobs.receive(upload.id, bytesOf(request), upload, offset),
      );
      return { isWhole, offset: isWhole ? upload.sizeBytes : await server.blobs.receivedBytes(upload.id) };
    },
  );
  addRoute(
    site,
    {
      method: "GET",
      path: "/v1/uploads/:upload",
      summary: "Where to go on with an upload that was cut off",
      admit: "full",
      params: uploadParams,
      answer: shape({ offset: bytesCount, sizeBytes: bytesCount }),
    },
    async ({ session, params }) => {
      const { id: key, sizeBytes } = await findUpload(server, session, params.upload);
      return { offset: await server.blobs.receivedBytes(key), sizeBytes };
    },
  );
}

async function wayOf(
  { server }: Site,
  upload: Upload,
): Promise<{ method: string; url: string; headers: Record<string, string> }> {
  const { direct } = server.blobs;
  if (direct === undefined) return { method: "PUT", url: `/v1/uploads/${upload.id}`, headers: {} };
  const request = await direct.uploadRequest(upload.id, upload, UPLOAD_MS);
  return { ...request, headers: { ...request.headers } };
}

function offsetOf(header: string | readonly string[] | undefined): number {
  if (header === undefined) return 0;
  if (typeof header === "string" && /^\d{1,12}$/.test(header)) return Number(header);
  throw new KeepsakeError("request.invalid", { details: { where: "upload-offset", rule: "number" } });
}
