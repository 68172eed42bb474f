import { readFile, writeFile } from "node:fs/promises";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { bytesToHex } from "../../packages/core/src/base/index.ts";
import {
  addContact,
  checkDeletion,
  closeMembership,
  logIn,
  memberEvents,
  serverStore,
  type Contact,
} from "../../packages/core/src/client/index.ts";
import { nodePrimitives } from "../../packages/core/src/platform/node/index.ts";
import { someBytes } from "../../packages/core/testing/stores/conformance.ts";
import { commandLine } from "../../packages/server/src/operator/log.ts";
import { closeMember, keepOn } from "../../packages/server/src/operator/members.ts";
import { stepClosings } from "../../packages/server/src/members/closing/closing.ts";
import { removeClosed } from "../../packages/server/src/members/closing/remove.ts";
import { reconcile } from "../../packages/server/src/vaults/reconcile.ts";
import { rowsOf } from "../../packages/server/testing/db/fill.ts";
import { newMachine } from "../cli-process.ts";
import { startReachableServer, type ReachableServer } from "./reachable.ts";
import { hasScaledParts, startScaledParts, type ScaledParts } from "./scaled.ts";
import { password, type Member } from "./serving.ts";

const STEP_MS = 20 * 60_000;
const DAY_MS = 24 * 60 * 60_000;
const contact: Contact = { kind: "email", to: "closing-canary@example.org" };

const clock = { aheadMs: 0, now: () => Date.now() + clock.aheadMs };
let server: ReachableServer;

/** So much time as the server lives through, in the steps of its job. */
async function pass(days: number): Promise<void> {
  for (let passed = 0; passed < days * DAY_MS; passed += STEP_MS) {
    clock.aheadMs += STEP_MS;
    await stepClosings(server.server);
  }
}

/** Whether nothing is left of a member once all that is due was removed, here or by the server's own job. */
async function isGone({ membership }: Pick<Member, "membership">): Promise<boolean> {
  await removeClosed(server.server);
  const row = server.server.db.query.selectFrom("member").select("id").where("id", "=", membership.member);
  return (await row.executeTakeFirst()) === undefined;
}

/** Waits until it is: the server's own job may be in the middle of it. */
async function goes(member: Member): Promise<void> {
  await expect.poll(() => isGone(member), { timeout: 20_000 }).toBe(true);
}

const kindsOf = async ({ connection }: Member): Promise<readonly string[]> => {
  const kinds: string[] = [];
  for await (const { kind } of memberEvents(connection)) if (kind.startsWith("closing")) kinds.push(kind);
  return kinds;
};

/** A member with objects in rows and outside of them, some in the trash, and an upload under way. */
async function filledMember(name: string): Promise<Member & { readonly vault: string }> {
  const member = await server.newMember(name);
  const vault = await member.newVault();
  const store = serverStore({ connection: member.connection, vault });
  for (let i = 0; i < 4; i++) await store.put(`packs/p${i}`, someBytes(80_000, i));
  for (let i = 1; i < 4; i++) await store.put(`heads/${String(i).padStart(10, "0")}`, someBytes(500, i));
  await store.remove("packs/p0");
  const bytes = someBytes(70_000, 9);
  const sha256 = bytesToHex(nodePrimitives.sha256(bytes));
  await member.connection.call("POST /v1/vaults/{vault}/uploads", {
    params: { vault },
    body: { objects: [{ name: "packs/late", sizeBytes: bytes.length, sha256 }] },
  });
  return { ...member, vault };
}

