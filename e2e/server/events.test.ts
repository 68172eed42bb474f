import { createHash } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { changePassword, memberEvents, type MemberEvent } from "../../packages/core/src/client/index.ts";
import type { Connection } from "../../packages/core/src/client/index.ts";
import { startTestServer, type TestServer } from "./serving.ts";

let server: TestServer;
beforeAll(async () => void (server = await startTestServer()));
afterAll(() => server[Symbol.asyncDispose]());

async function all(
  connection: Connection,
  options?: Parameters<typeof memberEvents>[1],
): Promise<MemberEvent[]> {
  const events: MemberEvent[] = [];
  for await (const event of memberEvents(connection, options)) events.push(event);
  return events;
}

const badLog = { code: "server.bad-log" };

test("what a device has seen is not told again, and is missed when it is gone or another", async () => {
  const { connection, membership, newVault } = await server.newMember();
  await newVault();
  const seen = (await all(connection)).at(-1)!;
  expect(seen).toMatchObject({ number: 2, kind: "vault-made" });
  expect(await all(connection, { seen })).toEqual([]);
  await newVault();
  expect((await all(connection, { seen })).map(({ number }) => number)).toEqual([3]);
  expect((await all(connection, { seen, isAll: true })).map(({ number }) => number)).toEqual([1, 2, 3]);
  // Rewritten from its second entry on, each hash following from the one before.
  const events = await all(connection);
  const rows = () =>
    server.server.db.query.updateTable("memberEvent").where("member", "=", membership.member);
  let before = events[0]!.hash;
  for (const { number, atMs, kind, session } of events.slice(1)) {
    const details = { vault: "another" };
    const text = JSON.stringify([before, number, atMs, kind, session, Object.entries(details)]);
    before = createHash("sha256").update(text).digest("hex");
    await rows()
      .where("number", "=", number)
      .set({ hash: before, details: JSON.stringify(details) })
      .execute();
  }
  expect(await all(connection)).toHaveLength(3);
  await expect(all(connection, { seen })).rejects.toMatchObject(badLog);
  await expect(all(connection, { seen, isAll: true })).rejects.toMatchObject(badLog);
  await server.server.db.query.deleteFrom("memberEvent").where("number", ">", 1).execute();
  await expect(all(connection, { seen })).rejects.toMatchObject(badLog);
  await expect(all(connection, { seen, isAll: true })).rejects.toMatchObject(badLog);
});

test("a new login password is held to the same rule as the first one", async () => {
  const { connection } = await server.newMember();
  for (const weak of ["short", "aaaaaaaaaaaa"])
    await expect(changePassword(connection, weak)).rejects.toMatchObject({ code: "keys.weak-password" });
});
