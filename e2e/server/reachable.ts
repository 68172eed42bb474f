import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Clock } from "../../packages/core/src/base/index.ts";
import { addContact, type Contact } from "../../packages/core/src/client/index.ts";
import { startMailSink, type MailSink } from "../../packages/server/testing/mail.ts";
import { startAliyun } from "../../packages/server/testing/sms/aliyun.ts";
import type { SmsGateway } from "../../packages/server/testing/sms/gateway.ts";
import { startTestServer, type Member, type TestServer } from "./serving.ts";

/** A server that reaches people: with a mail server and an SMS gateway beside it. */
export interface ReachableServer extends TestServer {
  readonly mail: MailSink;
  readonly sms: SmsGateway;
  /** The code that is sent to a contact next, or was and has not been asked for yet. */
  readonly codeAt: (contact: Contact) => Promise<string>;
  /** Waits until nothing is queued, and gives what a contact was told, sorted, codes left out. */
  readonly toldAt: (contact: Contact) => Promise<readonly string[]>;
  /** Adds a contact to a member. */
  readonly reach: (member: Member, contact: Contact) => Promise<string>;
  /** All that lies in the database's files and in the log. */
  readonly leftBehind: () => Promise<string>;
}

const PATIENCE_MS = 15_000;

export async function startReachableServer(
  settings: Readonly<Record<string, string>> = {},
  clock?: Clock,
): Promise<ReachableServer> {
  const mail = await startMailSink();
  const sms = await startAliyun(() => clock?.now() ?? Date.now());
  const server = await startTestServer(
    {
      KEEPSAKE_MAIL_SERVER: mail.url,
      KEEPSAKE_MAIL_FROM: "keepsake@example.org",
      ...sms.settings,
      ...settings,
    },
    clock,
  );
  const taken = new Map<string, number>();
  const codeAt = (contact: Contact): Promise<string> =>
    until(() => {
      const codes = arrived({ mail, sms }, contact).flatMap(({ code }) => (code === undefined ? [] : [code]));
      const index = taken.get(contact.to) ?? 0;
      if (codes.length > index) taken.set(contact.to, index + 1);
      return Promise.resolve(codes[index]);
    });
  const toldAt = async (contact: Contact): Promise<readonly string[]> => {
    await until(async () => {
      const queued = server.server.db.query.selectFrom("notice").select("id").where("state", "=", "queued");
      return (await queued.executeTakeFirst()) === undefined ? true : undefined;
    });
    return arrived({ mail, sms }, contact)
      .flatMap(({ code, what }) => (code === undefined ? [what] : []))
      .toSorted();
  };
  return {
    ...server,
    mail,
    sms,
    codeAt,
    toldAt,
    reach: async ({ connection }, contact) =>
      (await addContact(connection, contact, () => codeAt(contact))).id,
    leftBehind: async () => {
      const file = (name: string) => readFile(join(server.folder, name), "latin1").catch(() => "");
      return (await file("keepsake.db")) + (await file("keepsake.db-wal")) + JSON.stringify(server.logged);
    },
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await mail[Symbol.asyncDispose]();
      await sms[Symbol.asyncDispose]();
    },
  };
}

interface Arrived {
  readonly code: string | undefined;
  readonly what: string;
}

function arrived(
  { mail, sms }: { readonly mail: MailSink; readonly sms: SmsGateway },
  { kind, to }: Contact,
): readonly Arrived[] {
  if (kind === "email")
    return mail.mails
      .filter((each) => each.to === to)
      .map(({ subject, text }) => ({
        code: /^\d{6}/.exec(text)?.[0],
        what: subject.replace("Keepsake: ", ""),
      }));
  return sms.sent
    .filter((each) => `+86${each.to}` === to)
    .map(({ template, value }) => ({ code: template === "SMS_1001" ? value : undefined, what: value }));
}

async function until<T>(look: () => Promise<T | undefined>): Promise<T> {
  const end = Date.now() + PATIENCE_MS;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() > end) throw new Error("it never came");
    await new Promise((done) => setTimeout(done, 20));
  }
}
