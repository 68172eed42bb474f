import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  addAccessKey,
  changePassword,
  logIn,
  proveAccess,
  replaceAccessKey,
  resetPassword,
  type Contact,
} from "../../packages/core/src/client/index.ts";
import { loadOpaque } from "../../packages/core/src/client/member.ts";
import { sweepMembers } from "../../packages/server/src/members/sweep.ts";
import { startReachableServer, type ReachableServer } from "./reachable.ts";
import { password, type Member } from "./serving.ts";

const opaque = await loadOpaque();
const STEP_MS = 20 * 60_000;
const DAY_MS = 24 * 60 * 60_000;
const another = "quite another password";
const email: Contact = { kind: "email", to: "canary@example.org" };
const limited = { code: "member.limited" };
const wrongLogin = { code: "member.wrong-login" };
const noSession = { code: "member.no-session" };

let nowMs = Date.now();
let server: ReachableServer;
let member: Member;
let vault: string;
beforeEach(async () => {
  nowMs = Date.now();
  server = await startReachableServer({}, { now: () => nowMs });
  member = await server.newMember("canary");
  vault = await member.newVault();
  await server.reach(member, email);
});
afterEach(() => server[Symbol.asyncDispose]());

const reset = (newPassword = another) =>
  resetPassword(server.connection, { contact: email, password: newPassword, platform: "web" }, () =>
    server.codeAt(email),
  );
const login = (given: string) =>
  logIn(server.connection, { name: "canary", password: given, platform: "web" });
const objects = (of: Parameters<typeof server.connection.with>[0]) =>
  server.connection
    .with(of)
    .call("GET /v1/vaults/{vault}/objects", { params: { vault }, query: { prefix: "" } });
const kinds = async () => (await member.connection.call("GET /v1/events")).events.map(({ kind }) => kind);
/** So much time as the server lives through, in the steps of its job. */
const pass = async (days: number): Promise<void> => {
  // What is being sent while the clock goes on would be sent again.
  await server.toldAt(email);
  for (let left = days * DAY_MS; left > 0; left -= STEP_MS) {
    nowMs += Math.min(left, STEP_MS);
    await sweepMembers(server.server);
  }
};
const seedOf = (fill: number) => new Uint8Array(32).fill(fill);

