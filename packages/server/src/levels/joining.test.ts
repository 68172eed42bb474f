import { createHash } from "node:crypto";
import { sql } from "kysely";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ristretto255_oprf as oprf } from "@noble/curves/ed25519.js";
import { ticketInfo, weekOf, type TicketTerms } from "@keepsake/core/protocol";
import { startLapsing, type Lapsing, type LapsingMember } from "../../testing/lapsing.ts";
import { issueTickets } from "../billing/tickets/issue.ts";
import { tableShapes } from "../db/index.ts";
import { randomId } from "../keys/ids.ts";
import { ticketKey } from "../keys/tickets.ts";
import { redeemTickets, type ShownTicket } from "./redeem.ts";

/*
 * A dump of everything cannot say which account is which member. People pay, fetch and show tickets over weeks, in an
 * order of their own; then all tables are read by somebody who knows how all of it works, and does not have the secrets.
 */

const DAY_MS = 24 * 60 * 60_000;
const LEVELS = [50e9, 200e9];
const PEOPLE = 16;
const WEEKS = 4;

let lapsing: Lapsing;
beforeEach(async () => (lapsing = await startLapsing(2900 * 7 * DAY_MS)));
afterEach(() => lapsing[Symbol.asyncDispose]());

interface Person {
  readonly account: string;
  readonly member: LapsingMember;
  readonly levelBytes: number;
  readonly tickets: ShownTicket[];
}

/** What went over the wires, for whoever has written that down as well. */
interface Seen {
  readonly account: string[];
  readonly member: string[];
}

async function fetch({ account, levelBytes, tickets }: Person, seen: Seen): Promise<void> {
  const week = weekOf(lapsing.today());
  const key = new Uint8Array(Buffer.from(ticketKey(lapsing.server.secrets), "hex"));
  const made = [week, week + 1]
    .filter((period) => !tickets.some((ticket) => ticket.period === period))
    .map((period) => {
      const terms: TicketTerms = { kind: "week", period, levelBytes, cell: 0 };
      const input = crypto.getRandomValues(new Uint8Array(32));
      const suite = oprf.poprf(Buffer.from(ticketInfo(terms)));
      return { terms, input, suite, ...suite.blind(input, key) };
    });
  const asked = made.map(({ terms, blinded }) => ({ ...terms, blinded: hex(blinded) }));
  const given = await issueTickets(lapsing.server, account, {
    tickets: asked,
    rightsOf: async (_query, _account, days) => days.map(() => levelBytes),
  });
  made.forEach(({ terms, input, suite, blind, blinded, tweakedKey }, i) => {
    const { evaluated, proof } = given[i]!;
    const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, "hex"));
    const output = suite.finalize(input, blind, bytes(evaluated), blinded, bytes(proof), tweakedKey);
    const { kind, period } = terms;
    tickets.push({ kind, period, levelBytes, input: hex(input), output: hex(output) });
    seen.account.push(asked[i]!.blinded, evaluated, proof);
  });
}

