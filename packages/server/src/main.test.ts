import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";

const main = fileURLToPath(new URL("./main.ts", import.meta.url));

async function start(settings: Readonly<Record<string, string>>) {
  const folder = await mkdtemp(join(tmpdir(), "keepsake-main-"));
  const child = spawn(process.execPath, [main], {
    env: { ...process.env, KEEPSAKE_DATA: folder, ...settings },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const exited = new Promise<number | null>((resolve) => child.once("exit", resolve));
  onTestFinished(async () => {
    child.kill("SIGKILL");
    await exited;
    await rm(folder, { recursive: true });
  });
  const events = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  /** The next line of the log but for those of jobs, which come when they come. */
  const nextEvent = async (): Promise<Record<string, unknown>> => {
    const event = JSON.parse(String((await events.next()).value)) as Record<string, unknown>;
    return ofJobs.has(event["event"]) ? nextEvent() : event;
  };
  return { child, exited, nextEvent };
}

const ofJobs: ReadonlySet<unknown> = new Set(["swept", "reconciled", "tokens-renewed", "not-our-objects"]);

/** A connection that has sent half a request and that the server has accepted. */
async function halfRequest(url: string): Promise<Socket> {
  const socket = connect(Number(new URL(url).port), "127.0.0.1");
  socket.write("GET /health HTTP/1.1\r\nhost: a\r\n");
  await new Promise<void>((resolve) => socket.once("connect", () => setTimeout(resolve, 50)));
  return socket;
}

test.each(["SIGTERM", "SIGINT"] as const)("the process answers, and ends with 0 on %s", async (signal) => {
  const { child, exited, nextEvent } = await start({ KEEPSAKE_PORT: "0" });
  const { event, url, invitation } = await nextEvent();
  expect([event, invitation]).toEqual([
    "listening",
    expect.stringMatching(/^[0-9a-v]{5}(?:-[0-9a-v]{5}){3}$/),
  ]);
  // A client that keeps its connection does not hold the server.
  expect((await fetch(`${String(url)}/health`)).status).toBe(200);
  child.kill(signal);
  expect(await nextEvent()).toMatchObject({ event: "stopping", signal });
  expect(await nextEvent()).toMatchObject({ event: "stopped" });
  expect(await exited).toBe(0);
});

test("a stop lets a request under way finish", async () => {
  const { child, exited, nextEvent } = await start({ KEEPSAKE_PORT: "0" });
  const socket = await halfRequest(String((await nextEvent())["url"]));
  child.kill("SIGTERM");
  expect(await nextEvent()).toMatchObject({ event: "stopping" });
  socket.write("\r\n");
  expect(await text(socket)).toMatch(/^HTTP\/1\.1 503 .*connection: close.*"stopping"/is);
  expect(await exited).toBe(0);
});

test("a stop cuts what does not finish in time", async () => {
  const { child, exited, nextEvent } = await start({ KEEPSAKE_PORT: "0", KEEPSAKE_STOP_MS: "200" });
  const socket = await halfRequest(String((await nextEvent())["url"]));
  const cut = new Promise<void>((resolve) =>
    socket.once("close", () => resolve()).on("error", () => undefined),
  );
  child.kill("SIGTERM");
  await cut;
  expect(await exited).toBe(0);
});

test("a wrong setting ends the process with the code's exit code and sentence", async () => {
  const { exited, nextEvent } = await start({ KEEPSAKE_PORT: "http" });
  expect(await nextEvent()).toMatchObject({ event: "failed", code: "base.invalid", name: "KEEPSAKE_PORT" });
  expect(await exited).toBe(2);
});

test("a port or a database that another server has is refused", async () => {
  const folder = await mkdtemp(join(tmpdir(), "keepsake-main-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const first = await start({ KEEPSAKE_PORT: "0", KEEPSAKE_DATA: folder });
  const { url } = await first.nextEvent();
  const same = await start({ KEEPSAKE_PORT: "0", KEEPSAKE_DATA: folder });
  expect(await same.nextEvent()).toMatchObject({ event: "failed", code: "server.database-in-use" });
  const taken = await start({ KEEPSAKE_PORT: new URL(String(url)).port });
  expect(await taken.nextEvent()).toMatchObject({ event: "failed", code: "base.invalid" });
  first.child.kill("SIGTERM");
  await first.exited;
});
