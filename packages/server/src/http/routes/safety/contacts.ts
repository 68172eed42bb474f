import Type from "typebox";
import {
  beginContact,
  confirmContact,
  listContacts,
  removeContact,
} from "../../../members/contacts/contacts.ts";
import { addRoute, type Site } from "../../route.ts";
import { contact, digits, id, languageOf, millis, shape } from "../../wire.ts";

const line = shape({ id, kind: contact.properties.kind, masked: Type.String(), addedMs: millis });
/** A code is sent, or tried. */
const CODE_COST = 10;

/** A member's addresses and numbers: they start things, and never open anything. */
export function addContactRoutes(site: Site): void {
  const { server } = site;
  addRoute(
    site,
    {
      method: "POST",
      path: "/v1/contacts",
      summary: "Have a code sent to a contact, to add it",
      admit: "full",
      cost: CODE_COST,
      body: shape({ contact }),
      answer: shape({ id }),
    },
    async ({ session, body, request }) => ({
      id: await beginContact(server, session, { contact: body.contact, language: languageOf(request) }),
    }),
  );
  addRoute(
    site,
    {
      method: "POST",
      path: "/v1/contacts/confirm",
      summary: "Give the code back: the contact is the member's",
      admit: "full",
      cost: CODE_COST,
      body: shape({ id, code: digits }),
      status: 201,
      answer: line,
    },
    async ({ session, body }) => confirmContact(server, session, body),
  );
  addRoute(
    site,
    {
      method: "GET",
      path: "/v1/contacts",
      summary: "The member's contacts, in part",
      admit: "session",
      answer: shape({ contacts: Type.Array(line) }),
    },
    async ({ session }) => ({ contacts: [...(await listContacts(server, session))] }),
  );
  addRoute(
    site,
    {
      method: "DELETE",
      path: "/v1/contacts/:id",
      summary: "Remove a contact; it is told so too",
      admit: "full",
      params: shape({ id }),
      status: 204,
    },
    async ({ session, params }) => {
      await removeContact(server, session, params.id);
      return undefined;
    },
  );
}
