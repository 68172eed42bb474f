import { expect, onTestFinished, test } from "vitest";
import { Connection, signUp, tryLine } from "../../packages/core/src/client/index.ts";
import { nodePrimitives as primitives } from "../../packages/core/src/platform/node/index.ts";
import { password, startTestServer } from "./serving.ts";

test("a member's line is tried in both directions; nothing is kept, and nobody else is heard", async () => {
  const server = await startTestServer();
  onTestFinished(() => server[Symbol.asyncDispose]());
  const open = new Connection({ url: server.url, primitives });
  await expect(tryLine(open)).rejects.toMatchObject({ code: "member.no-session" });
  const member = open.with(await signUp(open, { password, platform: "cli" }));
  const { upBytesPerSecond, downBytesPerSecond } = await tryLine(member);
  expect(Math.min(upBytesPerSecond, downBytesPerSecond)).toBeGreaterThan(100_000);
  expect(await member.call("GET /v1/member")).toMatchObject({ usedBytes: 0, trashedBytes: 0 });
  const large = { method: "POST", path: "/v1/line", bytes: new Uint8Array(4 * 1024 * 1024 + 1) };
  await expect(member.send(large)).rejects.toMatchObject({ code: "request.too-large" });
  const most = await member.send({ method: "GET", path: "/v1/line?bytes=9999999" });
  expect((await most.arrayBuffer()).byteLength).toBe(4 * 1024 * 1024);
  await expect(member.send({ method: "GET", path: "/v1/line?bytes=-1" })).rejects.toMatchObject({
    code: "request.invalid",
  });
  const stop = new AbortController();
  stop.abort();
  await expect(tryLine(member, { signal: stop.signal })).rejects.toMatchObject({ code: "base.aborted" });
});

test("who fetches and does not read has no more under way than may be", async () => {
  const server = await startTestServer();
  onTestFinished(() => server[Symbol.asyncDispose]());
  const { connection } = await server.newMember();
  const codes: string[] = [];
  const answers: Response[] = [];
  for (let i = 0; i < 40; i++)
    await connection.send({ method: "GET", path: "/v1/line?bytes=4194304" }).then(
      (answer) => void answers.push(answer),
      (error: unknown) => void codes.push((error as { code: string }).code),
    );
  expect(new Set(codes)).toEqual(new Set(["request.too-many"]));
  for (const { body } of answers) await body!.cancel();
});