describe("a reset", () => {
  test("gives a session that reads nothing for seven days, as do logins by the new password", async () => {
    const begun = await reset();
    expect(begun.fullFromMs).toBe(nowMs + 7 * DAY_MS);
    await expect(login(password)).rejects.toMatchObject(wrongLogin);
    await pass(1);
    const later = await login(another);
    expect(later.fullFromMs).toBe(begun.fullFromMs);
    for (const each of [begun, later]) await expect(objects(each)).rejects.toMatchObject(limited);
    await objects(member.membership);
    expect(await server.toldAt(email)).toEqual(
      ["A contact was added", "A password reset was begun", "A new device logged in"].toSorted(),
    );
    expect(await kinds()).toEqual(["signed-up", "vault-made", "contact-added", "reset-begun", "logged-in"]);
    expect(await member.connection.call("GET /v1/member")).toMatchObject({ resetUntilMs: begun.fullFromMs });
    await pass(5.99);
    for (const each of [begun, later]) await expect(objects(each)).rejects.toMatchObject(limited);
    await pass(0.01);
    await objects(begun);
    await objects(later);
    expect((await kinds()).at(-1)).toBe("reset-ended");
    expect(await login(another)).toMatchObject({ fullFromMs: 0 });
    await expect(member.connection.call("POST /v1/reset/cancel")).rejects.toMatchObject({
      code: "request.not-found",
    });
  });

  test("is taken back by any device: the old password holds, what came of the reset is out", async () => {
    const [begun, later] = [await reset(), await login(another)];
    // One that was begun before is not let in after.
    const { clientLoginState, startLoginRequest } = opaque.startLogin({ password: another });
    const { ticket, loginResponse } = await server.connection.call("POST /v1/login/start", {
      body: { name: "canary", startLoginRequest },
    });
    const { finishLoginRequest } = opaque.finishLogin({
      clientLoginState,
      loginResponse,
      password: another,
    })!;
    expect((await member.connection.call("POST /v1/reset/cancel")).ended).toBe(2);
    const key = "11".repeat(32);
    await expect(
      server.connection.with({ deviceSeed: seedOf(1), token: "" }).call("POST /v1/login/finish", {
        body: { ticket, finishLoginRequest, device: { key, platform: "cli" } },
      }),
    ).rejects.toMatchObject({ code: "member.bad-proof" });
    const { primitives } = server.connection;
    const own = Buffer.from(await primitives.ed25519.publicKey(seedOf(1))).toString("hex");
    await expect(
      server.connection.with({ deviceSeed: seedOf(1), token: "" }).call("POST /v1/login/finish", {
        body: { ticket, finishLoginRequest, device: { key: own, platform: "cli" } },
      }),
    ).rejects.toMatchObject(wrongLogin);
    for (const each of [begun, later]) await expect(objects(each)).rejects.toMatchObject(noSession);
    await expect(login(another)).rejects.toMatchObject(wrongLogin);
    expect(await login(password)).toMatchObject({ fullFromMs: 0 });
    expect(await kinds()).toContain("reset-cancelled");
  });

  test("after a reset does not push out the password from before the first", async () => {
    const first = await reset();
    nowMs += 2 * 60_000;
    const second = await reset("a third password of theirs");
    await expect(objects(first)).rejects.toMatchObject(noSession);
    expect(second.fullFromMs).toBe(nowMs + 7 * DAY_MS);
    await member.connection.call("POST /v1/reset/cancel");
    await login(password);
  });

  test("changes nothing of what keeps the membership its member's", async () => {
    const connection = server.connection.with(await reset());
    const { contacts } = await connection.call("GET /v1/contacts");
    const id = contacts[0]!.id;
    const other = { params: { id: member.membership.session } };
    const registrationRequest = opaque.startRegistration({ password }).registrationRequest;
    const tried = [
      connection.call("POST /v1/contacts", { body: { contact: { ...email, to: "thief@example.org" } } }),
      connection.call("DELETE /v1/contacts/{id}", { params: { id } }),
      connection.call("DELETE /v1/devices/{id}", other),
      connection.call("POST /v1/devices/{id}/approve", { params: { id: "0".repeat(26) } }),
      connection.call("DELETE /v1/devices"),
      connection.call("POST /v1/password/start", { body: { registrationRequest } }),
      connection.call("POST /v1/reset/cancel"),
      connection.call("PUT /v1/member/device-approval", { body: { isOn: true } }),
      addAccessKey(connection, { seed: seedOf(9), kind: "words" }),
      connection.call("POST /v1/vaults"),
      connection.call("POST /v1/vaults/{vault}/trash/restore", { params: { vault }, body: { ids: [] } }),
    ];
    for (const each of await Promise.allSettled(tried))
      expect(each).toMatchObject({ status: "rejected", reason: limited });
  });

  test("A43: a clock that jumps ends no wait: nothing is read by it, and the old password comes back", async () => {
    await member.connection.call("PUT /v1/member/device-approval", { body: { isOn: true } });
    const waiting = await login(password);
    const begun = await reset();
    await pass(1);
    for (const days of [8, -8, 300, -300, 8]) {
      nowMs += days * DAY_MS;
      for (const each of [begun, waiting]) await expect(objects(each)).rejects.toMatchObject(limited);
      for (let i = 0; i < 3; i++) await sweepMembers(server.server);
      for (const each of [begun, waiting]) await expect(objects(each)).rejects.toMatchObject(limited);
    }
    // Time that is lived through counts as ever, and no wait is longer than it was at first.
    await pass(2);
    for (const each of [begun, waiting]) await expect(objects(each)).rejects.toMatchObject(limited);
    await pass(3);
    await expect(objects(begun)).rejects.toMatchObject(limited);
    const second = await login(another);
    await member.connection.call("POST /v1/reset/cancel");
    await expect(objects(second)).rejects.toMatchObject(noSession);
    await login(password);
    await pass(3);
    await objects(waiting);
    expect(await kinds()).not.toContain("reset-ended");
  });

  test("ends when a device changes the password", async () => {
    const begun = await reset();
    await changePassword(member.connection, "the owner's new password");
    await expect(objects(begun)).rejects.toMatchObject(noSession);
    expect(await login("the owner's new password")).toMatchObject({ fullFromMs: 0 });
  });

  test("is answered alike for a contact that nobody has, which gets nothing", async () => {
    const start = (contact: Contact) => server.connection.call("POST /v1/reset/start", { body: { contact } });
    const nobody: Contact = { kind: "email", to: "nobody@example.org" };
    const [known, unknown] = [await start(email), await start(nobody)];
    expect(Object.keys(unknown)).toEqual(Object.keys(known));
    expect(unknown.id).toHaveLength(known.id.length);
    await server.codeAt(email);
    await server.toldAt(nobody);
    expect(server.mail.mails.map(({ to }) => to)).not.toContain("nobody@example.org");
    const { registrationRequest } = opaque.startRegistration({ password });
    for (const { id } of [known, unknown])
      await expect(
        server.connection.call("POST /v1/reset/code", { body: { id, code: "000000", registrationRequest } }),
      ).rejects.toMatchObject({ code: "member.wrong-code" });
  });
});

