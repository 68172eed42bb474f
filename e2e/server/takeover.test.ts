import { afterEach, beforeEach, expect, test } from "vitest";
import {
  logIn,
  resetPassword,
  serverStore,
  type Connection,
  type Contact,
  type Membership,
} from "../../packages/core/src/client/index.ts";
import { loadOpaque } from "../../packages/core/src/client/member.ts";
import { backup, emptyContentRoot, emptyRoot } from "../../packages/core/src/history/index.ts";
import type { Store } from "../../packages/core/src/vault/store/index.ts";
import { createVault } from "../../packages/core/src/vault/index.ts";
import { nodePrimitives } from "../../packages/core/src/platform/node/index.ts";
import { historyEvents } from "../../packages/core/testing/history/index.ts";
import { startReachableServer, type ReachableServer } from "./reachable.ts";
import { password, type Member } from "./serving.ts";

/*
 * Who holds what, and gets what of it: a member with a vault, two devices and two contacts; a thief with ever more.
 * The rows are those of SECURITY.md.
 */

const opaque = await loadOpaque();
const DAY_MS = 24 * 60 * 60_000;
const theirs = "the thief's own password";
const email: Contact = { kind: "email", to: "canary-lei@example.org" };
const phone: Contact = { kind: "phone", to: "+8613812345678" };
const life = { seed: "takeover", messages: 200, chats: 3 };
const limited = { code: "member.limited" };

let nowMs = Date.now();
let server: ReachableServer;
let member: Member;
let second: Membership;
let vault: string;
let names: readonly string[];
beforeEach(async () => {
  nowMs = Date.now();
  server = await startReachableServer({}, { now: () => nowMs });
  member = await server.newMember("canary-name");
  vault = await member.newVault();
  await storeLife();
  second = await logIn(server.connection, { name: "canary-name", password, platform: "phone" });
  await server.reach(member, email);
  await server.reach(member, phone);
  // The gateway sends one code a minute to a number.
  nowMs += 2 * 60_000;
});
afterEach(() => server[Symbol.asyncDispose]());

async function storeLife(): Promise<void> {
  const store = serverStore({ connection: member.connection, vault });
  const made = await createVault({
    primitives: nodePrimitives,
    store,
    clock: { now: () => nowMs },
    language: "en",
    deviceName: "canary-device",
    emptyRoot,
    emptyContentRoot: emptyContentRoot(nodePrimitives),
  });
  await backup(made.vault, {
    name: "canary-phone",
    async *read() {
      yield* historyEvents(life);
    },
  });
  names = await namesIn(store);
}

async function namesIn(store: Store): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const { name } of store.list("")) found.push(name);
  return found;
}

/** All texts of the history that are long enough to be known again. */
function texts(): readonly string[] {
  return [...historyEvents(life)].flatMap((event) => {
    if (event.type !== "message" || event.message.kind !== "text") return [];
    const { text } = event.message.body as { readonly text: string };
    return text.length > 7 ? [text] : [];
  });
}

const reset = (contact: Contact) =>
  resetPassword(server.connection, { contact, password: theirs, platform: "web" }, () =>
    server.codeAt(contact),
  );

/** What a thief would do with a session; each must be refused, and leave all as it was. */
async function attempts(connection: Connection): Promise<readonly PromiseSettledResult<unknown>[]> {
  const store = serverStore({ connection, vault });
  const params = { vault };
  const { contacts } = await connection.call("GET /v1/contacts");
  const { registrationRequest } = opaque.startRegistration({ password: theirs });
  return Promise.allSettled([
    namesIn(store),
    ...names.flatMap((name) => [store.get(name), store.remove(name)]),
    store.put("heads/0000000099", new Uint8Array(10)),
    connection.call("POST /v1/vaults/{vault}/trash/restore", { params, body: { ids: [] } }),
    ...contacts.map(({ id }) => connection.call("DELETE /v1/contacts/{id}", { params: { id } })),
    connection.call("POST /v1/contacts", { body: { contact: { kind: "email", to: "thief@example.org" } } }),
    ...[member.membership, second].map(({ session }) =>
      connection.call("DELETE /v1/devices/{id}", { params: { id: session } }),
    ),
    connection.call("DELETE /v1/devices"),
    connection.call("POST /v1/password/start", { body: { registrationRequest } }),
    connection.call("POST /v1/access/keys", { body: { key: "11".repeat(32), kind: "words" } }),
    connection.call("PUT /v1/member/device-approval", { body: { isOn: false } }),
    connection.call("POST /v1/reset/cancel"),
  ]);
}

async function getsNothing(thief: Membership): Promise<void> {
  for (const each of await attempts(server.connection.with(thief)))
    expect(each).toMatchObject({ status: "rejected", reason: limited });
}

async function isWhole(): Promise<void> {
  const store = serverStore({ connection: member.connection, vault });
  expect(await namesIn(store)).toEqual(names);
  expect((await member.connection.call("GET /v1/contacts")).contacts).toHaveLength(2);
}

/** By mail, by SMS, which has room for 20 letters, and on devices. */
async function isTold([mail, sms]: readonly [string, string], kind: string): Promise<void> {
  expect(await server.toldAt(email)).toContain(mail);
  expect(await server.toldAt(phone)).toContain(sms);
  for (const device of [member.membership, second]) {
    const { events } = await server.connection.with(device).call("GET /v1/events");
    expect(events.map((event) => event.kind)).toContain(kind);
  }
}

