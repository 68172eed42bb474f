import Type from "typebox";
import { KeepsakeError } from "@keepsake/core/base";
import { cellOfId, MOST_CELLS } from "../../../cells/tags.ts";
import { noteHelp } from "../../../recovery/afar.ts";
import { handOver } from "../../../recovery/enrolments.ts";
import { endHelp, listShares, ownFamilyKey, startWait, takeShares } from "../../../recovery/family.ts";
import { addRoute, type Site } from "../../route.ts";
import { hex, id, shape } from "../../wire.ts";

const from = Type.Integer({ minimum: 0, maximum: MOST_CELLS - 1 });
const share = hex(16);
const params = shape({ share });
const byHelper = shape({ helper: id, from });

/** What cells ask of each other: nobody else is let in, and without a key of theirs there is nothing to find. */
export function addCellRoutes(site: Site): void {
  if (site.server.config.cells.key === "") return;
  addLooking(site);
  addHelp(site);
  addHelpers(site);
}

function addLooking(site: Site): void {
  const { server } = site;
  addRoute(
    site,
    {
      method: "GET",
      path: "/v1/cell",
      summary: "Which cell this is",
      admit: "cell",
      answer: shape({ cell: from }),
    },
    () => Promise.resolve({ cell: server.cell }),
  );
  addRoute(
    site,
    {
      method: "POST",
      path: "/v1/cell/enrolments/:box",
      summary: "Hand a mailbox over to the cell whose device came to it",
      admit: "cell",
      params: shape({ box: id }),
      body: shape({ from }),
    },
    async ({ params: { box }, body }) => handOver(server, { box, to: body.from }),
  );
  addRoute(
    site,
    {
      method: "GET",
      path: "/v1/cell/family-keys/:member",
      summary: "The key of a member of this cell who may help",
      admit: "cell",
      params: shape({ member: id }),
    },
    ({ params: { member } }) => ownFamilyKey(server, member),
  );
}

function addHelp(site: Site): void {
  const { server } = site;
  addRoute(
    site,
    {
      method: "POST",
      path: "/v1/cell/family-help",
      summary: "A member of this cell may help with a family slot of the other's",
      admit: "cell",
      body: shape({ share, helper: id, from }),
      status: 204,
    },
    async ({ body: { share: name, helper, from: cell } }) => {
      await noteHelp(server, { share: name, helper, cell });
      return undefined;
    },
  );
  addRoute(
    site,
    {
      method: "POST",
      path: "/v1/cell/family-shares",
      summary: "Family slots of this cell in which a member of the other may help",
      admit: "cell",
      body: shape({ helper: id, shares: Type.Array(share, { maxItems: 1000 }), from }),
    },
    async ({ body: { helper, shares, from: cell } }) => {
      requireTheirs(helper, cell);
      const lines = await listShares(server, helper);
      return { shares: lines.filter((line) => line.helper === helper && shares.includes(line.id)) };
    },
  );
}

function addHelpers(site: Site): void {
  const { server } = site;
  const path = (verb: string): string => `/v1/cell/family-shares/:share/${verb}`;
  const route = { method: "POST", admit: "cell", params, body: byHelper } as const;
  addRoute(
    site,
    { ...route, path: path("start"), summary: "A helper of the other cell begins the wait", status: 204 },
    async ({ params: { share: name }, body: { helper, from: cell } }) => {
      requireTheirs(helper, cell);
      await startWait(server, helper, name);
      return undefined;
    },
  );
  addRoute(
    site,
    { ...route, path: path("release"), summary: "A helper of the other cell takes both shares" },
    async ({ params: { share: name }, body: { helper, from: cell } }) => {
      requireTheirs(helper, cell);
      return takeShares(server, helper, name);
    },
  );
  addRoute(
    site,
    {
      ...route,
      path: path("gone"),
      summary: "A helper is no member of the other cell any more",
      status: 204,
    },
    async ({ params: { share: name }, body: { helper, from: cell } }) => {
      requireTheirs(helper, cell);
      const nowMs = server.clock.now();
      await server.db.transaction((query) => endHelp(query, nowMs, { helper, share: name }));
      return undefined;
    },
  );
}

/** A cell speaks for its own members alone. Throws `family.unknown`. */
function requireTheirs(helper: string, cell: number): void {
  if (cellOfId(helper) !== cell) throw new KeepsakeError("family.unknown");
}
