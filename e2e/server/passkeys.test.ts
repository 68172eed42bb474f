import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import {
  addAccessKey,
  addPasskey,
  logInByPasskey,
  proveAccess,
  resetPassword,
  type Contact,
} from "../../packages/core/src/client/index.ts";
import { SoftAuthenticator } from "../../packages/server/testing/authenticator.ts";
import { startReachableServer, type ReachableServer } from "./reachable.ts";
import { startTestServer, type Member } from "./serving.ts";

const origin = "https://keepsake.example";
const salt = new Uint8Array(32).fill(3);
const bad = { code: "member.bad-passkey" };

let server: ReachableServer;
let member: Member;
let authenticator: SoftAuthenticator;
beforeAll(async () => void (server = await startReachableServer({ KEEPSAKE_PUBLIC_URL: origin })));
afterAll(() => server[Symbol.asyncDispose]());
beforeEach(async () => {
  member = await server.newMember();
  authenticator = new SoftAuthenticator(origin);
});

const add = () => addPasskey(member.connection, { authenticator, salt });
const login = () => logInByPasskey(server.connection, { authenticator, platform: "web", salt });
const kinds = async () => (await member.connection.call("GET /v1/events")).events.map(({ kind }) => kind);

describe("a passkey", () => {
  test("logs in without a name or a password, is listed, and no longer logs in once it is removed", async () => {
    const { id } = await add();
    const { membership } = await login();
    expect(membership).toMatchObject({ member: member.membership.member, fullFromMs: 0 });
    await server.connection.with(membership).call("POST /v1/vaults");
    expect((await member.connection.call("GET /v1/passkeys")).passkeys).toMatchObject([{ id }]);
    await member.connection.call("POST /v1/passkeys/remove", { body: { id } });
    await expect(login()).rejects.toMatchObject(bad);
    expect(await kinds()).toEqual([
      "signed-up",
      "passkey-added",
      "logged-in",
      "vault-made",
      "passkey-removed",
    ]);
  });

  test("gives the same secret each time, of which the server never hears", async () => {
    const bodies: string[] = [];
    const plain = globalThis.fetch;
    const heard = vi.spyOn(globalThis, "fetch").mockImplementation(async (...given) => {
      const body = given[1]?.body;
      bodies.push(body instanceof Uint8Array ? Buffer.from(body).toString() : "");
      return plain(...given);
    });
    const made = await add();
    const { passkey } = await login();
    heard.mockRestore();
    expect(made.secret).toHaveLength(32);
    expect(passkey.secret).toEqual(made.secret);
    const secret = Buffer.from(made.secret!);
    expect(bodies.filter((body) => body.includes("clientDataJSON"))).toHaveLength(2);
    for (const form of ["base64url", "base64", "hex"] as const)
      expect(bodies.join("\n").includes(secret.toString(form).slice(0, 40))).toBe(false);
    expect(bodies.join("\n")).not.toContain("results");
    expect((await server.leftBehind()).includes(secret.toString("latin1"))).toBe(false);
  });

  test("with its secret in the answer is refused by the server", async () => {
    const { ticket, options } = await member.connection.call("POST /v1/passkeys/start");
    const { response, ...answer } = await authenticator.create({
      ...Object(options),
      extensions: { prf: { eval: { first: Buffer.from(salt).toString("base64url") } } },
    });
    const body = { ticket, response: { ...answer, type: "public-key", response } } as const;
    await expect(member.connection.call("POST /v1/passkeys/finish", { body })).rejects.toMatchObject({
      code: "request.invalid",
    });
  });

  test.each([
    ["another page", { origin: "https://keepsake.example.evil.test" }],
    ["another server", { rpId: "evil.test" }],
    ["another challenge", { challenge: Buffer.alloc(32, 1).toString("base64url") }],
    ["nobody who showed who they are", { isUnverified: true }],
  ])("of %s is neither added nor let in", async (_, lies) => {
    authenticator.lies = lies;
    await expect(add()).rejects.toMatchObject(bad);
    authenticator.lies = {};
    await add();
    authenticator.lies = lies;
    await expect(login()).rejects.toMatchObject(bad);
  });

  test("is let in once for a challenge, and never with a counter that goes back", async () => {
    await add();
    const start = async () => server.connection.call("POST /v1/passkeys/login/start");
    const { ticket, options } = await start();
    const { primitives } = server.connection;
    const deviceSeed = new Uint8Array(32).fill(5);
    const key = Buffer.from(await primitives.ed25519.publicKey(deviceSeed)).toString("hex");
    const finish = async (given: string, asked: unknown) => {
      const { id, rawId, response } = await authenticator.get(Object(asked));
      return server.connection.with({ deviceSeed, token: "" }).call("POST /v1/passkeys/login/finish", {
        body: {
          ticket: given,
          device: { key, platform: "web" },
          response: { id, rawId, type: "public-key", response, clientExtensionResults: {} },
        },
      });
    };
    await finish(ticket, options);
    await expect(finish(ticket, options)).rejects.toMatchObject(bad);
    const again = await start();
    await finish(again.ticket, again.options);
    authenticator.passkeys[0]!.counter = 0;
    await expect(login()).rejects.toMatchObject(bad);
    authenticator.passkeys[0]!.counter = 10;
    await login();
  });

  test("of one member is not registered by another, nor with another's ticket", async () => {
    await add();
    const other = await server.newMember();
    const { ticket, options } = await other.connection.call("POST /v1/passkeys/start");
    const { id, rawId, response } = await authenticator.create(Object(options));
    const body = {
      ticket,
      response: { id, rawId, type: "public-key", response, clientExtensionResults: {} },
    } as const;
    await expect(member.connection.call("POST /v1/passkeys/finish", { body })).rejects.toMatchObject(bad);
    await other.connection.call("POST /v1/passkeys/finish", { body });
    expect((await login()).membership.member).toBe(other.membership.member);
  });
});

test("after a reset, words alone do not pass by a passkey; the passkey itself does", async () => {
  const email: Contact = { kind: "email", to: "canary-passkey@example.org" };
  const seed = new Uint8Array(32).fill(1);
  await server.reach(member, email);
  await addAccessKey(member.connection, { seed, kind: "words" });
  await add();
  const begun = await resetPassword(
    server.connection,
    { contact: email, password: "another password", platform: "web" },
    () => server.codeAt(email),
  );
  const connection = server.connection.with(begun);
  await expect(proveAccess(connection, { session: begun.session, seed })).rejects.toMatchObject({
    code: "member.passkey-needed",
  });
  await expect(addPasskey(connection, { authenticator })).rejects.toMatchObject({ code: "member.limited" });
  const { membership } = await login();
  await server.connection
    .with(membership)
    .call("POST /v1/devices/{id}/approve", { params: { id: begun.session } });
  await connection.call("POST /v1/vaults");
  expect(await server.toldAt(email)).toContain("A passkey was added");
});

test("a server without a public address says that it takes none", async () => {
  await using plain = await startTestServer();
  await expect(logInByPasskey(plain.connection, { authenticator, platform: "web" })).rejects.toMatchObject({
    code: "member.no-passkeys",
  });
});
