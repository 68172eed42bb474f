import { beforeEach, describe, expect, test } from "vitest";
import { standardCatalogue } from "../../packages/core/src/plans/index.ts";
import type { Account } from "../../packages/server/src/billing/books/accounts.ts";
import type { Books } from "../../packages/server/src/billing/books/books.ts";
import { setNext, setRenewal } from "../../packages/server/src/billing/books/buying/change.ts";
import { reconcileBooks } from "../../packages/server/src/billing/books/office/reconcile.ts";
import { goRound } from "../../packages/server/src/billing/books/round/round.ts";
import { startAlipay } from "../../packages/server/src/billing/simulators/alipay/simulator.ts";
import type { Simulator, SimulatorParts } from "../../packages/server/src/billing/simulators/simulator.ts";
import { startWechat } from "../../packages/server/src/billing/simulators/wechat/simulator.ts";
import { DAY_MS, setClock } from "../../packages/server/testing/pay/bench.ts";
import { awayAbout, endingBooks, Gone, type Steps } from "../../packages/server/testing/pay/crashing.ts";
import { deliver, kept, renewing, sold } from "../../packages/server/testing/pay/payers.ts";
import { startStill, type Still } from "../../packages/server/testing/pay/still.ts";

interface Payer {
  readonly account: Account;
  readonly id: string;
}
type Declining = Simulator & { declines: boolean };
type Start = (parts: SimulatorParts) => Promise<Declining>;

const clock = setClock();
const startMs = clock.nowMs;
beforeEach(() => void (clock.nowMs = startMs));

const today = (): number => Math.floor(clock.nowMs / DAY_MS);
const pass = (days: number): void => void (clock.nowMs += days * DAY_MS);

/** So many days with a round each; what is to be sent is sent, and devices show what there is. */
async function live(
  bench: Still<Simulator>,
  payers: readonly Payer[],
  days: number,
  books: Books = bench.books,
): Promise<void> {
  for (let day = 0; day < days; day++, pass(1)) {
    await bench.simulator.pass(0);
    await goRound(books);
    for (const payer of payers) await deliver(bench.books, payer);
  }
}

describe.each([
  ["WeChat Pay", startWechat as Start],
  ["Alipay", startAlipay as Start],
])("charges of one day, by %s", (_, start) => {
  test("are made for all, and those that are refused or above what was agreed to hold up no others", async () => {
    await using bench = await startStill(start, { clock, catalogue: standardCatalogue });
    const { books, simulator } = bench;
    const payers: Payer[] = [];
    for (let i = 0; i < 5; i++) payers.push(await renewing(bench));
    const [dearer, ended] = [payers[1]!, payers[3]!];
    await setNext(books, dearer.account, dearer.id, { plan: "gb-200", period: "month" });
    const { untilDay } = (await kept(books, payers[0]!)).subscription;
    await live(bench, payers, untilDay - 3 - today());
    await setRenewal(books, ended.account, ended.id, false);
    await live(bench, payers, 5);
    const amounts = await Promise.all(payers.map(({ id }) => sold(books, id)));
    const dearMinor = simulator.name === "wechat" ? 800 + 2_980 : 800;
    expect(amounts).toEqual([1_600, dearMinor, 1_600, 800, 1_600]);
    simulator.declines = true;
    await live(bench, payers, 50);
    expect(await Promise.all(payers.map(({ id }) => sold(books, id)))).toEqual(amounts);
    for (const payer of payers) expect((await kept(books, payer)).subscription.renews).toBe(false);
  });

  test.each([
    ["anything", undefined],
    ["its end", "stop"],
    ["how it stands", "look"],
  ])("go on where their provider does not answer about %s of one of them", async (_what, method) => {
    await using bench = await startStill(start, { clock, catalogue: standardCatalogue });
    const { books, simulator } = bench;
    const payers = [await renewing(bench), await renewing(bench), await renewing(bench)];
    // Of the dearer plan, that which the agreement does not allow is to be ended at the provider.
    const silent = payers[1]!;
    await setNext(books, silent.account, silent.id, { plan: "gb-200", period: "month" });
    const { untilDay } = (await kept(books, silent)).subscription;
    await live(bench, payers, untilDay + 3 - today(), awayAbout(books, silent.id, method));
    const others = [payers[0]!, payers[2]!];
    expect(await Promise.all(others.map(({ id }) => sold(books, id)))).toEqual([1_600, 1_600]);
    await live(bench, payers, 8);
    const agreed = simulator.name === "wechat";
    expect(await sold(books, silent.id)).toBe(agreed ? 800 + 2_980 : 800);
    expect((await kept(books, silent)).subscription.renews).toBe(agreed);
  });

  test("are each made and written down once, wherever the process ends", { timeout: 240_000 }, async () => {
    await using bench = await startStill(start, { clock, catalogue: standardCatalogue });
    const { books } = bench;
    let points = 0;
    for (let until = 0; ; until += 5) {
      const payers = [await renewing(bench), await renewing(bench), await renewing(bench)];
      const { untilDay } = (await kept(books, payers[0]!)).subscription;
      pass(untilDay - 9 - today());
      const steps: Steps = { taken: 0, until };
      const ending = endingBooks(books, steps);
      for (let day = 0; day < 12; day++, pass(1)) {
        await bench.simulator.pass(0);
        // Another process goes on, the same day.
        await goRound(ending).catch(async (error: unknown) => {
          if (!(error instanceof Gone)) throw error;
          await goRound(books);
        });
        for (const payer of payers) await deliver(books, payer);
      }
      for (const payer of payers) {
        const { subscription } = await kept(books, payer);
        expect([until, subscription.terms.length, await sold(books, payer.id)]).toEqual([until, 2, 1_600]);
        await setRenewal(books, payer.account, payer.id, false);
      }
      if (steps.taken <= until) break;
      points++;
    }
    expect(points).toBeGreaterThan(9);
    pass(1);
    for (const { theirMinor, ourMinor, unknown } of await reconcileBooks(books))
      expect([ourMinor, unknown]).toEqual([theirMinor, []]);
  });
});
