import { beforeEach, describe, expect, test } from "vitest";
import { standardCatalogue, type Catalogue } from "../../packages/core/src/plans/index.ts";
import type { Account } from "../../packages/server/src/billing/books/accounts.ts";
import { makeProofs } from "../../packages/server/src/billing/books/buying/reductions.ts";
import { setNext, setRenewal } from "../../packages/server/src/billing/books/buying/change.ts";
import { reconcileBooks } from "../../packages/server/src/billing/books/office/reconcile.ts";
import { lineOf } from "../../packages/server/src/billing/books/overview.ts";
import { turn } from "../../packages/server/src/billing/books/round/charges.ts";
import { startAlipay } from "../../packages/server/src/billing/simulators/alipay/simulator.ts";
import type { Simulator, SimulatorParts } from "../../packages/server/src/billing/simulators/simulator.ts";
import { startWechat } from "../../packages/server/src/billing/simulators/wechat/simulator.ts";
import { DAY_MS, setClock } from "../../packages/server/testing/pay/bench.ts";
import { endingBooks, Gone, type Steps } from "../../packages/server/testing/pay/crashing.ts";
import { charges, deliver, kept, renewing, sold } from "../../packages/server/testing/pay/payers.ts";
import { startStill, type Still } from "../../packages/server/testing/pay/still.ts";

/** Ten in the morning in Beijing: no provider sleeps. */
const MORNING_MS = Date.parse("2027-03-01T02:00:00Z");

type Declining = Simulator & { declines: boolean };

const clock = setClock(MORNING_MS);
const today = (): number => Math.floor(clock.nowMs / DAY_MS);
const pass = (days: number): void => void (clock.nowMs += days * DAY_MS);

beforeEach(() => void (clock.nowMs = MORNING_MS));

type Bench = Still<Declining>;
type Start = (parts: SimulatorParts) => Promise<Declining>;
const startBench = (start: Start) => startStill(start, { clock, catalogue });

/** Less for three months, and less for ever for who studies. */
const catalogue: Catalogue = {
  ...standardCatalogue,
  version: 2,
  reductions: [
    { id: "three", name: { zh: "三", en: "Three" }, percentOff: 25, periods: 3, needs: "coupon" },
    { id: "student", name: { zh: "学生", en: "Student" }, percentOff: 20, needs: "student" },
  ],
};

