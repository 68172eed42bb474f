import Type from "typebox";
import { beginReset, cancelReset, continueReset, finishReset } from "../../../members/access/reset.ts";
import { placeOf } from "../../place.ts";
import { addRoute, type Site } from "../../route.ts";
import { contact, device, digits, id, languageOf, newSession, opaque, shape, ticket } from "../../wire.ts";

/** A code is sent, or tried. */
const CODE_COST = 10;

/** A forgotten password: reset by a code to a contact, and taken back by any device within a week. */
export function addResetRoutes(site: Site): void {
  const { server, door } = site;
  addRoute(
    site,
    {
      method: "POST",
      path: "/v1/reset/start",
      summary: "Have a code sent to a contact, to set a new password; answered alike whether it is anybody's",
      admit: "anyone",
      cost: CODE_COST,
      body: shape({ contact }),
      answer: shape({ id }),
    },
    async ({ body, request }) => ({
      id: await beginReset(server, {
        contact: body.contact,
        language: languageOf(request),
        from: placeOf(request),
      }),
    }),
  );
  addRoute(
    site,
    {
      method: "POST",
      path: "/v1/reset/code",
      summary: "Give the code back, and begin a new password",
      admit: "anyone",
      cost: CODE_COST,
      body: shape({ id, code: digits, registrationRequest: opaque }),
      answer: shape({ ticket, registration: ticket, registrationResponse: opaque }),
    },
    async ({ body, request }) => continueReset(server, { ...body, from: placeOf(request) }),
  );
  addRoute(
    site,
    {
      method: "POST",
      path: "/v1/reset/finish",
      summary: "Set the new password: a session that is limited for seven days",
      admit: "anyone",
      cost: CODE_COST,
      body: shape({ ticket, registration: ticket, registrationRecord: opaque, device }),
      status: 201,
      answer: newSession,
    },
    async ({ body, request }) => {
      door.checkDevice(request, body.device.key);
      return finishReset(server, body);
    },
  );
  addRoute(
    site,
    {
      method: "POST",
      path: "/v1/reset/cancel",
      summary: "Take a reset back: the old password holds again, what came of the reset is logged out",
      admit: "full",
      answer: shape({ ended: Type.Integer() }),
    },
    async ({ session }) => ({ ended: await cancelReset(server, session) }),
  );
}
