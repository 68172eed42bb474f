import { setTimeout } from "node:timers/promises";
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from "vitest";
import { logIn, serverStore } from "../../packages/core/src/client/index.ts";
import { someBytes } from "../../packages/core/testing/stores/conformance.ts";
import { password, startTestServer, type TestServer } from "./serving.ts";

let server: TestServer;
beforeAll(async () => void (server = await startTestServer()));
afterAll(() => server[Symbol.asyncDispose]());

/** The kinds of events that come over a stream, until it ends. */
async function* kindsOf(response: Response): AsyncGenerator<string> {
  let text = "";
  for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    for (let end = text.indexOf("\n\n"); end >= 0; end = text.indexOf("\n\n")) {
      const kind = /^event: (.*)$/m.exec(text.slice(0, end))?.[1];
      text = text.slice(end + 2);
      if (kind !== undefined) yield kind;
    }
  }
}

test("another device hears of a new head, and its stream ends when it is logged out", async () => {
  const { connection, newVault } = await server.newMember("streamer");
  const other = await logIn(server.connection, { name: "streamer", password, platform: "phone" });
  const stream = await server.connection.with(other).send({ method: "GET", path: "/v1/events/stream" });
  const heard = kindsOf(stream);
  const vault = await newVault();
  expect((await heard.next()).value).toBe("vault-made");
  await serverStore({ connection, vault }).put("heads/0000000001", someBytes(700));
  expect((await heard.next()).value).toBe("head-stored");
  await connection.call("DELETE /v1/devices/{id}", { params: { id: other.session } });
  expect((await heard.next()).value).toBe("logged-out");
  expect((await heard.next()).done).toBe(true);
});

test("a stream goes on after the event that was heard last, and ends with the server", async () => {
  await using stopping = await startTestServer();
  const { connection, newVault } = await stopping.newMember();
  await newVault();
  await newVault();
  const heard = kindsOf(await connection.send({ method: "GET", path: "/v1/events/stream?after=2" }));
  expect((await heard.next()).value).toBe("vault-made");
  await Promise.all([stopping.stop(), heard.next().then(({ done }) => expect(done).toBe(true))]);
});

test("a stream ends with its session, also where no event says so", async () => {
  const { connection, membership } = await server.newMember();
  // The server's beats are those of this process: nobody has to wait for one.
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  onTestFinished(() => void vi.useRealTimers());
  const heard = kindsOf(await connection.send({ method: "GET", path: "/v1/events/stream" }));
  const end = heard.next();
  await server.server.db.query.deleteFrom("session").where("id", "=", membership.session).execute();
  vi.advanceTimersByTime(25_000);
  expect((await end).done).toBe(true);
});

test("a stream that nobody reads is cut, and the server goes on", async () => {
  const { connection, membership } = await server.newMember();
  const { query } = server.server.db;
  const details = JSON.stringify({ vault: "x".repeat(100_000) });
  const event = { member: membership.member, atMs: 0, kind: "vault-made", session: "", details, hash: "" };
  for (let number = 2; number <= 400; number += 57) {
    const events = Array.from({ length: 57 }, (_, i) => ({ ...event, number: number + i }));
    await query.insertInto("memberEvent").values(events).execute();
  }
  await query.updateTable("member").set({ events: 400 }).where("id", "=", membership.member).execute();
  const stream = await connection.send({ method: "GET", path: "/v1/events/stream?after=0" });
  await setTimeout(4000);
  const read = async (): Promise<void> => {
    for await (const _ of stream.body!) continue;
  };
  await expect(read()).rejects.toThrow();
  expect((await connection.call("GET /v1/member")).events).toBe(400);
});

test("a member has so many streams at once, also when all begin together", async () => {
  const { connection } = await server.newMember();
  const streams = await Promise.allSettled(
    Array.from({ length: 15 }, () => connection.send({ method: "GET", path: "/v1/events/stream" })),
  );
  const open = streams.filter((each) => each.status === "fulfilled").map(({ value }) => value);
  expect(open).toHaveLength(10);
  for (const { body } of open) await body!.cancel();
  await vi.waitFor(async () => {
    const again = await connection.send({ method: "GET", path: "/v1/events/stream" });
    await again.body!.cancel();
  });
});
