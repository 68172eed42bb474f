import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { bytesToHex } from "../../packages/core/src/base/index.ts";
import {
  fetchTickets,
  pinnedTicketKey,
  showTickets,
  wantedTickets,
  type Ticket,
} from "../../packages/core/src/client/plans/index.ts";
import { serverStore, signUp } from "../../packages/core/src/client/index.ts";
import { dayOf, weekOf } from "../../packages/core/src/protocol/index.ts";
import { someBytes } from "../../packages/core/testing/stores/conformance.ts";
import { goRound } from "../../packages/server/src/billing/books/round/round.ts";
import { issueTickets } from "../../packages/server/src/billing/tickets/issue.ts";
import { turnAll } from "../../packages/server/src/levels/turn.ts";
import { setQuota } from "../../packages/server/src/operator/members.ts";
import { commandLine } from "../../packages/server/src/operator/log.ts";
import { sweep } from "../../packages/server/src/vaults/sweep.ts";
import { password, startTestServer, type Member, type TestServer } from "./serving.ts";

const DAY_MS = 24 * 60 * 60_000;
const OWN_BYTES = 1_000_000;
const LEVEL_BYTES = 5_000_000;

let nowMs = 0;
let server: TestServer;
let member: Member;
/** What the billing side would say: until which day it is paid for, and how much. */
let paid: { untilDay: number; levelBytes: number };
beforeEach(async () => {
  // The first day of a week.
  nowMs = weekOf(dayOf(Date.now())) * 7 * DAY_MS + DAY_MS / 2;
  paid = { untilDay: dayOf(nowMs) + 365, levelBytes: LEVEL_BYTES };
  server = await startTestServer({ KEEPSAKE_QUOTA_BYTES: String(OWN_BYTES) }, { now: () => nowMs });
  member = await server.newMember();
});
afterEach(() => server[Symbol.asyncDispose]());

const today = (): number => dayOf(nowMs);
const levelOn = (day: number): number => (day < paid.untilDay ? paid.levelBytes : 0);
const hashOf = (bytes: Uint8Array): string => bytesToHex(server.connection.primitives.sha256(bytes));
const seed = new Uint8Array(32).fill(7);

/** All tickets that an account may have now. */
async function tickets(account = "account", from = seed, have: readonly Ticket[] = []) {
  const key = await pinnedTicketKey(server.connection, undefined);
  const { primitives } = server.connection;
  const ask = (asked: Parameters<typeof issueTickets>[2]["tickets"]) =>
    issueTickets(server.server, account, {
      tickets: asked,
      rightsOf: async (_query, _account, days) => days.map(levelOn),
    });
  const wanted = wantedTickets({ today: today(), cell: 0, levelOn, have });
  return fetchTickets({ primitives, seed: from, key, ask }, wanted);
}
const level = (of = member) => of.connection.call("GET /v1/level");
const quota = async (of = member) => (await of.connection.call("GET /v1/member")).quotaBytes;

