import { ristretto255_oprf as oprf } from "@noble/curves/ed25519.js";
import { describe, expect, test } from "vitest";
import { testPrimitives } from "../../../testing/primitives.ts";
import { bytesToHex, hexToBytes } from "../../base/index.ts";
import { firstDay, periodOf, quarterOf, ticketInfo, weekOf, type TicketTerms } from "../../protocol/index.ts";
import { fetchTickets, wantedTickets, type AskedTicket, type GivenTicket } from "./index.ts";

const primitives = await testPrimitives();
const terms: TicketTerms = { kind: "week", period: 2900, levelBytes: 50e9, cell: 0 };
const suiteOf = (asked: TicketTerms) => oprf.poprf(new TextEncoder().encode(ticketInfo(asked)));
const keys = suiteOf(terms).deriveKeyPair(new Uint8Array(32).fill(3), new Uint8Array(0));
const key = bytesToHex(new Uint8Array(keys.publicKey));

function give(asked: readonly AskedTicket[], secretKey = keys.secretKey): Promise<readonly GivenTicket[]> {
  return Promise.resolve(
    asked.map((ticket) => {
      const { evaluated, proof } = suiteOf(ticket).blindEvaluate(secretKey, hexToBytes(ticket.blinded)!);
      return { evaluated: bytesToHex(new Uint8Array(evaluated)), proof: bytesToHex(new Uint8Array(proof)) };
    }),
  );
}

const seed = new Uint8Array(32).fill(1);
const fetch = (
  wanted: readonly TicketTerms[],
  { ask = give, from = seed }: { ask?: typeof give; from?: typeof seed } = {},
) => fetchTickets({ primitives, seed: from, key, ask: (asked) => ask(asked) }, wanted);

describe("a ticket", () => {
  test("is the output of the one key over its own input, under what it says", async () => {
    const [ticket] = await fetch([terms]);
    const input = hexToBytes(ticket!.input)!;
    const output = bytesToHex(new Uint8Array(suiteOf(terms).evaluate(keys.secretKey, input)));
    expect(ticket).toEqual({ ...terms, input: ticket!.input, output });
  });

  test("is the same on every device that has the seed, and another for another seed, week or level", async () => {
    const asked: AskedTicket[] = [];
    const ask: typeof give = (tickets) => (asked.push(...tickets), give(tickets));
    const [one] = await fetch([terms], { ask });
    expect(await fetch([terms], { ask })).toEqual([one]);
    expect(new Set(asked.map(({ blinded }) => blinded)).size).toBe(1);
    const others = [
      ...(await fetch([terms], { from: new Uint8Array(32).fill(2) })),
      ...(await fetch([
        { ...terms, period: 2901 },
        { ...terms, levelBytes: 200e9 },
        { ...terms, kind: "keep" },
      ])),
    ];
    expect(new Set([one, ...others].map((ticket) => ticket!.input)).size).toBe(5);
    // Nothing of it is in what was asked.
    expect(asked[0]!.blinded).not.toContain(one!.input.slice(0, 16));
  });

  test("made with another key, answered for another week, or not at all, is thrown away", async () => {
    const other = suiteOf(terms).deriveKeyPair(new Uint8Array(32).fill(4), new Uint8Array(0));
    const bad: readonly (typeof give)[] = [
      (asked) => give(asked, other.secretKey),
      (asked) => give(asked.map((ticket) => ({ ...ticket, period: 1 }))),
      () => Promise.resolve([]),
      () => Promise.resolve([{ evaluated: "zz", proof: "" }]),
      async (asked) => (await give(asked)).map(({ proof }) => ({ evaluated: "00".repeat(32), proof })),
    ];
    for (const ask of bad)
      await expect(fetch([terms], { ask })).rejects.toMatchObject({ code: "ticket.bad-proof" });
  });
});

describe("which tickets are asked for", () => {
  const today = 20_300;
  const wanted = (levelOn: (day: number) => number, have: readonly TicketTerms[] = []) =>
    wantedTickets({ today, cell: 0, levelOn, have });
  const periods = (list: readonly TicketTerms[], kind: TicketTerms["kind"]): number[] =>
    list.filter((each) => each.kind === kind).map(({ period }) => period - periodOf(kind, today));

  test("are weeks and quarters that are paid for, as far as they go, without those that are there", () => {
    const forEver = wanted(() => 50e9);
    expect(periods(forEver, "week")).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(periods(forEver, "keep")).toEqual([0, 1, 2, 3, 4, 5]);
    expect(wanted(() => 50e9, forEver)).toEqual([]);
    expect(wanted(() => 0)).toEqual([]);
    // Three more days: the week in which they end, and this quarter.
    const end = firstDay("week", weekOf(today) + 1) + 1;
    const few = wanted((day) => (day < end ? 50e9 : 0));
    expect([periods(few, "week"), periods(few, "keep")]).toEqual([[0, 1], [0]]);
    // The higher level of a week counts for all of it; what is there of a lower one is no more enough.
    const rising = wanted((day) => (day < end ? 50e9 : 200e9), few);
    expect(rising.find(({ period }) => period === weekOf(today) + 1)?.levelBytes).toBe(200e9);
    expect(rising.some(({ period }) => period === weekOf(today))).toBe(false);
  });
});

test("weeks and quarters are counted from the first of January 1970", () => {
  expect([weekOf(0), weekOf(6), weekOf(7), quarterOf(0), quarterOf(89), quarterOf(90)]).toEqual([
    0, 0, 1, 0, 0, 1,
  ]);
  for (const kind of ["week", "keep"] as const)
    for (let day = 0; day < 40_000; day += 13) {
      const period = periodOf(kind, day);
      expect(firstDay(kind, period)).toBeLessThanOrEqual(day);
      expect(firstDay(kind, period + 1)).toBeGreaterThan(day);
    }
});
