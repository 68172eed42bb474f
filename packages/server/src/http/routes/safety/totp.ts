import Type from "typebox";
import { beginTotp, confirmTotp, removeTotp } from "../../../members/access/totp.ts";
import { addRoute, type Site } from "../../route.ts";
import { digits, shape, ticket } from "../../wire.ts";

/** The second factor: codes of an authenticator app. */
export function addTotpRoutes(site: Site): void {
  const { server } = site;
  addRoute(
    site,
    {
      method: "POST",
      path: "/v1/totp/start",
      summary: "A new secret for an authenticator app",
      admit: "full",
      answer: shape({ ticket, secret: Type.String(), url: Type.String() }),
    },
    async ({ session }) => beginTotp(server, session),
  );
  addRoute(
    site,
    {
      method: "POST",
      path: "/v1/totp/confirm",
      summary: "Turn the second factor on, by a code of the new secret",
      admit: "full",
      body: shape({ ticket, code: digits }),
      status: 204,
    },
    async ({ session, body }) => {
      await confirmTotp(server, session, body);
      return undefined;
    },
  );
  addRoute(
    site,
    {
      method: "POST",
      path: "/v1/totp/remove",
      summary: "Turn the second factor off, by a code",
      admit: "full",
      body: shape({ code: digits }),
      status: 204,
    },
    async ({ session, body }) => {
      await removeTotp(server, session, body.code);
      return undefined;
    },
  );
}