describe("tickets", () => {
  test("are given for ten weeks and the quarters that are paid for, and give room for these weeks", async () => {
    const all = await tickets();
    expect(all.filter(({ kind }) => kind === "week")).toHaveLength(10);
    expect(all.filter(({ kind }) => kind === "keep").length).toBeGreaterThanOrEqual(4);
    expect(await quota()).toBe(OWN_BYTES);
    const shown = await showTickets(member.connection, all, today());
    expect(shown).toMatchObject({ levelBytes: LEVEL_BYTES, untilWeek: weekOf(today()) + 9, cell: 0 });
    expect(shown.lapse?.state).toBe("ahead");
    expect(await quota()).toBe(LEVEL_BYTES);
    // The same again, and by another device that asked for itself, is the same.
    expect(await showTickets(member.connection, await tickets(), today())).toEqual(shown);
    expect(await tickets()).toEqual(all);
  });

  test("are good for one member each, and for one account once", async () => {
    const all = await tickets();
    await showTickets(member.connection, all, today());
    const other = await server.newMember();
    const shown = showTickets(other.connection, all.slice(0, 1), today());
    await expect(shown).rejects.toMatchObject({ code: "ticket.spent" });
    expect(await quota(other)).toBe(OWN_BYTES);
    // Another blinding of the same week: the account has one already.
    await expect(tickets("account", new Uint8Array(32).fill(8))).rejects.toMatchObject({
      code: "ticket.issued",
    });
    await showTickets(other.connection, await tickets("another", new Uint8Array(32).fill(8)), today());
    expect(await quota(other)).toBe(LEVEL_BYTES);
  });

  test("of another level, week, cell or making are none", async () => {
    const [first] = await tickets();
    const show = (change: object) => {
      const { kind, period, levelBytes, input, output } = first!;
      const ticket = { kind, period, levelBytes, input, output, ...change };
      return member.connection.call("POST /v1/level", { body: { tickets: [ticket] } });
    };
    const bad = { code: "ticket.bad" };
    await expect(show({ levelBytes: LEVEL_BYTES * 2 })).rejects.toMatchObject(bad);
    await expect(show({ period: first!.period + 1 })).rejects.toMatchObject(bad);
    await expect(show({ kind: "keep", period: (first!.period - 10) >> 0 })).rejects.toBeDefined();
    await expect(show({ input: "00".repeat(32) })).rejects.toMatchObject(bad);
    await expect(show({ period: first!.period + 20 })).rejects.toMatchObject({ code: "ticket.wrong-time" });
    expect(await quota()).toBe(OWN_BYTES);
    await show({});
    nowMs += 9 * DAY_MS;
    await expect(show({})).rejects.toMatchObject({ code: "ticket.wrong-time" });
  });

  test("are refused for what is not paid for, and after an upgrade given once more", async () => {
    paid = { untilDay: today() + 10, levelBytes: LEVEL_BYTES };
    const all = await tickets();
    expect(all.filter(({ kind }) => kind === "week")).toHaveLength(2);
    paid = { ...paid, untilDay: today() };
    const ask = issueTickets(server.server, "account", {
      tickets: [{ ...all[0]!, blinded: "00".repeat(32) }],
      rightsOf: async (_query, _account, days) => days.map(levelOn),
    });
    await expect(ask).rejects.toMatchObject({ code: "request.invalid" });
    paid = { untilDay: today() + 10, levelBytes: 2 * LEVEL_BYTES };
    await showTickets(member.connection, all, today());
    const more = await tickets("account", seed, all);
    await showTickets(member.connection, more, today());
    expect(await quota()).toBe(2 * LEVEL_BYTES);
    paid = { ...paid, levelBytes: LEVEL_BYTES };
    const less = tickets();
    await expect(less).rejects.toMatchObject({ code: "ticket.issued" });
  });

  test("a server that uses another key for one member is found out", async () => {
    const key = await pinnedTicketKey(server.connection, undefined);
    await expect(pinnedTicketKey(server.connection, "00".repeat(32))).rejects.toMatchObject({
      code: "ticket.changed-key",
    });
    const evil = { ...server.server, secrets: { ...server.server.secrets, sealingKey: someBytes(32) } };
    const { primitives } = server.connection;
    const wanted = wantedTickets({ today: today(), cell: 0, levelOn, have: [] }).slice(0, 1);
    const ask = (asked: Parameters<typeof issueTickets>[2]["tickets"]) =>
      issueTickets(evil, "account", {
        tickets: asked,
        rightsOf: async (_query, _account, days) => days.map(levelOn),
      });
    await expect(fetchTickets({ primitives, seed, key, ask }, wanted)).rejects.toMatchObject({
      code: "ticket.bad-proof",
    });
  });
});

describe("the week of an object", () => {
  const weeks = async () => {
    const rows = await server.server.db.query
      .selectFrom("object")
      .select(["name", "week"])
      .orderBy("name")
      .execute();
    return rows.map(({ name, week }) => `${name} ${week}`);
  };

  test("is stored with it, whichever way it comes, survives the trash, and is for ever without one", async () => {
    const vault = await member.newVault();
    const givesWeeks = () => Promise.resolve(true);
    const store = serverStore({ connection: member.connection, vault, givesWeeks });
    await store.put("packs/a", someBytes(1000), { week: 2900 });
    await store.put("packs/b", someBytes(1000));
    await store.put("slots/0000000001", someBytes(100), { week: 2901 });
    const inSteps = { name: "packs/c", sizeBytes: 1000, sha256: hashOf(someBytes(1000)), week: 2902 };
    const { uploads } = await member.connection.call("POST /v1/vaults/{vault}/uploads", {
      params: { vault },
      body: { objects: [inSteps] },
    });
    const [{ id } = { id: "" }] = uploads;
    await member.connection.send({ method: "PUT", path: `/v1/uploads/${id}`, bytes: someBytes(1000) });
    await member.connection.call("POST /v1/commits", { body: { uploads: [id] } });
    // The store says the end of the quarter of 13 weeks.
    const all = ["packs/a 2911", "packs/b 0", "packs/c 2902", "slots/0000000001 2911"];
    expect(await weeks()).toEqual(all);
    await store.remove("packs/a");
    const params = { vault };
    const { objects } = await member.connection.call("GET /v1/vaults/{vault}/trash", { params });
    const body = { ids: objects.map(({ id: line }) => line) };
    await member.connection.call("POST /v1/vaults/{vault}/trash/restore", { params, body });
    expect(await weeks()).toEqual(all);
  });

  test("is a number of five digits at most", async () => {
    const path = `/v1/vaults/${await member.newVault()}/objects/packs/a`;
    const bytes = someBytes(10);
    for (const week of ["", "-1", "1e3", "100000", "x"]) {
      const headers = { "keepsake-sha256": hashOf(bytes), "keepsake-week": week };
      await expect(member.connection.send({ method: "PUT", path, headers, bytes })).rejects.toMatchObject({
        code: "request.invalid",
      });
    }
  });
});

