import { beforeEach, expect, test } from "vitest";
import { standardCatalogue } from "../../packages/core/src/plans/index.ts";
import { findAccount, openAccount, type Account } from "../../packages/server/src/billing/books/accounts.ts";
import { buy } from "../../packages/server/src/billing/books/buying/buy.ts";
import { payBack, refundable } from "../../packages/server/src/billing/books/buying/refund.ts";
import { look } from "../../packages/server/src/billing/books/look.ts";
import { reconcileBooks } from "../../packages/server/src/billing/books/office/reconcile.ts";
import { startAlipay } from "../../packages/server/src/billing/simulators/alipay/simulator.ts";
import type { Simulator, SimulatorParts } from "../../packages/server/src/billing/simulators/simulator.ts";
import { startStripe } from "../../packages/server/src/billing/simulators/stripe/simulator.ts";
import { startWechat } from "../../packages/server/src/billing/simulators/wechat/simulator.ts";
import { DAY_MS, setClock } from "../../packages/server/testing/pay/bench.ts";
import { endingBooks, Gone, type Steps } from "../../packages/server/testing/pay/crashing.ts";
import { balances } from "../../packages/server/testing/pay/payers.ts";
import { person } from "../../packages/server/testing/pay/person.ts";
import { doJobs, startStill, type Still } from "../../packages/server/testing/pay/still.ts";

type Bench = Still<Simulator>;
type Start = (parts: SimulatorParts) => Promise<Simulator>;

const clock = setClock();
const startMs = clock.nowMs;
beforeEach(() => void (clock.nowMs = startMs));

async function newAccount({ books }: Bench, number: number): Promise<Account> {
  const publicKey = number.toString(16).padStart(64, "0");
  return findAccount(books, await openAccount(books, { publicKey, language: "en", isNew: true }));
}

async function bought(bench: Bench, account: Account, plan: string, replaces?: string): Promise<string> {
  const { books, simulator } = bench;
  const { id, next } = await buy(books, account, {
    plan,
    period: "year",
    channel: "web",
    provider: simulator.name,
    renews: false,
    screen: "page",
    returnUrl: "https://keepsake.example/#/plan",
    ...(replaces !== undefined && { replaces }),
  });
  await person(simulator, next, "pay");
  await look(books, id);
  return id;
}

async function isOver(work: Promise<unknown>): Promise<boolean> {
  try {
    await work;
    return false;
  } catch (error) {
    if (error instanceof Gone) return true;
    throw error;
  }
}

test.each([
  ["Stripe", startStripe as Start, 1],
  ["WeChat Pay", startWechat as Start, 3],
  ["Alipay", startAlipay as Start, 3],
])(
  "what is paid back by %s goes back once and whole, wherever the process ends",
  { timeout: 240_000 },
  async (_, start, oneIn) => {
    await using bench = await startStill(start, { clock, catalogue: standardCatalogue });
    const { books } = bench;
    let paidMinor = 0;
    let points = 0;
    for (let until = 0; ; until += oneIn) {
      const account = await newAccount(bench, until + 1);
      const earlier = await bought(bench, account, "gb-50");
      clock.nowMs += 10 * DAY_MS;
      const later = await bought(bench, account, "gb-200", earlier);
      await doJobs(books, books);
      clock.nowMs += 3 * DAY_MS;
      const refunds = await refundable(books, account, later);
      expect(refunds.map(({ charge }) => charge)).toEqual([`${later}-1`, `${earlier}-1`]);
      const steps: Steps = { taken: 0, until };
      const ending = endingBooks(books, steps);
      const work = async (): Promise<void> => {
        await payBack(ending, account, later);
        await doJobs(ending, books);
      };
      if (await isOver(work())) points++;
      // The provider tells of it, and nobody asks again: all of it goes back, or nothing was begun.
      await look(books, later);
      await look(books, earlier);
      clock.nowMs += DAY_MS / 4;
      await doJobs(books, books);
      const left = await refundable(books, account, later);
      if (left.length > 0) {
        expect(left).toEqual(refunds);
        await payBack(books, account, later);
        await doJobs(books, books);
      }
      expect(await refundable(books, account, later)).toEqual([]);
      const { subscription } = await look(books, later);
      expect(subscription.untilDay).toBeLessThanOrEqual(Math.floor(clock.nowMs / DAY_MS));
      paidMinor += 8_000 - refunds[1]!.amountMinor;
      expect([until, await balances(books)]).toEqual([
        until,
        { [`at/${bench.simulator.name}`]: paidMinor, "sold/gb-50": -paidMinor, "sold/gb-200": 0 },
      ]);
      if (steps.taken <= until) break;
    }
    expect(points).toBeGreaterThan(30 / oneIn);
    clock.nowMs += 3 * DAY_MS;
    for (const { theirMinor, ourMinor, unknown } of await reconcileBooks(books))
      expect([ourMinor, unknown]).toEqual([theirMinor, []]);
  },
);