describe("a proof from the vault", () => {
  test("makes a limited session full at once, and the reset can be taken back no more", async () => {
    await addAccessKey(member.connection, { seed: seedOf(1), kind: "words" });
    const begun = await reset();
    const connection = server.connection.with(begun);
    const bad = { code: "member.bad-access" };
    await expect(proveAccess(connection, { session: begun.session, seed: seedOf(2) })).rejects.toMatchObject(
      bad,
    );
    await expect(
      proveAccess(connection, { session: member.membership.session, seed: seedOf(1) }),
    ).rejects.toMatchObject(bad);
    await proveAccess(connection, { session: begun.session, seed: seedOf(1) });
    await objects(begun);
    await expect(member.connection.call("POST /v1/reset/cancel")).rejects.toMatchObject({
      code: "request.not-found",
    });
    expect((await kinds()).slice(-2)).toEqual(["reset-ended", "device-approved"]);
  });

  test("counts from the words that took the place of others, and no more from those", async () => {
    const { connection } = member;
    const known = async (): Promise<number> => (await connection.call("GET /v1/access/keys")).keys.length;
    await addAccessKey(connection, { seed: seedOf(1), kind: "words" });
    await addAccessKey(connection, { seed: seedOf(2), kind: "words" });
    await addAccessKey(connection, { seed: seedOf(3), kind: "device" });
    await replaceAccessKey(connection, { seed: seedOf(4), before: seedOf(1) });
    expect(await known()).toBe(3);
    await replaceAccessKey(connection, { seed: seedOf(4), before: undefined });
    await replaceAccessKey(connection, { seed: seedOf(4), before: seedOf(4) });
    expect(await known()).toBe(2);
    const begun = await reset();
    const { session } = begun;
    const limitedOne = server.connection.with(begun);
    for (const old of [1, 2])
      await expect(proveAccess(limitedOne, { session, seed: seedOf(old) })).rejects.toMatchObject({
        code: "member.bad-access",
      });
    await proveAccess(limitedOne, { session, seed: seedOf(4) });
  });

  test("counts from keys that its member has now", async () => {
    const stranger = await server.newMember();
    await addAccessKey(stranger.connection, { seed: seedOf(3), kind: "device" });
    await addAccessKey(member.connection, { seed: seedOf(1), kind: "words" });
    const begun = await reset();
    const connection = server.connection.with(begun);
    const bad = { code: "member.bad-access" };
    await expect(proveAccess(connection, { session: begun.session, seed: seedOf(3) })).rejects.toMatchObject(
      bad,
    );
    const { keys } = await member.connection.call("GET /v1/access/keys");
    await member.connection.call("DELETE /v1/access/keys/{id}", { params: { id: keys[0]!.id } });
    await expect(proveAccess(connection, { session: begun.session, seed: seedOf(1) })).rejects.toMatchObject(
      bad,
    );
    expect(await server.toldAt(email)).toEqual(
      [
        "A contact was added",
        "A recovery key was registered",
        "A password reset was begun",
        "A recovery key was taken off",
      ].toSorted(),
    );
  });
});

describe("approval of new devices", () => {
  test("limits a login by password for 72 hours, or until another device approves it", async () => {
    await member.connection.call("PUT /v1/member/device-approval", { body: { isOn: true } });
    const [waiting, approved] = [await login(password), await login(password)];
    expect(waiting.fullFromMs).toBe(nowMs + 3 * DAY_MS);
    for (const each of [waiting, approved]) await expect(objects(each)).rejects.toMatchObject(limited);
    const approve = { params: { id: approved.session } };
    await expect(
      server.connection.with(waiting).call("POST /v1/devices/{id}/approve", approve),
    ).rejects.toMatchObject(limited);
    await member.connection.call("POST /v1/devices/{id}/approve", approve);
    await objects(approved);
    await expect(member.connection.call("POST /v1/devices/{id}/approve", approve)).rejects.toMatchObject({
      code: "request.not-found",
    });
    await pass(2.99);
    await expect(objects(waiting)).rejects.toMatchObject(limited);
    await pass(0.01);
    await objects(waiting);
    expect(await kinds()).toContain("approval-on");
    await member.connection.call("PUT /v1/member/device-approval", { body: { isOn: false } });
    expect(await login(password)).toMatchObject({ fullFromMs: 0 });
  });
});
