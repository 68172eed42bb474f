import { KeepsakeError } from "@keepsake/core/base";
import { randomId } from "../../keys/ids.ts";
import { seal, unseal } from "../../keys/sealed.ts";
import { askCode, takeCode } from "../../members/contacts/codes.ts";
import { maskedContact, normalContact, type Contact } from "../../members/contacts/contact.ts";
import type { ContactKind, Language } from "../../notices/channel.ts";
import type { Server } from "../../server.ts";
import type { Account } from "./accounts.ts";
import { SEALED } from "./books.ts";

/** Where an account hears of charges, as much of it as lets its holder know it. */
export interface AccountContact {
  readonly id: string;
  readonly kind: ContactKind;
  readonly masked: string;
}

/** Sends a code to where an account wants to hear of charges. Throws `base.invalid`, `notice.no-channel`. */
export function beginAccountContact(server: Server, account: Account, contact: Contact): Promise<string> {
  const language: Language = account.language === "zh" ? "zh" : "en";
  const purpose = { purpose: "bill-contact", subject: account.id } as const;
  return askCode(server, purpose, { contact: { ...normalContact(contact), language }, from: account.id });
}

/** From now on the account hears of charges there; one of each kind. Throws `member.wrong-code`. */
export async function confirmAccountContact(
  server: Server,
  account: Account,
  given: { readonly id: string; readonly code: string },
): Promise<AccountContact> {
  const { kind, to } = await takeCode(
    server,
    { purpose: "bill-contact", subject: account.id },
    { ...given, from: account.id },
  );
  const id = randomId();
  const sealed = seal(server.secrets, SEALED, Buffer.from(to));
  await server.db.transaction(async (query) => {
    await query
      .deleteFrom("accountContact")
      .where("account", "=", account.id)
      .where("kind", "=", kind)
      .execute();
    await query.insertInto("accountContact").values({ id, account: account.id, kind, sealed }).execute();
  });
  return { id, kind, masked: maskedContact({ kind, to }) };
}

export async function accountContacts(
  { db, secrets }: Pick<Server, "db" | "secrets">,
  { id: account }: Account,
): Promise<readonly AccountContact[]> {
  const rows = await db.query
    .selectFrom("accountContact")
    .select(["id", "kind", "sealed"])
    .where("account", "=", account)
    .orderBy("kind")
    .execute();
  return rows.map(({ id, kind, sealed }) => {
    const to = unseal(secrets, SEALED, sealed);
    if (to === undefined) throw new KeepsakeError("server.bad-secrets");
    const contact: Contact = { kind: kind as ContactKind, to: Buffer.from(to).toString() };
    return { id, kind: contact.kind, masked: maskedContact(contact) };
  });
}

/** Throws `request.not-found`. */
export async function removeAccountContact(
  { db }: Pick<Server, "db">,
  { id: account }: Account,
  id: string,
): Promise<void> {
  const { numDeletedRows } = await db.query
    .deleteFrom("accountContact")
    .where("id", "=", id)
    .where("account", "=", account)
    .executeTakeFirst();
  if (numDeletedRows === 0n) throw new KeepsakeError("request.not-found");
}
