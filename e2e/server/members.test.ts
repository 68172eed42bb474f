import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { changePassword, logIn, signUp } from "../../packages/core/src/client/index.ts";
import { password, startTestServer, type TestServer } from "./serving.ts";

let server: TestServer;
beforeAll(async () => void (server = await startTestServer()));
afterAll(() => server[Symbol.asyncDispose]());

describe("a member", () => {
  test("signs up with a name, logs in on another device, sees both, and logs one out", async () => {
    const { connection: first } = await server.newMember("Li Lei@example.org".replace(" ", "."));
    const second = await logIn(server.connection, { name: "LI.LEI@example.org ", password, platform: "web" });
    const { devices } = await first.call("GET /v1/devices");
    expect(devices).toMatchObject([
      { platform: "web", way: "password", isThis: false },
      { platform: "cli", way: "sign-up", isThis: true },
    ]);
    const other = server.connection.with(second);
    await other.call("GET /v1/member");
    await first.call("DELETE /v1/devices/{id}", { params: { id: second.session } });
    await expect(other.call("GET /v1/member")).rejects.toMatchObject({ code: "member.no-session" });
  });

  test("gets a name where none is given, and a name is given once only", async () => {
    const { membership } = await server.newMember();
    expect(membership.name).toMatch(/^k-[0-9a-z]{4}-[0-9a-z]{4}-[0-9a-z]{4}$/);
    await server.newMember("韩梅梅");
    await expect(server.newMember("韩梅梅")).rejects.toMatchObject({ code: "member.taken" });
    const racing = await Promise.allSettled([1, 2, 3, 4].map(() => server.newMember("racing")));
    expect(racing.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  });

  test("may have a name of two characters; what cannot be one is told", async () => {
    await server.newMember("小陈");
    for (const name of ["陈", "two words", "x".repeat(101), "a\u0007b"])
      await expect(server.newMember(name)).rejects.toMatchObject({ code: "member.bad-name" });
  });

  test("changes the password: the old one and all other devices are out", async () => {
    const { connection } = await server.newMember("changer");
    const other = server.connection.with(
      await logIn(server.connection, { name: "changer", password, platform: "cli" }),
    );
    expect(await changePassword(connection, "another long password")).toBe(1);
    await expect(other.call("GET /v1/member")).rejects.toMatchObject({ code: "member.no-session" });
    await expect(
      logIn(server.connection, { name: "changer", password, platform: "cli" }),
    ).rejects.toMatchObject({
      code: "member.wrong-login",
    });
    await logIn(server.connection, { name: "changer", password: "another long password", platform: "cli" });
  });

  test("reads what happened, each entry bound to the one before", async () => {
    const { connection, newVault } = await server.newMember();
    await newVault();
    const { events } = await connection.call("GET /v1/events");
    expect(events.map(({ kind }) => kind)).toEqual(["signed-up", "vault-made"]);
    let before = "";
    for (const { hash, number, atMs, kind, session, details } of events) {
      const text = JSON.stringify([before, number, atMs, kind, session, Object.entries(details)]);
      expect(hash).toBe(createHash("sha256").update(text).digest("hex"));
      before = hash;
    }
  });
});

describe("a stranger", () => {
  test("learns nothing from a name that nobody has", async () => {
    await server.newMember("known");
    // What the server answers to the first half of each login.
    const answers: string[] = [];
    const plain = globalThis.fetch;
    const heard = vi.spyOn(globalThis, "fetch").mockImplementation(async (...given) => {
      const response = await plain(...given);
      if (response.url.endsWith("/login/start")) answers.push(await response.clone().text());
      return response;
    });
    const wrong = { code: "member.wrong-login" };
    await expect(
      logIn(server.connection, { name: "known", password: "wrong one", platform: "cli" }),
    ).rejects.toMatchObject(wrong);
    await expect(
      logIn(server.connection, { name: "unknown", password, platform: "cli" }),
    ).rejects.toMatchObject(wrong);
    heard.mockRestore();
    expect(answers[1]).toHaveLength(answers[0]!.length);
  });

  test("has nothing from a token without its device's key", async () => {
    const { membership } = await server.newMember();
    const thief = server.connection.with({ token: membership.token, deviceSeed: new Uint8Array(32).fill(7) });
    await expect(thief.call("GET /v1/member")).rejects.toMatchObject({ code: "member.bad-proof" });
    const bare = await fetch(`${server.url}/v1/member`, {
      headers: { authorization: `Keepsake ${membership.token}` },
    });
    expect(bare.status).toBe(401);
    expect(bare.headers.get("content-type")).toContain("application/problem+json");
  });

  test("needs an invitation where the server asks for one, and it is good once", async () => {
    await using closed = await startTestServer({ KEEPSAKE_SIGN_UP: "invitation" });
    const bad = { code: "member.bad-invitation" };
    await expect(closed.newMember()).rejects.toMatchObject(bad);
    const invitation = closed.invitation!;
    const operator = await signUp(closed.connection, {
      password,
      invitation: ` ${invitation.toUpperCase().replaceAll("-", " ")}`,
      platform: "cli",
    });
    expect(await closed.connection.with(operator).call("GET /v1/member")).toMatchObject({ isOperator: true });
    await expect(signUp(closed.connection, { password, invitation, platform: "cli" })).rejects.toMatchObject(
      bad,
    );
  });
});

test("the database holds no name, password or token", async () => {
  const { membership } = await server.newMember("canary-name-7391");
  const bytes = await readFile(join(server.folder, "keepsake.db"), "latin1");
  const log = await readFile(join(server.folder, "keepsake.db-wal"), "latin1").catch(() => "");
  for (const planted of ["canary-name-7391", password, membership.token])
    expect([planted.slice(0, 3), (bytes + log + JSON.stringify(server.logged)).includes(planted)]).toEqual([
      planted.slice(0, 3),
      false,
    ]);
});