/** What holds for the end of a membership, wherever the server's data lies. */
function ends(settings: () => Promise<Readonly<Record<string, string>>>): void {
  beforeEach(async () => {
    clock.aheadMs = 0;
    // The server sweeps by the same clock: its trash must not come due in the same hour as the end.
    server = await startReachableServer({ ...(await settings()), KEEPSAKE_TRASH_DAYS: "30" }, clock);
  });
  afterEach(() => server[Symbol.asyncDispose]());

  test("after a week of notices all that it held is gone, others' stays, and a receipt says what it was", async () => {
    const other = await filledMember("stays");
    const member = await filledMember("leaves");
    await addContact(member.connection, contact, () => server.codeAt(contact));
    await expect(closeMembership(member.connection, { password: "not the password" })).rejects.toMatchObject({
      code: "member.wrong-login",
    });
    const { receipt, daysLeft } = await closeMembership(member.connection, { password });
    expect(daysLeft).toBe(7);
    await pass(6.9);
    expect(await isGone(member)).toBe(false);
    expect(await kindsOf(member)).toEqual(["closing-begun", ...Array<string>(6).fill("closing-notice")]);
    const before = await rowsOf(server.server.db);
    const receiptOf = () => server.connection.call("GET /v1/deletions/{receipt}", { params: { receipt } });
    await expect(receiptOf()).rejects.toMatchObject({ code: "request.not-found" });
    await pass(0.2);
    await goes(member);

    const deletion = await receiptOf();
    const { receiptKey } = await server.connection.call("GET /v1/server");
    await checkDeletion(nodePrimitives, deletion, receiptKey);
    for (const change of [
      { objects: 6 },
      { bytes: 0 },
      { member: other.membership.member },
      { backupDays: 0 },
    ])
      await expect(
        checkDeletion(nodePrimitives, { ...deletion, ...change }, receiptKey),
      ).rejects.toMatchObject({ code: "server.bad-receipt" });
    const rows = before.get("member") as { id: string; events: number; eventHash: string }[];
    const last = rows.find(({ id }) => id === member.membership.member)!;
    expect(deletion).toMatchObject({
      member: member.membership.member,
      vaults: 1,
      objects: 7,
      bytes: 4 * 80_000 + 3 * 500,
      events: last.events + 1,
      backupDays: 30,
    });
    expect(
      JSON.stringify([...(await rowsOf(server.server.db))].filter(([table]) => table !== "deletion")),
    ).not.toContain(member.membership.member);
    await expect(member.connection.call("GET /v1/member")).rejects.toMatchObject({
      code: "member.no-session",
    });
    await expect(
      logIn(server.connection, { name: "leaves", password, platform: "cli" }),
    ).rejects.toMatchObject({ code: "member.wrong-login" });
    expect((await server.toldAt(contact)).at(-1)).toBeDefined();
    const mailed = server.mail.mails.findLast(({ subject }) => subject.includes("ended"))!;
    expect(mailed.text).toContain(deletion.signature);
    expect(await serverStore({ connection: other.connection, vault: other.vault }).get("packs/p1")).toEqual(
      someBytes(80_000, 1),
    );
    expect(await reconcile(server.server)).toMatchObject({ missing: 0 });
    // Name and contact are free again.
    await server.newMember("leaves");
  }, 120_000);

  test("any device takes it back, also one that may not read; what the operator began only the operator does", async () => {
    const member = await filledMember("wavers");
    const second = await logIn(server.connection, { name: "wavers", password, platform: "cli" });
    await closeMembership(member.connection, { password });
    await pass(6);
    await server.connection.with(second).call("DELETE /v1/closing");
    await expect(member.connection.call("GET /v1/closing")).rejects.toMatchObject({
      code: "request.not-found",
    });
    await pass(3);
    expect(await isGone(member)).toBe(false);
    await closeMember(server.server, commandLine, member.membership.member);
    expect(await member.connection.call("GET /v1/closing")).toMatchObject({ by: "operator", daysLeft: 7 });
    await expect(member.connection.call("DELETE /v1/closing")).rejects.toMatchObject({
      code: "request.not-found",
    });
    await pass(5);
    await keepOn(server.server, commandLine, member.membership.member);
    await pass(5);
    expect(await isGone(member)).toBe(false);
    expect((await kindsOf(member)).filter((kind) => kind !== "closing-notice")).toEqual([
      "closing-begun",
      "closing-cancelled",
      "closing-begun",
      "closing-cancelled",
    ]);
  }, 120_000);

  test("clocks that jump by 400 days, forward and back, end nothing without the notices", async () => {
    const member = await filledMember("jumps");
    await closeMembership(member.connection, { password });
    for (const days of [400, -400, 400, 400, -800]) {
      clock.aheadMs += days * DAY_MS;
      for (let i = 0; i < 5; i++) await stepClosings(server.server);
      expect(await isGone(member)).toBe(false);
    }
    expect(await kindsOf(member)).toEqual(["closing-begun"]);
    expect((await rowsOf(server.server.db)).get("object")).toHaveLength(6);
    await member.connection.call("DELETE /v1/closing");
    // And a jump in a day of the wait counts for no more than a step.
    await closeMembership(member.connection, { password });
    await pass(3.5);
    clock.aheadMs += 400 * DAY_MS;
    await pass(3);
    expect(await isGone(member)).toBe(false);
    await pass(0.6);
    await goes(member);
  }, 120_000);
}

describe("a membership on one machine", () => {
  ends(() => Promise.resolve({}));

  test("ends by the command line, which asks for the password and keeps and checks the receipt", async () => {
    await using machine = await newMachine({ KEEPSAKE_LOGIN_PASSWORD: password });
    await machine.json(["login", server.url, "--sign-up"]);
    const close = (...args: readonly string[]) => machine.json(["close", server.url, ...args]);
    expect((await close()).result).toMatchObject({ code: "cli.not-confirmed" });
    const wrong = await machine.json(["close", server.url, "--yes"], {
      env: { KEEPSAKE_LOGIN_PASSWORD: "something else" },
    });
    expect(wrong.result).toMatchObject({ code: "member.wrong-login" });
    expect((await close("--yes")).result).toMatchObject({ ok: true, by: "member", daysLeft: 7 });
    expect((await close("--take-back")).result).toMatchObject({ ok: true });
    expect((await close("--yes")).result).toMatchObject({ ok: true, daysLeft: 7 });
    expect((await close("--receipt", "gone.json")).result).toMatchObject({ code: "request.not-found" });
    await pass(7.1);
    await removeClosed(server.server);
    expect((await close("--receipt", "gone.json")).result).toMatchObject({
      ok: true,
      vaults: 0,
      backupDays: 30,
    });
    const file = machine.path("gone.json");
    const text = await readFile(file, "utf8");
    await writeFile(file, `As it came by mail:\n\n${text}\nRegards`);
    expect((await close("--receipt", "gone.json")).result).toMatchObject({ ok: true });
    await writeFile(file, text.replace(/"endedMs": \d/, '"endedMs": 9'));
    expect((await close("--receipt", "gone.json")).result).toMatchObject({ code: "server.bad-receipt" });
  }, 120_000);
});

describe.skipIf(!hasScaledParts())("a membership on PostgreSQL and S3", () => {
  let parts: ScaledParts;
  beforeAll(async () => void (parts = await startScaledParts()), 120_000);
  afterAll(() => parts[Symbol.asyncDispose]());
  ends(() => parts.fresh());
});
