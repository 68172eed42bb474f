import { afterEach, beforeEach, expect, test } from "vitest";
import {
  addAccessKey,
  logIn,
  proveAccess,
  resetPassword,
  type Contact,
} from "../../packages/core/src/client/index.ts";
import { startReachableServer, type ReachableServer } from "./reachable.ts";
import { password, type Member } from "./serving.ts";
import { totp } from "./totp.ts";

const email: Contact = { kind: "email", to: "canary@example.org" };
const wrongCode = { code: "member.wrong-code" };
const needed = { code: "member.totp-needed" };
const seed = new Uint8Array(32).fill(1);

let nowMs = Date.now();
let server: ReachableServer;
let member: Member;
let secret: string;
beforeEach(async () => {
  nowMs = Date.now();
  server = await startReachableServer({}, { now: () => nowMs });
  member = await server.newMember("two-factors");
  await server.reach(member, email);
  const { ticket, secret: made } = await member.connection.call("POST /v1/totp/start");
  secret = made;
  await member.connection.call("POST /v1/totp/confirm", { body: { ticket, code: code() } });
  nowMs += 30_000;
});
afterEach(() => server[Symbol.asyncDispose]());

const code = (): string => totp(secret, nowMs);
/** One that no half minute near has. */
const wrong = (): string => {
  const near = [-30_000, 0, 30_000].map((ms) => totp(secret, nowMs + ms));
  return ["111111", "222222", "333333", "444444"].find((each) => !near.includes(each))!;
};
const login = (given?: string) =>
  logIn(server.connection, {
    name: "two-factors",
    password,
    platform: "web",
    ...(given === undefined ? {} : { totp: async () => given }),
  });

test("the codes are those of RFC 6238", () => {
  expect(totp("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", 59_000)).toBe("287082");
});

test("nothing is on before a code of the new secret came", async () => {
  const { connection } = await server.newMember("one-factor");
  const { ticket, secret: text, url } = await connection.call("POST /v1/totp/start");
  expect(url).toContain(`secret=${text}&`);
  const confirm = (given: string) =>
    connection.call("POST /v1/totp/confirm", { body: { ticket, code: given } });
  await expect(confirm(totp(text, nowMs - 600_000))).rejects.toMatchObject(wrongCode);
  await expect(
    member.connection.call("POST /v1/totp/confirm", { body: { ticket, code: totp(text, nowMs) } }),
  ).rejects.toMatchObject(wrongCode);
  await logIn(server.connection, { name: "one-factor", password, platform: "web" });
  await confirm(totp(text, nowMs));
  await expect(
    logIn(server.connection, { name: "one-factor", password, platform: "web" }),
  ).rejects.toMatchObject(needed);
});

test("a login by password needs a code, each is good once, and one of a minute ago is none", async () => {
  expect(await member.connection.call("GET /v1/member")).toMatchObject({ isTotpOn: true });
  await expect(login()).rejects.toMatchObject(needed);
  await expect(login(wrong())).rejects.toMatchObject(wrongCode);
  const used = code();
  await login(used);
  await expect(login(used)).rejects.toMatchObject(wrongCode);
  nowMs += 60_000;
  await expect(login(totp(secret, nowMs - 60_000))).rejects.toMatchObject(wrongCode);
  await login(code());
  await expect(member.connection.call("POST /v1/totp/start")).rejects.toMatchObject({
    code: "member.totp-on",
  });
});

test("guesses at a code have to wait ever longer, and logged-in devices do not", async () => {
  for (let i = 0; i < 5; i += 1) await expect(login(wrong())).rejects.toMatchObject(wrongCode);
  const tooMany = { code: "request.too-many", details: { waitMs: 30_000 } };
  await expect(login(code())).rejects.toMatchObject(tooMany);
  await member.connection.call("GET /v1/member");
  nowMs += 30_000;
  await expect(login(wrong())).rejects.toMatchObject(wrongCode);
  nowMs += 30_000;
  await expect(login(code())).rejects.toMatchObject({ details: { waitMs: 30_000 } });
  nowMs += 30_000;
  await login(code());
});

test("it is turned off by a session and a code, never by one of them, and all are told", async () => {
  const remove = (given: string) => member.connection.call("POST /v1/totp/remove", { body: { code: given } });
  await expect(remove(wrong())).rejects.toMatchObject(wrongCode);
  await remove(code());
  await login();
  expect(await server.toldAt(email)).toEqual(
    [
      "A contact was added",
      "A second factor was turned on",
      "The second factor was turned off",
      "A new device logged in",
    ].toSorted(),
  );
});

test("after a reset, words prove the vault only together with a code; without it one waits", async () => {
  await addAccessKey(member.connection, { seed, kind: "words" });
  const begun = await resetPassword(
    server.connection,
    { contact: email, password: "another password", platform: "web" },
    () => server.codeAt(email),
  );
  const connection = server.connection.with(begun);
  const prove = (given?: string) =>
    proveAccess(connection, {
      session: begun.session,
      seed,
      ...(given === undefined ? {} : { totp: given }),
    });
  await expect(prove()).rejects.toMatchObject(needed);
  await expect(prove(wrong())).rejects.toMatchObject(wrongCode);
  await expect(connection.call("POST /v1/vaults")).rejects.toMatchObject({ code: "member.limited" });
  await prove(code());
  await connection.call("POST /v1/vaults");
});

test("the database holds no secret of it", async () => {
  const left = await server.leftBehind();
  expect(left.includes(secret)).toBe(false);
});
