import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  addContact,
  logIn,
  proveContact,
  signUp,
  type Contact,
} from "../../packages/core/src/client/index.ts";
import { startReachableServer, type ReachableServer } from "./reachable.ts";
import { password, startTestServer } from "./serving.ts";

let server: ReachableServer;
beforeAll(async () => void (server = await startReachableServer()));
afterAll(() => server[Symbol.asyncDispose]());

let count = 0;
const newEmail = (): Contact => ({ kind: "email", to: `canary-${(count += 1)}@example.org` });
const newPhone = (): Contact => ({
  kind: "phone",
  to: `+8613812340${String((count += 1)).padStart(3, "0")}`,
});
const wrongCode = { code: "member.wrong-code" };
const other = (code: string): string => (code === "111111" ? "222222" : "111111");

describe("a contact", () => {
  test("is added by a code, shown in part, told of what happens, and told when it is removed", async () => {
    const member = await server.newMember();
    const [email, phone] = [newEmail(), newPhone()];
    const id = await server.reach(member, email);
    await server.reach(member, phone);
    const { contacts } = await member.connection.call("GET /v1/contacts");
    expect(contacts).toMatchObject([
      { kind: "email", masked: "c***@example.org" },
      { kind: "phone", masked: `+86****${phone.to.slice(-4)}` },
    ]);
    await member.connection.call("DELETE /v1/contacts/{id}", { params: { id } });
    expect(await server.toldAt(email)).toEqual(
      ["A contact was added", "A contact was added", "A contact was removed"].toSorted(),
    );
    expect(await server.toldAt(phone)).toEqual(["Contact added", "Contact removed"]);
    const { events } = await member.connection.call("GET /v1/events");
    expect(events.map(({ kind }) => kind)).toEqual([
      "signed-up",
      "contact-added",
      "contact-added",
      "contact-removed",
    ]);
    await expect(
      member.connection.call("DELETE /v1/contacts/{id}", { params: { id } }),
    ).rejects.toMatchObject({ code: "request.not-found" });
  });

  test("logs in as the name does, however it is typed, and no longer once it is removed", async () => {
    const member = await server.newMember("reached");
    const [email, phone] = [newEmail(), newPhone()];
    const id = await server.reach(member, email);
    await server.reach(member, phone);
    for (const name of [` ${email.to.toUpperCase()}`, phone.to, phone.to.replace("+86", "+86 ")])
      expect(await logIn(server.connection, { name, password, platform: "web" })).toMatchObject({
        member: member.membership.member,
      });
    await member.connection.call("DELETE /v1/contacts/{id}", { params: { id } });
    await expect(
      logIn(server.connection, { name: email.to, password, platform: "web" }),
    ).rejects.toMatchObject({ code: "member.wrong-login" });
  });

  test("belongs to who proved it, not to who took it for a name", async () => {
    const email = newEmail();
    const squatter = await server.newMember(email.to);
    expect(await logIn(server.connection, { name: email.to, password, platform: "cli" })).toMatchObject({
      member: squatter.membership.member,
    });
    const owner = await server.newMember("owner");
    await server.reach(owner, email);
    expect(await logIn(server.connection, { name: email.to, password, platform: "cli" })).toMatchObject({
      member: owner.membership.member,
    });
  });

  test("of another member is not taken from them", async () => {
    const [first, second] = [await server.newMember(), await server.newMember()];
    const email = newEmail();
    await server.reach(first, email);
    await expect(server.reach(second, { ...email, to: email.to })).rejects.toMatchObject({
      code: "member.taken",
    });
    expect((await second.connection.call("GET /v1/contacts")).contacts).toEqual([]);
  });

  test("that cannot be one is refused", async () => {
    const { connection } = await server.newMember();
    for (const contact of [
      { kind: "email", to: "han.example.org" },
      { kind: "email", to: "a@b.cn, c@d.cn" },
      { kind: "phone", to: "13800138000" },
      { kind: "phone", to: "+86 2380013800" },
      { kind: "phone", to: "han@example.org" },
    ] as const)
      await expect(connection.call("POST /v1/contacts", { body: { contact } })).rejects.toMatchObject({
        code: "member.bad-contact",
      });
  });
});

