import { once } from "node:events";
import { request as httpRequest, type IncomingMessage } from "node:http";
import { connect } from "node:net";
import { json } from "node:stream/consumers";
import { expect, test } from "vitest";
import { bytesToHex, textToBytes } from "../../packages/core/src/base/index.ts";
import { logIn, signUp } from "../../packages/core/src/client/index.ts";
import { requestText } from "../../packages/core/src/protocol/index.ts";
import { firstInvitation, isGoodInvitation } from "../../packages/server/src/members/invitations.ts";
import { password, startTestServer } from "./serving.ts";

/** Asks until it is refused; the number of answers before. */
async function answersBeforeRefusal(
  url: string,
  ask: (i: number) => { readonly path: string; readonly headers?: Record<string, string>; body?: string },
): Promise<number> {
  for (let i = 0; i < 200; i += 1) {
    const { path, headers = {}, body } = ask(i);
    const method = body === undefined ? "GET" : "POST";
    const given = { method, headers: { "content-type": "application/json", ...headers } };
    const { status } = await fetch(url + path, { ...given, ...(body === undefined ? {} : { body }) });
    if (status === 429) return i;
  }
  return 200;
}

const slow = { KEEPSAKE_REQUESTS_PER_ADDRESS: "10", KEEPSAKE_BEHIND_PROXY: "yes" };

test("what is refused for its form, or finds nothing, counts as well, and so do pages", async () => {
  for (const ask of [
    () => ({ path: "/v1/nothing" }),
    () => ({ path: "/" }),
    () => ({ path: "/docs" }),
    () => ({ path: "/docs/openapi.json" }),
    () => ({ path: "/ready" }),
    () => ({ path: "/v1/login/start", body: '{"wrong":1}' }),
    () => ({ path: "/v1/login/start", body: "{" }),
  ]) {
    await using server = await startTestServer(slow);
    expect(await answersBeforeRefusal(server.url, ask)).toBeLessThan(100);
  }
});

test("behind a proxy a client is who the proxy says it is, whatever it says of itself", async () => {
  await using server = await startTestServer(slow);
  const from = (forwarded: string) => ({
    path: "/v1/server",
    headers: { "x-forwarded-for": forwarded },
  });
  expect(await answersBeforeRefusal(server.url, (i) => from(`198.51.100.${i}, 192.0.2.1`))).toBeLessThan(100);
  expect(
    (await fetch(`${server.url}/v1/server`, { headers: { "x-forwarded-for": "192.0.2.2" } })).status,
  ).toBe(200);
});

test("a large body of nobody in particular is refused before it is read to its end", async () => {
  await using server = await startTestServer();
  const response = await fetch(`${server.url}/v1/login/start`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: `[${"0,".repeat(500_000)}0]`,
  });
  expect(response.status).toBe(413);
});

test("of who has no session nothing is read but the headers", async () => {
  await using server = await startTestServer();
  const { connection, newVault } = await server.newMember();
  const path = `/v1/vaults/${await newVault()}/uploads`;
  const headers = { "content-type": "application/json", authorization: `Keepsake ${"A".repeat(43)}` };
  const asked = { method: "POST", body: `{${" ".repeat(1_000_000)}`, headers };
  const refused = await fetch(server.url + path, asked);
  expect(await refused.json()).toMatchObject({ code: "member.no-session" });
  // One that sends on is cut.
  const { hostname, port } = new URL(server.url);
  const socket = connect({ host: hostname, port: Number(port) });
  const ended = new Promise((done) => socket.once("close", done));
  socket.on("error", () => undefined);
  const lines = [
    `POST ${path} HTTP/1.1`,
    "host: x",
    "content-type: application/json",
    "content-length: 9999",
  ];
  socket.write(`${lines.join("\r\n")}\r\n\r\n`);
  const drip = setInterval(() => socket.write(" "), 500);
  const beganMs = performance.now();
  await ended;
  clearInterval(drip);
  expect(performance.now() - beganMs).toBeLessThan(20_000);
  await connection.call("GET /v1/member");
}, 40_000);

test("a session that ended while its request came is not let in", async () => {
  await using server = await startTestServer();
  const { connection } = await server.newMember("slowly");
  const other = await logIn(server.connection, { name: "slowly", password, platform: "cli" });
  const { primitives } = connection;
  const body = textToBytes("{}");
  const [path, nonce, timeMs] = [
    "/v1/vaults",
    Buffer.from(primitives.random(18)).toString("base64url"),
    Date.now(),
  ];
  const bodyDigest = bytesToHex(primitives.sha256(body));
  const text = requestText({ method: "POST", path, timeMs, nonce, token: other.token, bodyDigest });
  const signature = Buffer.from(await primitives.ed25519.sign(textToBytes(text), other.deviceSeed)).toString(
    "base64url",
  );
  const request = httpRequest(server.url + path, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      "content-length": body.length,
      authorization: `Keepsake ${other.token}`,
      "keepsake-proof": `${timeMs}.${nonce}.${signature}`,
    },
  });
  const answered = once(request, "response");
  request.write(body.slice(0, 1));
  await new Promise((done) => setTimeout(done, 1500));
  await connection.call("DELETE /v1/devices/{id}", { params: { id: other.session } });
  request.end(body.slice(1));
  const [answer] = (await answered) as [IncomingMessage];
  expect(await json(answer)).toMatchObject({ code: "member.no-session" });
  expect((await connection.call("GET /v1/vaults")).vaults).toEqual([]);
});

test("one place opens twenty mailboxes for new devices, and others as many", async () => {
  await using server = await startTestServer({
    KEEPSAKE_REQUESTS_PER_ADDRESS: "100",
    KEEPSAKE_BEHIND_PROXY: "yes",
  });
  const device = server.connection.with({ deviceSeed: new Uint8Array(32).fill(3), token: "" });
  const { ed25519 } = server.connection.primitives;
  const key = Buffer.from(await ed25519.publicKey(new Uint8Array(32).fill(3))).toString("hex");
  const open = (place: string) =>
    device.send({
      method: "POST",
      path: "/v1/enrol",
      headers: { "x-forwarded-for": place },
      json: { device: { key, platform: "cli" } },
    });
  for (let i = 0; i < 10; i++) await open("192.0.2.1");
  await expect(open("192.0.2.1")).rejects.toMatchObject({ code: "request.too-many" });
  await open("192.0.2.2");
});

test("the routes are on a page, and in a document for programs", async () => {
  await using server = await startTestServer();
  const page = await fetch(`${server.url}/docs`);
  expect(page.headers.get("content-type")).toContain("text/html");
  expect(await page.text()).toContain("<code>POST /v1/login/start</code>");
  const document = (await (await fetch(`${server.url}/docs/openapi.json`)).json()) as { openapi: string };
  expect(document.openapi).toBe("3.1.0");
});

test("each process prints an invitation that is good, until there is an operator", async () => {
  await using first = await startTestServer({ KEEPSAKE_SIGN_UP: "invitation" });
  const second = await firstInvitation(first.server);
  expect(await isGoodInvitation(first.server, first.invitation!)).toBe(true);
  const { connection } = first;
  await signUp(connection, { password, platform: "cli", invitation: second! });
  expect(await isGoodInvitation(first.server, first.invitation!)).toBe(false);
  expect(await firstInvitation(first.server)).toBeUndefined();
});
