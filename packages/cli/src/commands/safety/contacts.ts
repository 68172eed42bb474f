import { addContact } from "@keepsake/core/client";
import { askSentCode, requireAsker } from "../../device/secrets.ts";
import type { Run } from "../../context.ts";
import { connect, contactOf, parseAddress } from "../../device/stores/server.ts";
import { instantText } from "../../ui/values.ts";
import * as words from "../../ui/messages/server/server.ts";

/** Where a server may write to its member: e-mail addresses and phone numbers, each proven by a code. */
export const run: Run = async (context) => {
  const { input, output } = context;
  const { connection } = await connect(context, parseAddress(input.args[0] ?? "").url);
  const to = input.text("add");
  if (to !== undefined) {
    requireAsker(context);
    const { id, masked } = await addContact(connection, contactOf(to), (wasWrong) =>
      askSentCode(context, to, wasWrong),
    );
    output.say(words.contactAdded, { masked });
    return { data: { id } };
  }
  const id = input.text("remove");
  if (id !== undefined) {
    await connection.call("DELETE /v1/contacts/{id}", { params: { id } });
    output.say(words.contactRemoved);
    return { data: { id } };
  }
  const { contacts } = await connection.call("GET /v1/contacts");
  const rows = contacts.map((contact) => {
    output.event("contact", { ...contact });
    return [contact.id, contact.masked, instantText(contact.addedMs)];
  });
  const { id: title, contact, since } = words.contactColumns;
  output.table(
    [title, contact, since].map((each) => ({ title: output.text(each) })),
    rows,
  );
  return { data: { contacts: rows.length } };
};
