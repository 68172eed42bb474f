import { connect, type Socket } from "node:net";
import { text } from "node:stream/consumers";
import { expect, test } from "vitest";
import { KeepsakeError } from "@keepsake/core/base";
import { startServer, type RunningServer } from "./server.ts";

const config = { host: "127.0.0.1", port: 0, stopWithinMs: 5_000 };

async function withServer(use: (server: RunningServer) => Promise<void>): Promise<void> {
  const server = await startServer(config);
  try {
    await use(server);
  } finally {
    await server.stop();
  }
}

/** A connection that has sent half a request and that the server has accepted. */
async function halfRequest(server: RunningServer): Promise<Socket> {
  const socket = connect(Number(new URL(server.url).port), "127.0.0.1");
  socket.write("GET /health HTTP/1.1\r\nhost: a\r\n");
  await new Promise<void>((resolve) => socket.once("connect", () => setTimeout(resolve, 50)));
  return socket;
}

test("health is 200 and JSON, for GET and HEAD", () =>
  withServer(async ({ url }) => {
    const response = await fetch(`${url}/health?from=probe`);
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe("application/json; charset=utf-8");
    expect(await response.json()).toEqual({ status: "ok" });
    const head = await fetch(`${url}/health`, { method: "HEAD" });
    expect([head.status, await head.text()]).toEqual([200, ""]);
  }));

test("other paths are 404 and other methods 405", () =>
  withServer(async ({ url }) => {
    expect((await fetch(`${url}/`)).status).toBe(404);
    const response = await fetch(`${url}/health`, { method: "POST" });
    expect([response.status, response.headers.get("allow")]).toEqual([405, "GET, HEAD"]);
  }));

test("a stop lets a request under way finish, and says 503 to it", async () => {
  const server = await startServer(config);
  const socket = await halfRequest(server);
  const stopped = server.stop();
  socket.write("\r\n");
  expect(await text(socket)).toMatch(/^HTTP\/1\.1 503 .*"stopping"/s);
  await stopped;
  await expect(fetch(`${server.url}/health`)).rejects.toThrow();
});

test("a stop cuts what does not finish in time", async () => {
  const server = await startServer({ ...config, stopWithinMs: 100 });
  const socket = await halfRequest(server);
  const cut = new Promise<void>((resolve) =>
    socket.once("close", () => resolve()).on("error", () => undefined),
  );
  const startedMs = performance.now();
  await server.stop();
  expect(performance.now() - startedMs).toBeLessThan(3_000);
  await cut;
});

test("idle connections do not delay a stop, and a second stop waits for the first", async () => {
  const server = await startServer({ ...config, stopWithinMs: 20_000 });
  await (await fetch(`${server.url}/health`)).text();
  const startedMs = performance.now();
  await Promise.all([server.stop(), server.stop()]);
  expect(performance.now() - startedMs).toBeLessThan(3_000);
});

test("an address that is taken is refused with a code", () =>
  withServer(async ({ url }) => {
    const failure = await startServer({ ...config, port: Number(new URL(url).port) }).catch(
      (error: unknown) => error,
    );
    expect(KeepsakeError.is(failure, "base.invalid")).toBe(true);
  }));
