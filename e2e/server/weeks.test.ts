import { afterEach, beforeEach, expect, test } from "vitest";
import { serverStore } from "../../packages/core/src/client/index.ts";
import { someBytes } from "../../packages/core/testing/stores/conformance.ts";
import { startTestServer, type Member, type TestServer } from "./serving.ts";

let server: TestServer;
let member: Member;
beforeEach(async () => {
  server = await startTestServer();
  member = await server.newMember();
});
afterEach(() => server[Symbol.asyncDispose]());

async function weeks(): Promise<Record<string, number>> {
  const rows = await server.server.db.query.selectFrom("object").select(["name", "week"]).execute();
  return Object.fromEntries(rows.map(({ name, week }) => [name, week]));
}

test("a server hears of a quarter, and only where the client says so", async () => {
  const vault = await member.newVault();
  const { connection } = member;
  const silent = serverStore({ connection, vault });
  const unwilling = serverStore({ connection, vault, givesWeeks: async () => false });
  const willing = serverStore({ connection, vault, givesWeeks: async () => true });
  await silent.put("packs/a", someBytes(500), { week: 2900 });
  await unwilling.put("packs/b", someBytes(500), { week: 2900 });
  await willing.put("packs/c", someBytes(500), { week: 2900 });
  await willing.put("packs/d", someBytes(500), { week: 2911 });
  await willing.put("packs/e", someBytes(500), { week: 2912 });
  await willing.put("packs/f", someBytes(500));
  // 2899 to 2911 are one quarter of 13 weeks.
  expect(await weeks()).toEqual({
    "packs/a": 0,
    "packs/b": 0,
    "packs/c": 2911,
    "packs/d": 2911,
    "packs/e": 2924,
    "packs/f": 0,
  });
});
