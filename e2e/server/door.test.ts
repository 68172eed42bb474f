import { expect, test } from "vitest";
import { signUp } from "../../packages/core/src/client/index.ts";
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

test("what is refused for its form, or finds nothing, counts as well", async () => {
  for (const ask of [
    () => ({ path: "/v1/nothing" }),
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

test("one place opens twenty mailboxes for new devices, and others as many", async () => {
  await using server = await startTestServer({
    KEEPSAKE_REQUESTS_PER_ADDRESS: "100",
    KEEPSAKE_BEHIND_PROXY: "yes",
  });
  const device = server.connection.with({ deviceSeed: new Uint8Array(32).fill(3), token: "" });
  const { ed25519 } = server.connection.primitives;
  const key = Buffer.from(ed25519.publicKey(new Uint8Array(32).fill(3))).toString("hex");
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
