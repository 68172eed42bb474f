import Type from "typebox";
import { KeepsakeError } from "@keepsake/core/base";
import { askPassword, closeOwn, closingOf, keepMember } from "../../../members/closing/closing.ts";
import { deletionOf } from "../../../members/closing/remove.ts";
import { addRoute, type Site } from "../../route.ts";
import { bytesCount, digits, hex, id, millis, opaque, shape, ticket } from "../../wire.ts";

/** How a membership's end stands. */
export const closingLine = shape({
  by: Type.Union([Type.Literal("member"), Type.Literal("operator")]),
  receipt: id,
  beganMs: millis,
  daysLeft: Type.Integer(),
});

/** The end of a membership: asked for with the password, taken back by any device, proven by a receipt. */
export function addClosingRoutes(site: Site): void {
  addAsking(site);
  addLooking(site);
}

function addAsking(site: Site): void {
  const { server } = site;
  addRoute(
    site,
    {
      method: "POST",
      path: "/v1/closing/start",
      summary: "Begin to end the membership: the password is asked for once more",
      admit: "full",
      body: shape({ startLoginRequest: opaque }),
      answer: shape({ ticket, loginResponse: opaque }),
    },
    async ({ session, body }) => askPassword(server, session, body.startLoginRequest),
  );
  addRoute(
    site,
    {
      method: "POST",
      path: "/v1/closing/finish",
      summary: "End the membership after seven days; every device and contact is told each day",
      admit: "full",
      body: shape({ ticket, finishLoginRequest: opaque, totp: Type.Optional(digits) }),
      status: 201,
      answer: closingLine,
    },
    async ({ session, body }) => closeOwn(server, session, body),
  );
  addRoute(
    site,
    {
      method: "DELETE",
      path: "/v1/closing",
      summary: "Take the end of the membership back",
      admit: "session",
      status: 204,
    },
    async ({ session: { member, id: session } }) => {
      const nowMs = server.clock.now();
      await server.db.transaction((query) => keepMember(query, nowMs, { member, by: "member", session }));
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
      path: "/v1/closing",
      summary: "How the end of the membership stands; 404 where it is not being ended",
      admit: "session",
      answer: closingLine,
    },
    async ({ session }) => {
      const closing = await closingOf(server.db.query, session.member);
      if (closing === undefined) throw new KeepsakeError("request.not-found");
      return closing;
    },
  );
  addRoute(
    site,
    {
      method: "GET",
      path: "/v1/deletions/:receipt",
      summary: "The receipt of a membership that is gone; 404 until it is",
      admit: "anyone",
      params: shape({ receipt: id }),
      answer: shape({
        receipt: id,
        member: id,
        vaults: Type.Integer(),
        objects: Type.Integer(),
        bytes: bytesCount,
        events: Type.Integer(),
        eventHash: hex(32),
        beganMs: millis,
        endedMs: millis,
        backupDays: Type.Integer(),
        signature: Type.String(),
      }),
    },
    async ({ params }) => {
      const found = await deletionOf(server, params.receipt);
      if (found === undefined) throw new KeepsakeError("request.not-found");
      return found;
    },
  );
}
