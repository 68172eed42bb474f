import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const main = fileURLToPath(new URL("./main.ts", import.meta.url));

function start(environment: Readonly<Record<string, string>>) {
  const child = spawn(process.execPath, [main], {
    env: { ...process.env, ...environment },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const exited = new Promise<number | null>((resolve) => child.once("exit", resolve));
  const events = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const nextEvent = async (): Promise<Record<string, unknown>> =>
    JSON.parse(String((await events.next()).value)) as Record<string, unknown>;
  return { child, exited, nextEvent };
}

test.each(["SIGTERM", "SIGINT"] as const)("the process answers, and ends with 0 on %s", async (signal) => {
  const { child, exited, nextEvent } = start({ KEEPSAKE_PORT: "0" });
  const { event, url } = await nextEvent();
  expect(event).toBe("listening");
  expect((await fetch(`${String(url)}/health`)).status).toBe(200);
  child.kill(signal);
  expect(await nextEvent()).toMatchObject({ event: "stopping", signal });
  expect(await nextEvent()).toMatchObject({ event: "stopped" });
  expect(await exited).toBe(0);
});

test("a wrong setting ends the process with the code's exit code and sentence", async () => {
  const { exited, nextEvent } = start({ KEEPSAKE_PORT: "http" });
  expect(await nextEvent()).toMatchObject({ event: "failed", code: "base.invalid", name: "KEEPSAKE_PORT" });
  expect(await exited).toBe(2);
});
