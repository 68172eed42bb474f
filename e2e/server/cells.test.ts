import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import {
  addContact,
  addPasskey,
  checkDeletion,
  closeMembership,
  logIn,
  logInByPasskey,
  proveContact,
  resetPassword,
  signUp,
  type Contact,
} from "../../packages/core/src/client/index.ts";
import { loadOpaque } from "../../packages/core/src/client/member.ts";
import { nodePrimitives } from "../../packages/core/src/platform/node/index.ts";
import { cellOfId, untagged } from "../../packages/server/src/cells/tags.ts";
import { stepClosings } from "../../packages/server/src/members/closing/closing.ts";
import { removeClosed } from "../../packages/server/src/members/closing/remove.ts";
import { SoftAuthenticator } from "../../packages/server/testing/authenticator.ts";
import { startMailSink, type MailSink } from "../../packages/server/testing/mail.ts";
import { cellOf, startCells, type TestCells } from "./cells.ts";
import { password, type Member } from "./serving.ts";
import { totp } from "./totp.ts";

const DAY_MS = 24 * 60 * 60_000;
const STEP_MS = 20 * 60_000;
const origin = "https://keepsake.example";
const opaque = await loadOpaque();
const taken = { code: "member.taken" };
const platform = "web";

const clock = { aheadMs: 0, now: () => Date.now() + clock.aheadMs };
let cells: TestCells;
let mail: MailSink;
/** A member of each cell. */
let members: readonly [Member, Member];
beforeAll(async () => {
  mail = await startMailSink();
  const settings = {
    KEEPSAKE_MAIL_SERVER: mail.url,
    KEEPSAKE_MAIL_FROM: "keepsake@example.org",
    KEEPSAKE_PUBLIC_URL: origin,
  };
  cells = await startCells({ settings, clock });
});
afterAll(async () => {
  await cells[Symbol.asyncDispose]();
  await mail[Symbol.asyncDispose]();
});
beforeEach(async () => {
  members = [await cells.memberIn(0), await cells.memberIn(1)];
});

/** The code that comes next to a contact. */
async function codeAt({ to }: Contact): Promise<string> {
  const isCode = (each: { readonly to: string; readonly text: string }): boolean =>
    each.to === to && /^\d{6}/.test(each.text);
  await expect.poll(() => mail.mails.some(isCode), { timeout: 15_000, interval: 20 }).toBe(true);
  const [found] = mail.mails.splice(mail.mails.findIndex(isCode), 1);
  return found!.text.slice(0, 6);
}

const contactOf = (name: string): Contact => ({ kind: "email", to: `${name}@example.org` });
const startLogin = (name: string) => {
  const { startLoginRequest } = opaque.startLogin({ password });
  return cells.connection.call("POST /v1/login/start", { body: { name, startLoginRequest } });
};
const cellOfTicket = (ticket: string): number => untagged(ticket)!.cell;