describe("a level", () => {
  test("ends with its last week: what is stored stays and is read, and more is refused by its own name", async () => {
    paid = { untilDay: today() + 10, levelBytes: LEVEL_BYTES };
    await showTickets(member.connection, await tickets(), today());
    const store = serverStore({ connection: member.connection, vault: await member.newVault() });
    for (const name of ["a", "b", "c"]) await store.put(`packs/${name}`, someBytes(900_000));
    nowMs += 13 * DAY_MS;
    await turnAll(server.server);
    expect(await quota()).toBe(LEVEL_BYTES);
    nowMs += DAY_MS;
    await turnAll(server.server);
    expect(await quota()).toBe(OWN_BYTES);
    await expect(store.put("packs/d", someBytes(1000))).rejects.toMatchObject({ code: "level.over" });
    expect(await store.get("packs/a")).toEqual(someBytes(900_000));
    // A clock that was ahead: the week is there again.
    nowMs -= 5 * DAY_MS;
    await turnAll(server.server);
    expect(await quota()).toBe(LEVEL_BYTES);
    await store.put("packs/d", someBytes(1000));
  });

  test("is never less than what the operator grants, and what is granted stays when it ends", async () => {
    paid = { untilDay: today() + 6, levelBytes: LEVEL_BYTES };
    await showTickets(member.connection, await tickets(), today());
    const { member: id } = member.membership;
    await setQuota(server.server, commandLine, { member: id, quotaBytes: 3_000_000 });
    expect(await quota()).toBe(LEVEL_BYTES);
    await setQuota(server.server, commandLine, { member: id, quotaBytes: 9_000_000 });
    expect(await quota()).toBe(9_000_000);
    nowMs += 8 * DAY_MS;
    await turnAll(server.server);
    expect(await quota()).toBe(9_000_000);
    expect(await level()).toMatchObject({ ownBytes: 9_000_000, levelBytes: 0 });
  });

  test("that nobody showed is none: all is as it was, and nothing is kept of it", async () => {
    expect(await level()).toEqual({
      cell: 0,
      ownBytes: OWN_BYTES,
      levelBytes: 0,
      untilWeek: 0,
      keepQuarter: 0,
    });
    const store = serverStore({ connection: member.connection, vault: await member.newVault() });
    await expect(store.put("packs/a", someBytes(OWN_BYTES + 1))).rejects.toMatchObject({
      code: "member.over-quota",
    });
  });

  test("leaves nothing of its tickets a while after", async () => {
    paid = { untilDay: today() + 6, levelBytes: LEVEL_BYTES };
    await showTickets(member.connection, await tickets(), today());
    const { query } = server.server.db;
    for (let day = 0; day < 160; day += 0.5, nowMs += DAY_MS / 2) await sweep(server.server);
    await goRound(server.server);
    for (const table of ["spentLevel", "paidWeek", "ticketIssue"] as const)
      expect(await query.selectFrom(table).selectAll().execute()).toEqual([]);
  });
});

test("the operator holds a member and ends that, which the operator's log tells; nobody else may", async () => {
  const { invitation } = server;
  const platform = "cli" as const;
  const operator = server.connection.with(
    await signUp(server.connection, { password, invitation, platform }),
  );
  const { member: id } = member.membership;
  const params = { id };
  const held = () => server.server.db.query.selectFrom("hold").select("member").execute();
  await operator.call("PUT /v1/operator/members/{id}/hold", { params });
  await operator.call("PUT /v1/operator/members/{id}/hold", { params });
  expect(await held()).toEqual([{ member: id }]);
  await expect(
    member.connection.call("DELETE /v1/operator/members/{id}/hold", { params }),
  ).rejects.toMatchObject({ code: "member.not-operator" });
  await operator.call("DELETE /v1/operator/members/{id}/hold", { params });
  expect(await held()).toEqual([]);
  const { entries } = await operator.call("GET /v1/operator/log");
  expect(entries.map(({ kind }) => kind).slice(-3)).toEqual(["held", "held", "hold-ended"]);
});
