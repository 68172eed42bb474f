import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { addContact, serverStore, type Contact } from "../../packages/core/src/client/index.ts";
import { someBytes } from "../../packages/core/testing/stores/conformance.ts";
import { commandLine } from "../../packages/server/src/operator/log.ts";
import { setQuota } from "../../packages/server/src/operator/members.ts";
import { startReachableServer } from "./reachable.ts";
import { hasScaledParts, startScaledParts, type ScaledParts } from "./scaled.ts";
import type { Member } from "./serving.ts";

const kindsOf = async ({ connection }: Member): Promise<readonly string[]> =>
  (await connection.call("GET /v1/events")).events
    .map(({ kind }) => kind)
    .filter((kind) => kind.startsWith("room"));

function telling(settings: () => Promise<Readonly<Record<string, string>>>): void {
  test("a member hears at 80 and 95 percent and when something is refused, once until it was less", async () => {
    await using server = await startReachableServer({
      ...(await settings()),
      KEEPSAKE_QUOTA_BYTES: "1000000",
    });
    const member = await server.newMember();
    const { connection } = member;
    const [english, chinese]: Contact[] = [
      { kind: "email", to: "room-canary@example.org" },
      { kind: "phone", to: "+8613800000199" },
    ];
    await addContact(connection, english!, () => server.codeAt(english!));
    await addContact(connection, chinese!, () => server.codeAt(chinese!));
    const store = serverStore({ connection, vault: await member.newVault() });
    const put = (name: string, bytes: number) => store.put(name, someBytes(bytes));
    const refused = { code: "member.over-quota" };
    for (let i = 0; i < 7; i++) await put(`packs/p${i}`, 100_000);
    expect(await kindsOf(member)).toEqual([]);
    await put("packs/p7", 100_000);
    await put("packs/p8", 50_000);
    expect(await kindsOf(member)).toEqual(["room-80"]);
    await put("packs/p9", 100_000);
    for (let i = 0; i < 3; i++) await expect(put("packs/much", 400_000)).rejects.toMatchObject(refused);
    await expect(put("journals/much", 60_000)).rejects.toMatchObject(refused);
    const told = ["room-80", "room-95", "room-refused"];
    expect(await kindsOf(member)).toEqual(told);

    // Somewhat less: only the step that it went below is told again.
    await store.remove("packs/p9");
    expect(await kindsOf(member)).toEqual(told);
    await put("packs/q9", 100_000);
    await expect(put("packs/much", 400_000)).rejects.toMatchObject(refused);
    expect(await kindsOf(member)).toEqual([...told, "room-95", "room-refused"]);
    for (let i = 0; i < 4; i++) await store.remove(`packs/p${i}`);
    for (let i = 0; i < 4; i++) await put(`packs/r${i}`, 100_000);
    expect(await kindsOf(member)).toEqual([...told, "room-95", "room-refused", "room-80", "room-95"]);
    const { member: id } = member.membership;
    await setQuota(server.server, commandLine, { member: id, quotaBytes: 2_000_000 });
    await put("packs/more", 700_000);
    expect((await kindsOf(member)).slice(7)).toEqual(["room-80"]);

    const mails = (await server.toldAt(english!)).filter((line) => line.includes("room"));
    expect(new Set(mails).size).toBe(3);
    expect(mails).toHaveLength(8);
  }, 60_000);
}

describe("room on one machine", () => {
  telling(() => Promise.resolve({}));
});

describe.skipIf(!hasScaledParts())("room on PostgreSQL and S3", () => {
  let parts: ScaledParts;
  beforeAll(async () => void (parts = await startScaledParts()), 120_000);
  afterAll(() => parts[Symbol.asyncDispose]());
  telling(() => parts.fresh());
});