describe("a code", () => {
  test("is good once, for ten minutes, with five tries, for its member alone", async () => {
    let nowMs = Date.now();
    await using timed = await startReachableServer({}, { now: () => nowMs });
    const [{ connection }, stranger] = [await timed.newMember(), await timed.newMember()];
    const asked = async () => {
      const contact = newEmail();
      const { id } = await connection.call("POST /v1/contacts", { body: { contact } });
      return { id, code: await timed.codeAt(contact) };
    };
    const give = (body: { id: string; code: string }, by = connection) =>
      by.call("POST /v1/contacts/confirm", { body });
    const used = await asked();
    await expect(give(used, stranger.connection)).rejects.toMatchObject(wrongCode);
    await give(used);
    await expect(give(used)).rejects.toMatchObject(wrongCode);
    const late = await asked();
    nowMs += 11 * 60_000;
    await expect(give(late)).rejects.toMatchObject(wrongCode);
    const guessed = await asked();
    for (let i = 0; i < 5; i += 1)
      await expect(give({ ...guessed, code: other(guessed.code) })).rejects.toMatchObject(wrongCode);
    await expect(give(guessed)).rejects.toMatchObject(wrongCode);
    const raced = await asked();
    const gave = await Promise.allSettled(Array.from({ length: 4 }, () => give(raced)));
    expect(gave.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  });
});

test("a code that was mistyped is typed again, until it is given up", async () => {
  const { connection } = await server.newMember();
  const contact = newEmail();
  const asked: boolean[] = [];
  let code = "";
  const added = await addContact(connection, contact, async (wasWrong) => {
    asked.push(wasWrong);
    code ||= await server.codeAt(contact);
    return wasWrong ? code : other(code);
  });
  expect(added).toMatchObject({ kind: "email" });
  expect(asked).toEqual([false, true]);
  const second = newEmail();
  const givenUp = addContact(connection, second, async (wasWrong) =>
    wasWrong ? undefined : other(await server.codeAt(second)),
  );
  await expect(givenUp).rejects.toMatchObject({ code: "member.wrong-code" });
});

describe("signing up", () => {
  test("starts from a contact, which is the member's from then on", async () => {
    const contact = newPhone();
    const proven = await proveContact(server.connection, { contact }, () => server.codeAt(contact));
    const membership = await signUp(server.connection, { password, contact: proven, platform: "phone" });
    const connection = server.connection.with(membership);
    expect((await connection.call("GET /v1/contacts")).contacts).toMatchObject([{ kind: "phone" }]);
    await logIn(server.connection, { name: contact.to, password, platform: "web" });
    expect(await server.toldAt(contact)).toEqual(["New device logged in"]);
  });

  test("with a contact that somebody has tells them, and the stranger nothing", async () => {
    const member = await server.newMember();
    const contact = newEmail();
    await server.reach(member, contact);
    const ask = (to: Contact) =>
      server.connection.call("POST /v1/sign-up/contact", { body: { contact: to } });
    const [known, unknown] = [await ask(contact), await ask(newEmail())];
    expect(Object.keys(known)).toEqual(Object.keys(unknown));
    expect(known.id).toHaveLength(unknown.id.length);
    expect(await server.toldAt(contact)).toContain("This contact is in use already");
  });

  test("sends nothing for who has no invitation where one is asked for", async () => {
    await using closed = await startReachableServer({ KEEPSAKE_SIGN_UP: "invitation" });
    const contact = newEmail();
    const asked = proveContact(closed.connection, { contact }, () => closed.codeAt(contact));
    await expect(asked).rejects.toMatchObject({ code: "member.bad-invitation" });
    const invitation = closed.invitation!;
    const proven = await proveContact(closed.connection, { contact, invitation }, () =>
      closed.codeAt(contact),
    );
    await signUp(closed.connection, { password, invitation, contact: proven, platform: "cli" });
  });
});

test("a server that sends nothing says so", async () => {
  await using silent = await startTestServer();
  const { connection } = await silent.newMember();
  await expect(addContact(connection, newEmail(), async () => "000000")).rejects.toMatchObject({
    code: "notice.no-channel",
  });
});

test("a mail that is put off is sent later; what devices have heard is known", async () => {
  let nowMs = Date.now();
  await using timed = await startReachableServer({}, { now: () => nowMs });
  const member = await timed.newMember();
  const contact = newEmail();
  timed.mail.refuseNext(451);
  const { id } = await member.connection.call("POST /v1/contacts", { body: { contact } });
  const rows = () => timed.server.db.query.selectFrom("notice").selectAll().execute();
  while ((await rows())[0]!.lastError === "") await new Promise((done) => setTimeout(done, 20));
  expect(await rows()).toMatchObject([{ state: "queued" }]);
  nowMs += 20_000;
  const code = await timed.codeAt(contact);
  await member.connection.call("POST /v1/contacts/confirm", { body: { id, code } });
  await timed.toldAt(contact);
  expect(await rows()).toMatchObject([
    { state: "sent", sealed: null, sealedCode: null },
    { state: "sent", event: 2, message: "contact-added", channel: "email" },
  ]);
  const heard = () => timed.server.db.query.selectFrom("session").select("heardEvents").execute();
  expect(await heard()).toEqual([{ heardEvents: 0 }]);
  await member.connection.call("GET /v1/events");
  expect(await heard()).toEqual([{ heardEvents: 2 }]);
});

test("neither the database nor the log holds an address, a number or a code", async () => {
  const planted = [
    "canary-",
    "13812340",
    ...server.sms.sent.filter(({ value }) => /^\d{6}$/.test(value)).map(({ value }) => `"${value}"`),
  ];
  const left = await server.leftBehind();
  for (const each of planted) expect([each, left.includes(each)]).toEqual([each, false]);
});
