import Type from "typebox";
import {
  beginPasskey,
  beginPasskeyLogin,
  endPasskey,
  endPasskeyLogin,
  listPasskeys,
  removePasskey,
} from "../../../members/access/passkeys.ts";
import { addRoute, type Site } from "../../route.ts";
import { device, millis, newSession, shape, ticket } from "../../wire.ts";

const text = Type.String({ pattern: "^[A-Za-z0-9_-]*$", maxLength: 20_000 });
const passkeyId = Type.String({ pattern: "^[A-Za-z0-9_-]+$", maxLength: 1400 });
const line = shape({ id: passkeyId, addedMs: millis, usedMs: millis });
/** Nothing but whether there is a PRF: what it gives opens vaults, and stays with the client. */
const extensions = shape({ prf: Type.Optional(shape({ enabled: Type.Optional(Type.Boolean()) })) });
const made = shape({
  id: passkeyId,
  rawId: passkeyId,
  type: Type.Literal("public-key"),
  response: shape({ clientDataJSON: text, attestationObject: text }),
  clientExtensionResults: extensions,
});
const signed = shape({
  id: passkeyId,
  rawId: passkeyId,
  type: Type.Literal("public-key"),
  response: shape({
    clientDataJSON: text,
    authenticatorData: text,
    signature: text,
    userHandle: Type.Optional(text),
  }),
  clientExtensionResults: extensions,
});
const options = Type.Unknown();
const TRY_COST = 10;

/** Passkeys: registered by a full session, and another way to log in. */
export function addPasskeyRoutes(site: Site): void {
  addPasskeys(site);
  addPasskeyLogin(site);
}

function addPasskeys(site: Site): void {
  const { server } = site;
  addRoute(
    site,
    {
      method: "POST",
      path: "/v1/passkeys/start",
      summary: "What an authenticator makes a passkey of, as WebAuthn has it in JSON",
      admit: "full",
      answer: shape({ ticket, options }),
    },
    async ({ session }) => beginPasskey(server, session),
  );
  addRoute(
    site,
    {
      method: "POST",
      path: "/v1/passkeys/finish",
      summary: "Add the passkey that was made",
      admit: "full",
      body: shape({ ticket, response: made }),
      status: 201,
      answer: line,
    },
    async ({ session, body }) => endPasskey(server, session, body),
  );
  addRoute(
    site,
    {
      method: "GET",
      path: "/v1/passkeys",
      summary: "The member's passkeys",
      admit: "session",
      answer: shape({ passkeys: Type.Array(line) }),
    },
    async ({ session }) => ({ passkeys: [...(await listPasskeys(server, session.member))] }),
  );
  addRoute(
    site,
    {
      method: "POST",
      path: "/v1/passkeys/remove",
      summary: "Remove a passkey",
      admit: "full",
      body: shape({ id: passkeyId }),
      status: 204,
    },
    async ({ session, body }) => {
      await removePasskey(server, session, body.id);
      return undefined;
    },
  );
}

function addPasskeyLogin(site: Site): void {
  const { server, door } = site;
  addRoute(
    site,
    {
      method: "POST",
      path: "/v1/passkeys/login/start",
      summary: "What a passkey signs to log in",
      admit: "anyone",
      answer: shape({ ticket, options }),
    },
    async () => beginPasskeyLogin(server),
  );
  addRoute(
    site,
    {
      method: "POST",
      path: "/v1/passkeys/login/finish",
      summary: "Log in by a passkey: a session for this device",
      admit: "anyone",
      cost: TRY_COST,
      body: shape({ ticket, response: signed, device }),
      status: 201,
      answer: newSession,
    },
    async ({ body, request }) => {
      door.checkDevice(request, body.device.key);
      return endPasskeyLogin(server, body);
    },
  );
}
