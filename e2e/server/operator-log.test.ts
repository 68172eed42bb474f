import { spawn } from "node:child_process";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { systemClock } from "../../packages/core/src/base/index.ts";
import { operatorLog } from "../../packages/core/src/client/index.ts";
import { exportMember } from "../../packages/server/src/operator/export/export.ts";
import { checkedEntries } from "../../packages/server/src/operator/log.ts";
import { closeMember, keepOn, setQuota } from "../../packages/server/src/operator/members.ts";
import { runStatement } from "../../packages/server/testing/db/fill.ts";
import { newMachine } from "../cli-process.ts";
import { hasScaledParts, startScaledParts, type ScaledParts } from "./scaled.ts";
import { password, startTestServer, type Member, type TestServer } from "./serving.ts";

const main = join(import.meta.dirname, "../../packages/server/src/main.ts");

const kinds = async ({ server }: TestServer): Promise<readonly string[]> => {
  const found: string[] = [];
  for await (const { kind } of checkedEntries(server)) found.push(kind);
  return found;
};
const badAt = (number: number) => ({ code: "server.bad-log", details: { number } });
const actor = ({ membership }: Member) => ({ id: membership.session, member: membership.member });

/** As somebody who has the database, and not the secrets, may try. */
const tamper = ({ server }: TestServer, change: string): Promise<void> => runStatement(server.db, change);

async function withoutTriggers(server: TestServer): Promise<void> {
  if (server.server.db.engine === "postgres")
    return tamper(server, 'drop trigger "operatorEventStays" on "operatorEvent"');
  for (const verb of ["update", "delete"]) await tamper(server, `drop trigger "operatorEvent-${verb}"`);
  return undefined;
}

function logging(settings: () => Promise<Readonly<Record<string, string>>>): void {
  test("every action is there with who and what, and one that is changed, left out or cut off is found", async () => {
    await using server = await startTestServer(await settings());
    const [operator, member] = [await server.newOperator(), await server.newMember()];
    const { member: id } = member.membership;
    const by = actor(operator);
    await operator.connection.call("POST /v1/operator/invitations", { body: { quotaBytes: 5000 } });
    await setQuota(server.server, by, { member: id, quotaBytes: 9000 });
    await closeMember(server.server, by, id);
    await keepOn(server.server, by, id);
    await exportMember({ ...server.server, clock: systemClock }, id, join(server.folder, "export"));
    // All at once, and yet one after the other.
    await Promise.all(
      [1, 2, 3, 4].map((quotaBytes) => setQuota(server.server, by, { member: id, quotaBytes })),
    );
    const all = ["invited", "invited", "quota-set", "closing-begun", "closing-cancelled", "member-exported"];
    expect(await kinds(server)).toEqual([...all, ...Array<string>(4).fill("quota-set")]);
    const { receiptKey } = await server.connection.call("GET /v1/server");
    const { entries, end } = await operatorLog(operator.connection, { receiptKey, seen: undefined });
    expect(entries).toHaveLength(10);
    expect(entries[0]).toMatchObject({ kind: "invited", who: "command-line" });
    expect(entries[2]).toMatchObject({
      who: by.id,
      details: JSON.stringify({ member: id, quotaBytes: 9000 }),
    });
    await expect(member.connection.call("GET /v1/operator/log")).rejects.toMatchObject({
      code: "member.not-operator",
    });

    for (const change of [
      `update "operatorEvent" set "who" = 'x'`,
      `delete from "operatorEvent" where "number" = 10`,
    ])
      await expect(tamper(server, change)).rejects.toBeDefined();
    await withoutTriggers(server);
    await tamper(server, `update "operatorEvent" set "details" = '{}' where "number" = 3`);
    await expect(kinds(server)).rejects.toMatchObject(badAt(3));
    const details = JSON.stringify({ member: id, quotaBytes: 9000 });
    await tamper(server, `update "operatorEvent" set "details" = '${details}' where "number" = 3`);
    expect(await kinds(server)).toHaveLength(10);
    await tamper(server, `delete from "operatorEvent" where "number" = 10`);
    await expect(kinds(server)).rejects.toMatchObject(badAt(10));
    // Who cuts the end off and says that it is the end is found by who saw more.
    await tamper(server, `update "operatorEnd" set "entries" = 9, "hash" = '${entries[9]!.before}'`);
    expect(await kinds(server)).toHaveLength(9);
    await expect(operatorLog(operator.connection, { receiptKey, seen: end })).rejects.toMatchObject(
      badAt(10),
    );
    await tamper(server, `delete from "operatorEvent" where "number" = 5`);
    await expect(kinds(server)).rejects.toMatchObject(badAt(5));
  }, 60_000);
}

describe("the log of operators on one machine", () => {
  logging(() => Promise.resolve({}));

  test("is read by the operator's program and on the machine, where a membership can be ended too", async () => {
    await using server = await startTestServer();
    await using machine = await newMachine({ KEEPSAKE_LOGIN_PASSWORD: password });
    await machine.json(["login", server.url, "--sign-up", "--invitation", server.invitation!]);
    const member = await server.newMember();
    const { member: id } = member.membership;
    const operator = (...args: readonly string[]) => machine.json(["operator", server.url, ...args]);
    expect((await operator("--close", id)).result).toMatchObject({ ok: true, by: "operator", daysLeft: 7 });
    expect((await operator("--keep", id)).result).toMatchObject({ ok: true });
    const logged = await operator("--log");
    expect(logged.result).toMatchObject({ ok: true, entries: 3 });
    expect(logged.events.map(({ kind }) => kind).filter(Boolean)).toEqual([
      "invited",
      "closing-begun",
      "closing-cancelled",
    ]);
    const verb = async (...args: readonly string[]) => {
      const env = { PATH: process.env["PATH"], HOME: machine.folder, KEEPSAKE_DATA: server.folder };
      const child = spawn(process.execPath, [main, ...args], { env, stdio: ["ignore", "pipe", "inherit"] });
      const exited = new Promise<number | null>((done) => child.once("exit", done));
      const stdout = await text(child.stdout);
      return [await exited, stdout] as const;
    };
    expect((await verb("log", "--verify"))[0]).toBe(5);
    await server.stop();
    expect(await verb("member", "close", id)).toEqual([0, expect.stringContaining("Ends in 7 days")]);
    expect((await verb("member", "export", id, "--to", machine.path("export")))[0]).toBe(0);
    expect((await verb("member", "keep", id))[0]).toBe(0);
    expect((await verb("member", "close", "nobody"))[0]).toBe(2);
    const [status, told] = await verb("log", "--verify");
    expect([status, told]).toEqual([0, expect.stringContaining("6 entries, none changed or missing.")]);
    expect(told).toMatch(/"kind":"member-exported","who":"command-line"/);
    expect((await verb("log"))[1].split("\n")).toHaveLength(7);
  }, 60_000);
});

describe.skipIf(!hasScaledParts())("the log of operators on PostgreSQL", () => {
  let parts: ScaledParts;
  beforeAll(async () => void (parts = await startScaledParts()), 120_000);
  afterAll(() => parts[Symbol.asyncDispose]());
  logging(() => parts.fresh());
});
