import Type from "typebox";
import { beginLogin, endLogin } from "../../members/login.ts";
import { beginSignUpContact, endSignUpContact, finishSignUp, startSignUp } from "../../members/sign-up.ts";
import { placeOf } from "../place.ts";
import { addRoute, type Site } from "../route.ts";
import { contact, device, digits, id, languageOf, newSession, opaque, shape, ticket } from "../wire.ts";

const name = Type.String({ minLength: 1, maxLength: 200 });
/** Passwords are tried here: each try costs an address this much of what it may ask. */
const TRY_COST = 10;

/** Signing up and logging in: two requests each, as OPAQUE has it. The second is signed by the new device's key. */
export function addSignUpRoutes(site: Site): void {
  addSignUpContact(site);
  addSignUp(site);
  addLogin(site);
}

function addSignUpContact(site: Site): void {
  const { server } = site;
  addRoute(
    site,
    {
      method: "POST",
      path: "/v1/sign-up/contact",
      summary: "Have a code sent to a contact, to sign up with it",
      admit: "anyone",
      cost: TRY_COST,
      body: shape({ contact, invitation: Type.Optional(Type.String({ maxLength: 100 })) }),
      answer: shape({ id }),
    },
    async ({ body, request }) => ({
      id: await beginSignUpContact(server, {
        contact: { ...body.contact, language: languageOf(request) },
        from: placeOf(request),
        invitation: body.invitation,
      }),
    }),
  );
  addRoute(
    site,
    {
      method: "POST",
      path: "/v1/sign-up/code",
      summary: "Give the code back: a ticket to sign up with the contact",
      admit: "anyone",
      cost: TRY_COST,
      body: shape({ id, code: digits }),
      answer: shape({ contact: ticket }),
    },
    async ({ body, request }) => ({
      contact: await endSignUpContact(server, { ...body, from: placeOf(request) }),
    }),
  );
}

function addSignUp(site: Site): void {
  const { server, door } = site;
  addRoute(
    site,
    {
      method: "POST",
      path: "/v1/sign-up/start",
      summary: "Begin to sign up: a name, or none; an invitation where the server asks for one",
      admit: "anyone",
      cost: TRY_COST,
      body: shape({
        name: Type.Optional(name),
        invitation: Type.Optional(Type.String({ maxLength: 100 })),
        contact: Type.Optional(ticket),
        registrationRequest: opaque,
      }),
      answer: shape({
        name: Type.String(),
        ticket,
        registration: ticket,
        registrationResponse: opaque,
      }),
    },
    ({ body }) => startSignUp(server, body),
  );
  addRoute(
    site,
    {
      method: "POST",
      path: "/v1/sign-up/finish",
      summary: "Become a member, with a session for this device",
      admit: "anyone",
      cost: TRY_COST,
      body: shape({ ticket, registration: ticket, registrationRecord: opaque, device }),
      status: 201,
      answer: newSession,
    },
    async ({ body, request }) => {
      door.checkDevice(request, body.device.key);
      return finishSignUp(server, body);
    },
  );
}

function addLogin(site: Site): void {
  const { server, door } = site;
  addRoute(
    site,
    {
      method: "POST",
      path: "/v1/login/start",
      summary: "Begin to log in by name and password",
      admit: "anyone",
      cost: TRY_COST,
      body: shape({ name, startLoginRequest: opaque }),
      answer: shape({ ticket, loginResponse: opaque }),
    },
    ({ body, request }) => beginLogin(server, { ...body, from: placeOf(request) }),
  );
  addRoute(
    site,
    {
      method: "POST",
      path: "/v1/login/finish",
      summary: "Log in: a session for this device",
      admit: "anyone",
      cost: TRY_COST,
      body: shape({ ticket, finishLoginRequest: opaque, device, totp: Type.Optional(digits) }),
      status: 201,
      answer: newSession,
    },
    async ({ body, request }) => {
      door.checkDevice(request, body.device.key);
      return endLogin(server, body);
    },
  );
}
