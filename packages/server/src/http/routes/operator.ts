import Type from "typebox";
import { invite } from "../../members/invitations.ts";
import { listMembers, setQuota, sums } from "../../operator/members.ts";
import { addRoute, type Site } from "../route.ts";
import { bytesCount, id, millis, shape } from "../wire.ts";

const MOST_LINES = 1000;
const MOST_DAYS = 365;

/** What the operator does with members. Nothing here tells who they are, or could read what they store. */
export function addOperatorRoutes(site: Site): void {
  addLooking(site);
  addChanging(site);
}

function addChanging(site: Site): void {
  const { server } = site;
  addRoute(
    site,
    {
      method: "POST",
      path: "/v1/operator/invitations",
      summary: "Invite one member",
      admit: "operator",
      body: shape({
        quotaBytes: Type.Optional(bytesCount),
        days: Type.Optional(Type.Integer({ minimum: 1, maximum: MOST_DAYS })),
      }),
      status: 201,
      answer: shape({ invitation: Type.String(), untilMs: millis }),
    },
    async ({ body: { quotaBytes = server.config.quotaBytes, days = 30 } }) => ({
      invitation: await invite(server, { isOperator: false, quotaBytes, days }),
      untilMs: server.clock.now() + days * 24 * 60 * 60_000,
    }),
  );
  addRoute(
    site,
    {
      method: "PUT",
      path: "/v1/operator/members/:id/quota",
      summary: "Set what a member may store",
      admit: "operator",
      params: shape({ id }),
      body: shape({ quotaBytes: bytesCount }),
      status: 204,
    },
    async ({ session, params, body }) => {
      await setQuota(server, session, { member: params.id, quotaBytes: body.quotaBytes });
      return undefined;
    },
  );
}

function addLooking(site: Site): void {
  const { server } = site;
  addRoute(
    site,
    {
      method: "GET",
      path: "/v1/operator/members",
      summary: "Members, by their ids alone",
      admit: "operator",
      query: shape({ after: Type.Optional(id) }),
      answer: shape({
        members: Type.Array(
          shape({
            id,
            createdMs: millis,
            state: Type.String(),
            isOperator: Type.Boolean(),
            quotaBytes: bytesCount,
            usedBytes: bytesCount,
            trashedBytes: bytesCount,
          }),
        ),
        isEnd: Type.Boolean(),
      }),
    },
    async ({ query: { after = "" } }) => {
      const members = await listMembers(server, { after, limit: MOST_LINES });
      return { members: [...members], isEnd: members.length < MOST_LINES };
    },
  );
  addRoute(
    site,
    {
      method: "GET",
      path: "/v1/operator/sums",
      summary: "How much is stored by how many",
      admit: "operator",
      answer: shape({
        members: Type.Integer(),
        vaults: Type.Integer(),
        objects: Type.Integer(),
        usedBytes: bytesCount,
        trashedBytes: bytesCount,
      }),
    },
    () => sums(server),
  );
}