/** A row of resets: nothing for a week, everybody is told, another device takes it back. */
async function resetsInVain(contact: Contact): Promise<Membership> {
  const thief = await reset(contact);
  await isTold(["A password reset was begun", "Password reset begun"], "reset-begun");
  for (const day of [0, 3, 6.99]) {
    nowMs = thief.fullFromMs - (7 - day) * DAY_MS;
    await getsNothing(thief);
    const again = await logIn(server.connection, { name: "canary-name", password: theirs, platform: "cli" });
    await getsNothing(again);
  }
  await isWhole();
  expect((await server.connection.with(second).call("POST /v1/reset/cancel")).ended).toBe(4);
  await isTold(["A password reset was cancelled", "Reset cancelled"], "reset-cancelled");
  await expect(server.connection.with(thief).call("GET /v1/member")).rejects.toMatchObject({
    code: "member.no-session",
  });
  await expect(
    logIn(server.connection, { name: "canary-name", password: theirs, platform: "cli" }),
  ).rejects.toMatchObject({ code: "member.wrong-login" });
  await logIn(server.connection, { name: "canary-name", password, platform: "web" });
  await isWhole();
  return thief;
}

async function leavesNothing(...more: readonly string[]): Promise<void> {
  const codes = [...server.sms.sent, ...server.mail.mails].flatMap((each) =>
    "value" in each ? (/^\d{6}$/.exec(each.value) ?? []) : (/^\d{6}/.exec(each.text) ?? []),
  );
  const left = await server.leftBehind();
  const planted = [
    "canary-",
    phone.to,
    phone.to.slice(3),
    password,
    theirs,
    member.membership.token,
    ...more,
  ];
  for (const each of [...planted, ...codes.map((code) => `"${code}"`)])
    expect([each.slice(0, 4), left.includes(each)]).toEqual([each.slice(0, 4), false]);
  const bytes = Buffer.from(left, "latin1");
  for (const text of texts()) expect(bytes.includes(Buffer.from(text))).toBe(false);
}

test("with the number (SIM swap): nothing, for seven days, and any device takes it back", async () => {
  const thief = await resetsInVain(phone);
  await leavesNothing(thief.token);
});

test("with the number and the mailbox: the same, also one after the other", async () => {
  const first = await reset(email);
  nowMs += DAY_MS;
  const thief = await resetsInVain(phone);
  await expect(server.connection.with(first).call("GET /v1/member")).rejects.toMatchObject({
    code: "member.no-session",
  });
  await leavesNothing(thief.token, first.token);
});

test("and a stolen session token: it is worth nothing without its device's key", async () => {
  for (const { token } of [member.membership, second]) {
    const thief = server.connection.with({ token, deviceSeed: new Uint8Array(32).fill(7) });
    await expect(thief.call("GET /v1/member")).rejects.toMatchObject({ code: "member.bad-proof" });
    await expect(thief.call("POST /v1/reset/cancel")).rejects.toMatchObject({ code: "member.bad-proof" });
    const bare = await fetch(`${server.url}/v1/vaults/${vault}/objects?prefix=`, {
      headers: { authorization: `Keepsake ${token}` },
    });
    expect(bare.status).toBe(401);
  }
  await leavesNothing((await resetsInVain(email)).token);
});

test("and the password, with approval of new devices: nothing for 72 hours, unless a device approves", async () => {
  await member.connection.call("PUT /v1/member/device-approval", { body: { isOn: true } });
  const thief = await logIn(server.connection, { name: phone.to, password, platform: "web" });
  await isTold(["A new device logged in", "New device logged in"], "logged-in");
  for (const hour of [0, 40, 71.9]) {
    nowMs = thief.fullFromMs - (72 - hour) * 60 * 60_000;
    await getsNothing(thief);
  }
  await isWhole();
  await member.connection.call("DELETE /v1/devices/{id}", { params: { id: thief.session } });
  nowMs = thief.fullFromMs + DAY_MS;
  await expect(server.connection.with(thief).call("GET /v1/vaults")).rejects.toMatchObject({
    code: "member.no-session",
  });
  await leavesNothing(thief.token);
});

test("and the password, without it: sealed bytes and never a text, everybody is told, removed is not gone", async () => {
  const thief = await logIn(server.connection, { name: email.to, password, platform: "web" });
  await isTold(["A new device logged in", "New device logged in"], "logged-in");
  const store = serverStore({ connection: server.connection.with(thief), vault });
  const known = texts();
  expect(known.length).toBeGreaterThan(20);
  const stored = await namesIn(store);
  for (const name of stored) {
    const bytes = Buffer.from((await store.get(name))!);
    for (const text of known) expect(bytes.includes(Buffer.from(text))).toBe(false);
  }
  const pack = stored.find((name) => name.startsWith("packs/"))!;
  await store.remove(pack);
  nowMs += 6 * DAY_MS;
  const params = { vault };
  const { objects } = await member.connection.call("GET /v1/vaults/{vault}/trash", { params });
  await member.connection.call("POST /v1/vaults/{vault}/trash/restore", {
    params,
    body: { ids: objects.map(({ id }) => id) },
  });
  await isWhole();
  await leavesNothing(thief.token);
});
