import Type from "typebox";
import { lastCopyMs } from "../../operator/copies.ts";
import { receiptsAfter } from "../../vaults/receipts.ts";
import { listTrash, restoreObjects } from "../../vaults/trash.ts";
import { listVaults, makeVault, requireVault } from "../../vaults/vaults.ts";
import { addRoute, type Site } from "../route.ts";
import { bytesCount, hex, id, millis, shape } from "../wire.ts";

const MOST_LINES = 1000;
const vaultParams = shape({ vault: id });

/** A receipt as it is signed. */
export const receipt = shape({
  vault: id,
  number: Type.Integer(),
  head: Type.Integer(),
  headHash: hex(32),
  atMs: millis,
  before: Type.String(),
  signature: Type.String(),
});

/** Vaults, their receipts, their trash. */
export function addVaultRoutes(site: Site): void {
  addVaults(site);
  addTrash(site);
}

function addVaults(site: Site): void {
  const { server } = site;
  addRoute(
    site,
    {
      method: "POST",
      path: "/v1/vaults",
      summary: "Make an empty vault",
      admit: "full",
      status: 201,
      answer: shape({ vault: id }),
    },
    async ({ session }) => ({ vault: await makeVault(server, session) }),
  );
  addRoute(
    site,
    {
      method: "GET",
      path: "/v1/vaults",
      summary: "The member's vaults",
      admit: "session",
      answer: shape({
        vaults: Type.Array(
          shape({
            id,
            createdMs: millis,
            usedBytes: bytesCount,
            objects: Type.Integer(),
            receipts: Type.Integer(),
          }),
        ),
        copiedMs: Type.Optional({
          ...millis,
          description: "when the operator's program copied all that the server holds the last time",
        }),
      }),
    },
    async ({ session }) => {
      const copiedMs = await lastCopyMs(server.db.query);
      return {
        vaults: [...(await listVaults(server, session))],
        ...(copiedMs === undefined ? {} : { copiedMs }),
      };
    },
  );
  addRoute(
    site,
    {
      method: "GET",
      path: "/v1/vaults/:vault/receipts",
      summary: "The server's word for each head that it took",
      admit: "session",
      params: vaultParams,
      query: shape({ after: Type.Optional(Type.String({ pattern: "^[0-9]{1,15}$" })) }),
      answer: shape({ receipts: Type.Array(receipt) }),
    },
    async ({ session, params, query }) => {
      await requireVault(server, session, params.vault);
      const page = { after: Number(query.after ?? 0), limit: MOST_LINES };
      return { receipts: [...(await receiptsAfter(server.db.query, params.vault, page))] };
    },
  );
}

function addTrash(site: Site): void {
  const { server } = site;
  addRoute(
    site,
    {
      method: "GET",
      path: "/v1/vaults/:vault/trash",
      summary: "What was removed and can still be had back, the newest first",
      admit: "session",
      params: vaultParams,
      query: shape({
        after: Type.Optional(
          Type.String({
            pattern: "^[0-9]{1,15}-[0-9a-v]{26}$",
            description: "removedMs-id of the last line",
          }),
        ),
      }),
      answer: shape({
        isEnd: Type.Boolean(),
        objects: Type.Array(
          shape({
            id,
            name: Type.String(),
            sizeBytes: bytesCount,
            storedMs: millis,
            removedMs: millis,
            session: Type.String(),
          }),
        ),
      }),
    },
    async ({ session, params: { vault }, query: { after } }) => {
      await requireVault(server, session, vault);
      const [removedMs, last] = after?.split("-") ?? [];
      const page = last === undefined ? {} : { after: { removedMs: Number(removedMs), id: last } };
      const objects = await listTrash(server, { vault, limit: MOST_LINES, ...page });
      return { objects: [...objects], isEnd: objects.length < MOST_LINES };
    },
  );
  addRoute(
    site,
    {
      method: "POST",
      path: "/v1/vaults/:vault/trash/restore",
      summary: "Take objects out of the trash",
      admit: "full",
      params: vaultParams,
      body: shape({ ids: Type.Array(id, { maxItems: MOST_LINES }) }),
      answer: shape({ restored: Type.Array(Type.String()) }),
    },
    async ({ session, params, body }) => {
      await requireVault(server, session, params.vault);
      return {
        restored: [...(await restoreObjects(server, session, { vault: params.vault, ids: body.ids }))],
      };
    },
  );
}