async function show({ member, tickets }: Person, seen: Seen): Promise<void> {
  const week = weekOf(lapsing.today());
  const good = tickets.filter(({ period }) => period >= week);
  seen.member.push(...good.flatMap(({ input, output }) => [input, output]));
  const asked = { id: member.session, member: member.id, deviceKey: "" };
  await redeemTickets(lapsing.server, { ...asked, isOperator: false, fullFromMs: 0, seenMs: 0 }, good);
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

function shuffled<T>(list: readonly T[]): T[] {
  return list
    .map((each) => [Math.random(), each] as const)
    .toSorted(([a], [b]) => a - b)
    .map(([, each]) => each);
}

type Row = Readonly<Record<string, unknown>>;

/** Every row of every table, as the engine gives them: in the order in which they lie. */
async function dump(): Promise<ReadonlyMap<string, readonly Row[]>> {
  const { db } = lapsing.server;
  const tables = new Map<string, readonly Row[]>();
  for (const { name } of await tableShapes(db))
    tables.set(name, (await sql<Row>`select * from ${sql.table(name)}`.execute(db.query)).rows);
  return tables;
}

/** What both sides may know: of what kind a ticket is, for which week, how much. */
const open = new Set(["kind", "period", "levelBytes", "untilDay", "week", "untilWeek", "turnWeek", "atWeek"]);
const isBilling = (table: string, rows: readonly Row[]): boolean =>
  table === "ticketIssue" || Object.hasOwn(rows[0] ?? {}, "account");

/** Values that say something: long enough not to meet by chance. */
function valuesOf(rows: readonly Row[], of: (column: string) => boolean): Set<string> {
  const values = rows.flatMap((row) =>
    Object.entries(row)
      .filter(([column]) => of(column))
      .map(([, value]) => (value instanceof Uint8Array ? hex(value) : String(value))),
  );
  return new Set(values.filter((value) => value.length >= 4));
}

const digest = (text: string | Buffer): string => createHash("sha256").update(text).digest("hex");

/** What is on both sides: values, their hashes, and hashes of an account with a member. */
function joins(paying: readonly Row[], storing: readonly Row[], seen: Seen): readonly string[] {
  const isClosed = (column: string): boolean => !open.has(column);
  const here = [...valuesOf(paying, isClosed), ...seen.account];
  const there = [...valuesOf(storing, isClosed), ...seen.member];
  const hashes = (value: string): string[] => [
    value,
    digest(value),
    ...(/^(?:[0-9a-f]{2})+$/.test(value) ? [digest(Buffer.from(value, "hex"))] : []),
  ];
  const known = new Set(there.flatMap(hashes));
  const accounts = new Set(paying.map((row) => String(row["account"])));
  const members = new Set(
    storing.flatMap((row) => (typeof row["member"] === "string" ? [row["member"]] : [])),
  );
  const pairs = [...accounts].flatMap((account) =>
    [...members].flatMap((member) => [digest(`${account} ${member}`), digest(`${member} ${account}`)]),
  );
  const all = new Set([...here, ...there]);
  return [
    ...here.flatMap(hashes).filter((value) => known.has(value)),
    ...pairs.filter((value) => all.has(value)),
  ];
}

test("no row of who pays can be joined with a row of who stores", async () => {
  const seen: Seen = { account: [], member: [] };
  const people: Person[] = [];
  for (let i = 0; i < PEOPLE; i++)
    people.push({
      account: randomId(),
      member: await lapsing.newMember(),
      levelBytes: LEVELS[i % 2]!,
      tickets: [],
    });
  for (let week = 0; week < WEEKS; week++) {
    for (const person of shuffled(people)) {
      await fetch(person, seen);
      lapsing.nowMs += 1000 + Math.floor(Math.random() * 1e6);
    }
    for (const person of shuffled(people)) {
      await show(person, seen);
      lapsing.nowMs += 1000 + Math.floor(Math.random() * 1e6);
    }
    for (const { member } of shuffled(people)) await member.put(`packs/w${week}`, 100 + week, 2900);
    await lapsing.live(7);
  }
  const tables = await dump();
  const sides = [...tables].map(([table, rows]) => ({ rows, isPaying: isBilling(table, rows) }));
  const rowsOf = (isPaying: boolean): Row[] =>
    sides.filter((side) => side.isPaying === isPaying).flatMap(({ rows }) => [...rows]);
  const [paying, storing] = [rowsOf(true), rowsOf(false)];
  expect(paying.length).toBe(PEOPLE * (WEEKS + 1));
  // By values, and by what anybody can compute of them.
  expect(joins(paying, storing, seen)).toEqual([]);
  // The look for them finds what would be one.
  const [one] = people;
  for (const text of [one!.account, digest(one!.account), digest(`${one!.account} ${one!.member.id}`)])
    expect(joins(paying, [...storing, { id: one!.member.id, text }], seen).length).toBeGreaterThan(0);
  const [blinded] = seen.account;
  const told = { ...seen, member: [...seen.member, digest(Buffer.from(blinded!, "hex"))] };
  expect(joins(paying, storing, told).length).toBeGreaterThan(0);

  // By times: the paying side has none, and what the storing side has of levels is weeks.
  for (const row of [
    ...paying,
    ...["level", "paidWeek", "spentLevel"].flatMap((name) => [...tables.get(name)!]),
  ])
    for (const [column, value] of Object.entries(row))
      if (typeof value === "number" && !column.endsWith("Bytes")) expect(value).toBeLessThan(30_000);

  // By level and week: each class has as many members as accounts, and is no smaller than all who pay so much.
  const classes = (rows: readonly Row[], week: string): Map<string, number> => {
    const counted = new Map<string, number>();
    for (const row of rows) {
      const key = `${String(row[week])} ${String(row["levelBytes"])}`;
      counted.set(key, (counted.get(key) ?? 0) + 1);
    }
    return counted;
  };
  const asked = classes(tables.get("ticketIssue")!, "period");
  expect(classes(tables.get("paidWeek")!, "week")).toEqual(asked);
  expect([...asked.values()]).toEqual(Array<number>(asked.size).fill(PEOPLE / 2));

  // By the order in which rows lie: it is that of random names.
  for (const [name, column] of [
    ["ticketIssue", "account"],
    ["paidWeek", "member"],
    ["spentLevel", "ticketHash"],
    ["level", "member"],
  ] as const) {
    const order = tables.get(name)!.map((row) => String(row[column]));
    expect([name, order]).toEqual([name, order.toSorted()]);
  }
}, 60_000);