describe.each([
  ["WeChat Pay", startWechat as Start],
  ["Alipay", startAlipay as Start],
])("a renewal that is ours to charge, by %s", (_, start) => {
  /** Lives through days, one turn each. */
  const live = async (
    bench: Bench,
    payer: { account: Account; id: string },
    days: number,
    isDeviceOn = true,
  ) => {
    for (let day = 0; day < days; day++, pass(1)) {
      await bench.simulator.pass(0);
      await turn(bench.books, await kept(bench.books, payer));
      await deliver(bench.books, payer, isDeviceOn);
    }
  };

  test("is told eight days before with its date, its amount and the way out, and charged once, on its day", async () => {
    await using bench = await startBench(start);
    const payer = await renewing(bench);
    const { untilDay } = (await kept(bench.books, payer)).subscription;
    await live(bench, payer, untilDay - 9 - today());
    expect(bench.mail.mails).toEqual([]);
    await live(bench, payer, 7);
    const [notice, ...others] = bench.mail.mails;
    expect(others).toEqual([]);
    const date = new Date((untilDay - 1) * DAY_MS).toISOString().slice(0, 10);
    expect(notice!.subject).toBe("念存：你的方案即将续费");
    expect(notice!.text).toContain("¥8.00");
    expect(notice!.text).toContain(date);
    expect(notice!.text).toContain("不再续费");
    expect((await kept(bench.books, payer)).subscription.terms).toHaveLength(1);
    await live(bench, payer, 2);
    const after = (await kept(bench.books, payer)).subscription;
    expect(after.terms).toHaveLength(2);
    expect(after.untilDay).toBeGreaterThanOrEqual(untilDay + 28);
    expect(await sold(bench.books, payer.id)).toBe(1_600);
    expect((await charges(bench.books, payer.id)).map(({ state }) => state)).toEqual(["paid", "paid"]);
    // A year more, with its reminder.
    await live(bench, payer, 365);
    expect(bench.mail.mails.filter(({ subject }) => subject === "念存：年度提醒")).toHaveLength(1);
    expect((await kept(bench.books, payer)).subscription.terms.length).toBeGreaterThanOrEqual(13);
    expect(await sold(bench.books, payer.id)).toBe(
      800 * (await kept(bench.books, payer)).subscription.terms.length,
    );
  });

  test("is not charged where only one way delivered, and says so; nothing is taken before the paid end", async () => {
    await using bench = await startBench(start);
    const payer = await renewing(bench, { hasMail: false });
    const { untilDay } = (await kept(bench.books, payer)).subscription;
    await live(bench, payer, untilDay - today() + 20);
    const { subscription } = await kept(bench.books, payer);
    expect(subscription).toMatchObject({ renews: false, untilDay });
    expect(await sold(bench.books, payer.id)).toBe(800);
    const told = await bench.books.db.query
      .selectFrom("billNotice")
      .select("message")
      .where("account", "=", payer.account.id)
      .execute();
    expect(told.map(({ message }) => message).toSorted()).toEqual(["charge", "renewal-ended"]);
  });

  test("is not charged once its holder ended it, even between the notice and the day", async () => {
    await using bench = await startBench(start);
    const payer = await renewing(bench);
    const { untilDay } = (await kept(bench.books, payer)).subscription;
    await live(bench, payer, untilDay - 4 - today());
    expect(bench.mail.mails).toHaveLength(1);
    await setRenewal(bench.books, payer.account, payer.id, false);
    await live(bench, payer, 30);
    expect(await sold(bench.books, payer.id)).toBe(800);
    expect((await kept(bench.books, payer)).subscription).toMatchObject({ renews: false, untilDay });
  });

  test("can be ended and taken up again where it was agreed to, and only there", async () => {
    await using bench = await startBench(start);
    const agreed = await renewing(bench);
    clock.nowMs += 1;
    const off = await setRenewal(bench.books, agreed.account, agreed.id, false);
    expect(await lineOf(bench.books, off)).toMatchObject({ renews: false, mayRenew: true });
    clock.nowMs += 1;
    const on = await setRenewal(bench.books, agreed.account, agreed.id, true);
    expect(await lineOf(bench.books, on)).toMatchObject({ renews: true, mayRenew: false });
    const once = await renewing(bench, { renews: false });
    expect(await lineOf(bench.books, await kept(bench.books, once))).toMatchObject({ mayRenew: false });
    await expect(setRenewal(bench.books, once.account, once.id, true)).rejects.toMatchObject({
      code: "pay.no-renewal",
    });
  });

  test("that is declined is told, tried again within the grace, and then given up", async () => {
    await using bench = await startBench(start);
    const payer = await renewing(bench);
    const { untilDay } = (await kept(bench.books, payer)).subscription;
    bench.simulator.declines = true;
    await live(bench, payer, untilDay - today() + 20);
    expect(await sold(bench.books, payer.id)).toBe(800);
    const [, second] = await charges(bench.books, payer.id);
    expect(second).toMatchObject({ state: "given-up" });
    const tried = JSON.parse(second!.tried) as number[];
    expect(tried.length).toBeGreaterThanOrEqual(2);
    expect(tried.at(-1)!).toBeLessThan(untilDay + 14);
    expect(bench.mail.mails.map(({ subject }) => subject)).toContain("念存：扣款未成功");
    expect((await kept(bench.books, payer)).subscription).toMatchObject({ renews: false });
  });

  test("of another plan costs less, too, for who studies", async () => {
    await using bench = await startBench(start);
    const [proof] = await makeProofs(bench.books, { reduction: "student", count: 1, days: 30 });
    const payer = await renewing(bench, { plan: "gb-200", coupon: proof! });
    await setNext(bench.books, payer.account, payer.id, { plan: "gb-50", period: "month" });
    const { untilDay } = (await kept(bench.books, payer)).subscription;
    await live(bench, payer, untilDay - today() + 3);
    expect(await sold(bench.books, payer.id)).toBe(2_384 + 640);
  });

  test("of a smaller plan follows at the end of the term, and nothing more is charged than was told", async () => {
    await using bench = await startBench(start);
    const payer = await renewing(bench, { plan: "gb-200" });
    await expect(
      setNext(bench.books, payer.account, payer.id, { plan: "none", period: "month" }),
    ).rejects.toMatchObject({ code: "pay.no-such-offer" });
    await setNext(bench.books, payer.account, payer.id, { plan: "gb-50", period: "month" });
    const { untilDay } = (await kept(bench.books, payer)).subscription;
    await live(bench, payer, untilDay - 3 - today());
    expect(bench.mail.mails[0]!.text).toContain("¥8.00");
    expect((await kept(bench.books, payer)).row.plan).toBe("gb-200");
    await live(bench, payer, 6);
    expect(await sold(bench.books, payer.id)).toBe(2_980 + 800);
    expect((await kept(bench.books, payer)).row.plan).toBe("gb-50");
  });

  test.each([
    ["a coupon, for its three months alone", "three", [600, 600, 600, 800, 800]],
    ["a student's proof, for ever", "student", [640, 640, 640, 640, 640]],
  ])("costs less by %s; each notice tells what is charged", async (_by, reduction, amounts) => {
    await using bench = await startBench(start);
    const [proof] = await makeProofs(bench.books, { reduction: "student", count: 1, days: 30 });
    const payer = await renewing(bench, { coupon: reduction === "student" ? proof! : reduction });
    while ((await kept(bench.books, payer)).subscription.terms.length < amounts.length)
      await live(bench, payer, 1);
    const { terms } = (await kept(bench.books, payer)).subscription;
    expect(terms.map(({ amountMinor }) => amountMinor)).toEqual(amounts);
    expect(await sold(bench.books, payer.id)).toBe(amounts.reduce((sum, each) => sum + each, 0));
    const told = bench.mail.mails.flatMap(({ text }) => /续费：¥([\d.]+)/.exec(text)?.[1] ?? []);
    expect(told.map((amount) => Math.round(Number(amount) * 100))).toEqual(amounts.slice(1));
  });

  test("of a dearer plan is charged only as far as the agreement goes", async () => {
    await using bench = await startBench(start);
    const payer = await renewing(bench);
    await setNext(bench.books, payer.account, payer.id, { plan: "gb-200", period: "month" });
    const { untilDay } = (await kept(bench.books, payer)).subscription;
    await live(bench, payer, untilDay - today() + 3);
    const agreed = bench.simulator.name === "wechat";
    // WeChat's agreements have no ceiling: what was told is charged. Alipay's have one: a new one has to be signed.
    expect(await sold(bench.books, payer.id)).toBe(agreed ? 800 + 2_980 : 800);
    expect((await kept(bench.books, payer)).subscription.renews).toBe(agreed);
  });

  test("is charged once and written down once, wherever the process ends", { timeout: 240_000 }, async () => {
    await using bench = await startBench(start);
    let points = 0;
    for (let until = 0; ; until++) {
      const payer = await renewing(bench);
      const { untilDay } = (await kept(bench.books, payer)).subscription;
      pass(untilDay - 9 - today());
      const steps: Steps = { taken: 0, until };
      const ending = endingBooks(bench.books, steps);
      for (let day = 0; day < 12; day++, pass(1)) {
        await bench.simulator.pass(0);
        const isOver = await turn(ending, await kept(bench.books, payer)).then(
          () => false,
          (error: unknown) => {
            if (error instanceof Gone) return true;
            throw error;
          },
        );
        // Another process goes on, the same day.
        if (isOver) await turn(bench.books, await kept(bench.books, payer));
        await deliver(bench.books, payer);
      }
      const { subscription } = await kept(bench.books, payer);
      expect([until, subscription.terms.length, await sold(bench.books, payer.id)]).toEqual([
        until,
        2,
        1_600,
      ]);
      if (steps.taken <= until) break;
      points++;
    }
    expect(points).toBeGreaterThan(30);
    // What the provider took is what the books have, day by day.
    pass(1);
    for (const { theirMinor, ourMinor, unknown } of await reconcileBooks(bench.books))
      expect([ourMinor, unknown]).toEqual([theirMinor, []]);
  });
});
