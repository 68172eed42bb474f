import type { Routes } from "../../protocol/index.ts";
import type { Connection } from "../connection.ts";

/** An address, or a number with its country (`+86…`), as a person types it. */
export interface Contact {
  readonly kind: "email" | "phone";
  readonly to: string;
}

/** A contact as the server shows it to its member. */
export type ContactLine = Routes["POST /v1/contacts/confirm"]["answer"];

/** Asks the person for the code that was sent. */
export type AskCode = () => Promise<string>;

/**
 * Adds a contact: the server sends a code there. Whoever has the contact can log in by it with the password, begin a
 * reset, and is told what happens; it opens nothing. Throws `notice.no-channel`, `member.wrong-code`, `member.taken`.
 */
export async function addContact(
  connection: Connection,
  contact: Contact,
  ask: AskCode,
): Promise<ContactLine> {
  const { id } = await connection.call("POST /v1/contacts", { body: { contact } });
  return connection.call("POST /v1/contacts/confirm", { body: { id, code: await ask() } });
}

/** Proves a contact before signing up with it; what it gives goes to `signUp` as its `contact`. */
export async function proveContact(
  connection: Connection,
  { contact, invitation }: { readonly contact: Contact; readonly invitation?: string },
  ask: AskCode,
): Promise<string> {
  const { id } = await connection.call("POST /v1/sign-up/contact", {
    body: { contact, ...(invitation === undefined ? {} : { invitation }) },
  });
  const proven = await connection.call("POST /v1/sign-up/code", { body: { id, code: await ask() } });
  return proven.contact;
}
