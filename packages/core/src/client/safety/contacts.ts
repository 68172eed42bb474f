import { KeepsakeError } from "../../base/index.ts";
import type { Routes } from "../../protocol/index.ts";
import type { Connection } from "../connection.ts";

/** An address, or a number with its country (`+86…`), as a person types it. */
export interface Contact {
  readonly kind: "email" | "phone";
  readonly to: string;
}

/** A contact as the server shows it to its member. */
export type ContactLine = Routes["POST /v1/contacts/confirm"]["answer"];

/** Asks the person for the code that was sent, or, where the one before was wrong, again; undefined gives up. */
export type AskCode = (wasWrong: boolean) => Promise<string | undefined>;

/** So often a server takes a wrong code for one that it sent. */
const TRIES = 5;

/** Gives the code that the person was sent to the server, again where it was mistyped. Throws `member.wrong-code`. */
export async function giveCode<T>(ask: AskCode, give: (code: string) => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    const code = await ask(tries > 1);
    if (code === undefined) throw new KeepsakeError("member.wrong-code");
    try {
      return await give(code);
    } catch (error) {
      if (tries === TRIES || !KeepsakeError.is(error, "member.wrong-code")) throw error;
    }
  }
}

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
  return giveCode(ask, (code) => connection.call("POST /v1/contacts/confirm", { body: { id, code } }));
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
  const proven = await giveCode(ask, (code) =>
    connection.call("POST /v1/sign-up/code", { body: { id, code } }),
  );
  return proven.contact;
}
