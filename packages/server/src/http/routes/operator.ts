import Type from "typebox";
import { failedJobs } from "../../jobs/index.ts";
import { invite } from "../../members/invitations.ts";
import { entriesAfter } from "../../operator/log.ts";
import { closeMember, holdMember, keepOn, listMembers, setQuota, sums } from "../../operator/members.ts";
import { addRoute, type Site } from "../route.ts";
import { bytesCount, id, millis, shape } from "../wire.ts";
import { closingLine } from "./safety/closing.ts";

const MOST_LINES = 1000;
const MOST_DAYS = 365;
const standings = Type.Array(shape({ state: Type.String(), count: Type.Integer() }));

/** What the operator does with members. Nothing here tells who they are, or could read what they store. */
export function addOperatorRoutes(site: Site): void {
  addLooking(site);
  addChanging(site);
  addClosing(site);
  addHolding(site);
  addLog(site);
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
    async ({ session, body: { quotaBytes = server.config.quotaBytes, days = 30 } }) => ({
      invitation: await invite(server, session, { isOperator: false, quotaBytes, days }),
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

function addClosing(site: Site): void {
  const { server } = site;
  const path = "/v1/operator/members/:id/closing";
  const params = shape({ id });
  addRoute(
    site,
    {
      method: "POST",
      path,
      summary: "End a membership after seven days in which its devices and contacts are told each day",
      admit: "operator",
      params,
      status: 201,
      answer: closingLine,
    },
    async ({ session, params: { id: member } }) => closeMember(server, session, member),
  );
  addRoute(
    site,
    { method: "DELETE", path, summary: "Take that back", admit: "operator", params, status: 204 },
    async ({ session, params: { id: member } }) => {
      await keepOn(server, session, member);
      return undefined;
    },
  );
}

function addHolding(site: Site): void {
  const { server } = site;
  const path = "/v1/operator/members/:id/hold";
  const params = shape({ id });
  const hold = (method: "PUT" | "DELETE", summary: string, isHeld: boolean): void =>
    addRoute(
      site,
      { method, path, summary, admit: "operator", params, status: 204 },
      async ({ session, params: { id: member } }) => {
        await holdMember(server, session, { member, isHeld });
        return undefined;
      },
    );
  hold("PUT", "Remove nothing of a member for want of payment or of use, as long as this stands", true);
  hold("DELETE", "End that", false);
}

function addLog(site: Site): void {
  const { server } = site;
  addRoute(
    site,
    {
      method: "GET",
      path: "/v1/operator/log",
      summary: "What operators did: each entry is signed, and has the hash of the one before",
      admit: "operator",
      query: shape({ after: Type.Optional(Type.String({ pattern: "^[0-9]{1,15}$" })) }),
      answer: shape({
        entries: Type.Array(
          shape({
            number: Type.Integer(),
            atMs: millis,
            kind: Type.String(),
            who: Type.String(),
            details: Type.String({ description: "JSON" }),
            before: Type.String(),
            signature: Type.String(),
          }),
        ),
      }),
    },
    async ({ query: { after = "0" } }) => ({
      entries: [...(await entriesAfter(server, { after: Number(after), limit: MOST_LINES }))],
    }),
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
      summary: "How much is stored by how many, and how these stand",
      admit: "operator",
      answer: shape({
        members: Type.Integer(),
        states: standings,
        lapses: standings,
        levels: Type.Array(shape({ levelBytes: bytesCount, members: Type.Integer(), usedBytes: bytesCount })),
        vaults: Type.Integer(),
        objects: Type.Integer(),
        usedBytes: bytesCount,
        trashedBytes: bytesCount,
      }),
    },
    async () => {
      const { states, lapses, levels, ...rest } = await sums(server);
      return { ...rest, states: [...states], lapses: [...lapses], levels: [...levels] };
    },
  );
  addRoute(
    site,
    {
      method: "GET",
      path: "/v1/operator/jobs",
      summary: "Jobs that failed when they were tried last",
      admit: "operator",
      answer: shape({
        jobs: Type.Array(
          shape({ kind: Type.String(), madeMs: millis, code: Type.String(), isGivenUp: Type.Boolean() }),
        ),
      }),
    },
    async () => ({ jobs: [...(await failedJobs(server.db.query, MOST_LINES))] }),
  );
}