describe("members", () => {
  test("land in all cells, log in by their names, and a name is one member's, whichever cell has it", async () => {
    const seen = new Set<number>();
    for (let count = 0; count < 40 && seen.size < 2; count++) {
      const name = `somebody-${count}`;
      const { member } = await signUp(cells.connection, { name, password, platform });
      seen.add(cellOf({ member }));
      const again = await logIn(cells.connection, { name, password, platform });
      expect(again.member).toBe(member);
      expect((await cells.connection.with(again).call("GET /v1/devices")).devices).toHaveLength(2);
      for (const cell of [0, 1]) await expect(cells.memberIn(cell, name)).rejects.toMatchObject(taken);
    }
    expect(seen).toEqual(new Set([0, 1]));
  });

  test("are of the cell that an invitation says, and it is good there once", async () => {
    expect(members.map(({ membership }) => cellOf(membership))).toEqual([0, 1]);
    expect(members.map(({ membership: { token } }) => cellOfTicket(token))).toEqual([0, 1]);
  });

  test("begin with a contact, log in by it, and nobody else in any cell gets it", async () => {
    const contact = contactOf("anna");
    const ask = () => codeAt(contact);
    const proven = await proveContact(cells.connection, { contact }, ask);
    const { member } = await signUp(cells.connection, { contact: proven, password, platform });
    expect((await logIn(cells.connection, { name: contact.to, password, platform })).member).toBe(member);
    for (const { connection } of members)
      await expect(addContact(connection, contact, ask)).rejects.toMatchObject(taken);
    // Who asks once more gets an answer like any other; the contact is told what the matter is.
    const again = await cells.connection.call("POST /v1/sign-up/contact", { body: { contact } });
    expect(cellOfId(again.id)).toBeDefined();
    const told = () => mail.mails.some(({ to, subject }) => to === contact.to && /already/i.test(subject));
    await expect.poll(told, { timeout: 15_000 }).toBe(true);
  });

  test("give a contact up, and a member of another cell may have it", async () => {
    const contact = contactOf("moving");
    const [{ connection }, other] = members;
    const { id } = await addContact(connection, contact, () => codeAt(contact));
    clock.aheadMs += 11 * 60_000;
    await connection.call("DELETE /v1/contacts/{id}", { params: { id } });
    await addContact(other.connection, contact, () => codeAt(contact));
    expect((await logIn(cells.connection, { name: contact.to, password, platform })).member).toBe(
      other.membership.member,
    );
  });

  test.each([0, 1] as const)("of cell %i reset a password by a contact", async (cell) => {
    const contact = contactOf(`reset-${cell}`);
    const { connection, membership } = members[cell];
    await addContact(connection, contact, () => codeAt(contact));
    const given = { contact, password: "quite another password", platform } as const;
    const limited = await resetPassword(cells.connection, given, () => codeAt(contact));
    expect(limited).toMatchObject({ member: membership.member });
    expect(limited.fullFromMs).toBeGreaterThan(clock.now());
    await connection.call("POST /v1/reset/cancel");
  });

  test.each([0, 1] as const)("of cell %i log in by a passkey, once for a challenge", async (cell) => {
    const authenticator = new SoftAuthenticator(origin);
    const { connection, membership } = members[cell];
    await addPasskey(connection, { authenticator });
    for (let time = 0; time < 4; time++) {
      const login = await logInByPasskey(cells.connection, { authenticator, platform });
      expect(login.membership.member).toBe(membership.member);
    }
  });

  test.each([0, 1] as const)("of cell %i have a second factor", async (cell) => {
    const name = `two-factors-${cell}`;
    const { connection } = await cells.memberIn(cell, name);
    const { ticket, secret } = await connection.call("POST /v1/totp/start");
    await connection.call("POST /v1/totp/confirm", { body: { ticket, code: totp(secret, clock.now()) } });
    clock.aheadMs += 30_000;
    const login = { name, password, platform } as const;
    await expect(logIn(cells.connection, login)).rejects.toMatchObject({ code: "member.totp-needed" });
    const code = async (): Promise<string> => totp(secret, clock.now());
    await logIn(cells.connection, { ...login, totp: code });
  });

  test("leave, and anybody finds the receipt of it and the name free", async () => {
    const { connection } = await cells.memberIn(1, "leaves");
    const { receipt } = await closeMembership(connection, { password });
    const { server } = cells.serving(1);
    for (let passed = 0; passed <= 7 * DAY_MS; passed += STEP_MS) {
      clock.aheadMs += STEP_MS;
      await stepClosings(server);
    }
    const receiptOf = () => cells.connection.call("GET /v1/deletions/{receipt}", { params: { receipt } });
    await expect
      .poll(async () => {
        await removeClosed(server);
        return receiptOf().catch(() => undefined);
      })
      .toBeDefined();
    const { receiptKey } = await cells.connection.call("GET /v1/server");
    await checkDeletion(nodePrimitives, await receiptOf(), receiptKey);
    await cells.memberIn(0, "leaves");
  });
});

describe("a stranger", () => {
  test("is answered alike for a name that nobody has, and by the same cell each time", async () => {
    const seen = new Set<number>();
    for (let count = 0; count < 30; count++) {
      const name = `nobody-${count}`;
      const [first, second] = [await startLogin(name), await startLogin(name)];
      expect(cellOfTicket(first.ticket)).toBe(cellOfTicket(second.ticket));
      seen.add(cellOfTicket(first.ticket));
    }
    expect(seen.size).toBe(2);
    const { ticket } = await startLogin("nobody-0");
    const known = await cells.memberIn(cellOfTicket(ticket), "known-name");
    expect(known.membership.name).toBe("known-name");
    expect((await startLogin("known-name")).ticket).toHaveLength(ticket.length);
    await expect(logIn(cells.connection, { name: "nobody-0", password, platform })).rejects.toMatchObject({
      code: "member.wrong-login",
    });
  });

  test("does not learn by a reset whether a contact is anybody's", async () => {
    const contact = contactOf("known");
    await addContact(members[1].connection, contact, () => codeAt(contact));
    const ask = async (of: Contact): Promise<string> =>
      (await cells.connection.call("POST /v1/reset/start", { body: { contact: of } })).id;
    const [known, unknown] = [await ask(contact), await ask(contactOf("unknown"))];
    expect([cellOfId(known), typeof cellOfId(unknown)]).toEqual([1, "number"]);
    expect(cellOfId(await ask(contactOf("unknown")))).toBe(cellOfId(unknown));
  });

  test("has nothing from a tag that was changed, or that no cell has", async () => {
    const [here, there] = members;
    const strangers = [here.membership.token, there.membership.token].flatMap((token) => {
      const { text } = untagged(token)!;
      return ["", "00.", "01.", "02.", "vv."].map((tag) => tag + text).filter((each) => each !== token);
    });
    for (const token of strangers) {
      const { deviceSeed } = there.membership;
      const connection = cells.connection.with({ token, deviceSeed });
      await expect(connection.call("GET /v1/member")).rejects.toMatchObject({ code: "member.no-session" });
    }
    const receipts = ["zvv".padEnd(26, "0"), "z01".padEnd(26, "0"), "0".repeat(26)];
    for (const receipt of receipts)
      await expect(
        cells.connection.call("GET /v1/deletions/{receipt}", { params: { receipt } }),
      ).rejects.toMatchObject({ code: "request.not-found" });
  });
});
