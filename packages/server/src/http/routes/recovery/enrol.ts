import type { FastifyReply, FastifyRequest } from "fastify";
import Type from "typebox";
import { KeepsakeError } from "@keepsake/core/base";
import { CELL_HEADER } from "../../../cells/call.ts";
import {
  approve,
  closeMailbox,
  collect,
  findMailbox,
  openMailbox,
  requireMailbox,
  sayHello,
  sayReveal,
} from "../../../recovery/enrolments.ts";
import type { EnrolmentTable } from "../../../recovery/tables.ts";
import { Limits } from "../../limits.ts";
import { placeOf } from "../../place.ts";
import { addRoute, type Site } from "../../route.ts";
import { device, id, millis, shape } from "../../wire.ts";

/** What the two devices say to each other: base64url that the server does not look into. */
const said = Type.String({ pattern: "^[A-Za-z0-9_-]+$", maxLength: 16_384 });
const heard = Type.String({ description: "Empty until it is said" });
const params = shape({ box: id });
const OPEN_COST = 10;
/** Twenty mailboxes at once from one place, as they last two minutes; one that may ask more may open more. */
const asked = { burst: 40, perSecond: 1200 };

/** Letting a new device in: it shows a code, an old device scans it, and they speak through a mailbox. */
export function addEnrolRoutes(site: Site): void {
  addNewDevice(site);
  addCollect(site);
  addOldDevice(site);
}

/** The mailbox that the device which asks has opened. */
async function ownBox(
  { server, door }: Site,
  { request, reply }: { readonly request: FastifyRequest; readonly reply: FastifyReply },
  box: string,
): Promise<EnrolmentTable> {
  const row = await findMailbox(server, box);
  door.checkDevice(request, row.deviceKey);
  if (row.movedTo === null) return row;
  // A gateway sends the request there.
  void reply.header(CELL_HEADER, row.movedTo);
  throw new KeepsakeError("server.other-cell", { retry: "later" });
}

function addNewDevice(site: Site): void {
  const { server, door } = site;
  const { burst, perSecond } = server.config.addressRate;
  const rate = { burst: burst / asked.burst, perSecond: perSecond / asked.perSecond };
  const places = new Limits(rate, server.clock);
  addRoute(
    site,
    {
      method: "POST",
      path: "/v1/enrol",
      summary: "Open a mailbox for a new device; it is gone after two minutes if nobody comes",
      admit: "anyone",
      cost: OPEN_COST,
      body: shape({ device }),
      status: 201,
      answer: shape({ box: id, untilMs: millis }),
    },
    async ({ body, request }) => {
      door.checkDevice(request, body.device.key);
      places.spend(placeOf(request));
      return openMailbox(server, body.device);
    },
  );
  addRoute(
    site,
    {
      method: "GET",
      path: "/v1/enrol/:box/new",
      summary: "What the new device finds in its mailbox",
      admit: "anyone",
      params,
      answer: shape({ hello: heard, isApproved: Type.Boolean() }),
    },
    async ({ params: { box }, request, reply }) => {
      const row = await ownBox(site, { request, reply }, box);
      return { hello: row.hello, isApproved: row.package !== "" };
    },
  );
  addRoute(
    site,
    {
      method: "POST",
      path: "/v1/enrol/:box/reveal",
      summary: "The new device answers the old one",
      admit: "anyone",
      params,
      body: shape({ reveal: said }),
      status: 204,
    },
    async ({ params: { box }, body, request, reply }) => {
      await sayReveal(server, await ownBox(site, { request, reply }, box), body.reveal);
      return undefined;
    },
  );
}

function addCollect(site: Site): void {
  addRoute(
    site,
    {
      method: "POST",
      path: "/v1/enrol/:box/collect",
      summary: "The new device takes what was left for it, and a session; the mailbox is gone",
      admit: "anyone",
      params,
      status: 201,
      answer: shape({
        member: id,
        session: id,
        token: Type.String({ description: "Given once. Worth nothing without the device's key" }),
        fullFromMs: millis,
        package: Type.String(),
      }),
    },
    async ({ params: { box }, request, reply }) =>
      collect(site.server, await ownBox(site, { request, reply }, box)),
  );
}

function addOldDevice(site: Site): void {
  const { server } = site;
  addRoute(
    site,
    {
      method: "POST",
      path: "/v1/enrol/:box/hello",
      summary: "An old device comes to a mailbox; only the first one is let in",
      admit: "full",
      params,
      body: shape({ hello: said }),
      status: 204,
    },
    async ({ session, params: { box }, body }) => {
      await sayHello(server, session, { box, hello: body.hello });
      return undefined;
    },
  );
  addRoute(
    site,
    {
      method: "GET",
      path: "/v1/enrol/:box",
      summary: "What the old device finds in the mailbox",
      admit: "full",
      params,
      answer: shape({ reveal: heard }),
    },
    async ({ session, params: { box } }) => ({ reveal: (await requireMailbox(server, session, box)).reveal }),
  );
  addRoute(
    site,
    {
      method: "POST",
      path: "/v1/enrol/:box/approve",
      summary: "Let the new device in, and leave a package for it",
      admit: "full",
      params,
      body: shape({ package: said }),
      status: 204,
    },
    async ({ session, params: { box }, body }) => {
      await approve(server, session, { box, package: body.package });
      return undefined;
    },
  );
  addRoute(
    site,
    {
      method: "DELETE",
      path: "/v1/enrol/:box",
      summary: "Do not let the new device in",
      admit: "full",
      params,
      status: 204,
    },
    async ({ session, params: { box } }) => {
      await closeMailbox(server, session, box);
      return undefined;
    },
  );
}
