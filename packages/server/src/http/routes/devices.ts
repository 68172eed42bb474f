import Type from "typebox";
import { KeepsakeError } from "@keepsake/core/base";
import { eventsAfter, markHeard, note } from "../../members/events.ts";
import { beginPasswordChange, endPasswordChange } from "../../members/login.ts";
import { endOtherSessions, endSession, listSessions } from "../../members/sessions.ts";
import { memberUsage } from "../../members/usage.ts";
import { addRoute, type Site } from "../route.ts";
import { bytesCount, hex, id, millis, opaque, shape, ticket } from "../wire.ts";

const MOST_EVENTS = 1000;

const event = shape({
  number: Type.Integer(),
  atMs: millis,
  kind: Type.String(),
  session: Type.String(),
  details: Type.Record(Type.String(), Type.Union([Type.String(), Type.Number()])),
  hash: hex(32),
});

/** What a member sees of itself: its devices, what happened, how much room there is. */
export function addDeviceRoutes(site: Site): void {
  addSessionRoutes(site);
  addMemberRoutes(site);
  addPasswordRoutes(site);
}

function addSessionRoutes(site: Site): void {
  const { server } = site;
  addRoute(
    site,
    {
      method: "GET",
      path: "/v1/devices",
      summary: "The devices that are logged in",
      admit: "session",
      answer: shape({
        devices: Type.Array(
          shape({
            id,
            platform: Type.String(),
            way: Type.String(),
            createdMs: millis,
            seenMs: millis,
            fullFromMs: millis,
            isThis: Type.Boolean(),
          }),
        ),
      }),
    },
    async ({ session }) => ({ devices: [...(await listSessions(server, session))] }),
  );
  addRoute(
    site,
    {
      method: "DELETE",
      path: "/v1/devices/:id",
      summary: "Log a device out, this one or another",
      admit: "session",
      params: shape({ id }),
      status: 204,
    },
    async ({ session, params }) => {
      const nowMs = server.clock.now();
      await server.db.transaction(async (query) => {
        // A session that may not yet read may not throw out those that may.
        if (params.id !== session.id && session.fullFromMs > 0)
          throw new KeepsakeError("member.limited", { details: { untilMs: session.fullFromMs } });
        if (!(await endSession(query, session.member, params.id)))
          throw new KeepsakeError("request.not-found");
        const ended = { member: session.member, kind: "logged-out", session: session.id } as const;
        await note(query, nowMs, { ...ended, details: { device: params.id } });
      });
      return undefined;
    },
  );
  addRoute(
    site,
    {
      method: "DELETE",
      path: "/v1/devices",
      summary: "Log all other devices out",
      admit: "full",
      answer: shape({ ended: Type.Integer() }),
    },
    async ({ session }) =>
      server.db.transaction(async (query) => {
        const ended = await endOtherSessions(query, session);
        const change = { member: session.member, kind: "logged-out", session: session.id } as const;
        await note(query, server.clock.now(), { ...change, details: { others: ended } });
        return { ended };
      }),
  );
}

function addMemberRoutes(site: Site): void {
  const { server } = site;
  addRoute(
    site,
    {
      method: "GET",
      path: "/v1/member",
      summary: "How much room there is and how much is used; whether logins wait, and a reset is under way",
      admit: "session",
      answer: shape({
        member: id,
        isOperator: Type.Boolean(),
        quotaBytes: bytesCount,
        usedBytes: bytesCount,
        reservedBytes: bytesCount,
        trashedBytes: bytesCount,
        events: Type.Integer(),
        isApprovalOn: Type.Boolean({ description: "Whether a login by password waits for another device" }),
        isTotpOn: Type.Boolean({ description: "Whether logins by password need a code of an app" }),
        resetUntilMs: Type.Integer({
          description: "Until when a reset of the password can be taken back; 0 without one",
        }),
      }),
    },
    ({ session }) => memberUsage(server, session),
  );
  addRoute(
    site,
    {
      method: "GET",
      path: "/v1/events",
      summary: "What happened: a log in which each entry has the hash of the one before in its own",
      admit: "session",
      query: shape({
        after: Type.Optional(Type.String({ pattern: "^[0-9]{1,15}$" })),
        limit: Type.Optional(Type.String({ pattern: "^[0-9]{1,4}$" })),
      }),
      answer: shape({ events: Type.Array(event) }),
    },
    async ({ session, query }) => {
      const limit = Math.min(Number(query.limit ?? MOST_EVENTS), MOST_EVENTS);
      const events = await eventsAfter(server, session.member, { after: Number(query.after ?? 0), limit });
      await markHeard(server, session.id, events.at(-1)?.number ?? 0);
      return { events: [...events] };
    },
  );
}

function addPasswordRoutes(site: Site): void {
  const { server } = site;
  addRoute(
    site,
    {
      method: "POST",
      path: "/v1/password/start",
      summary: "Begin to change the password",
      admit: "full",
      body: shape({ registrationRequest: opaque }),
      answer: shape({ ticket, registrationResponse: opaque }),
    },
    async ({ body }) => beginPasswordChange(server, body.registrationRequest),
  );
  addRoute(
    site,
    {
      method: "POST",
      path: "/v1/password/finish",
      summary: "Set the new password; all other devices are logged out",
      admit: "full",
      body: shape({ ticket, registrationRecord: opaque }),
      answer: shape({ ended: Type.Integer() }),
    },
    async ({ session, body }) => ({ ended: await endPasswordChange(server, session, body) }),
  );
}
