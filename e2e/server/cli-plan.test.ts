import { readdir, readFile, writeFile } from "node:fs/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { startStripe } from "../../packages/server/src/billing/simulators/stripe/simulator.ts";
import { person } from "../../packages/server/testing/pay/person.ts";
import { newMachine, type Machine } from "../cli-process.ts";
import { movedClock, startSelling, transferTo, type Selling } from "./paying.ts";
import { password, type Member } from "./serving.ts";

const OWN_BYTES = 2_000_000_000;
const PLAN_BYTES = 55_000_000_000;

let selling: Selling;
let operator: Member;
let machine: Machine & AsyncDisposable;
beforeEach(async () => {
  // The command line goes by the machine's clock.
  selling = await startSelling([startStripe], movedClock(Date.now()), {
    KEEPSAKE_QUOTA_BYTES: String(OWN_BYTES),
  });
  operator = await selling.server.newOperator();
  machine = await newMachine({ KEEPSAKE_LOGIN_PASSWORD: password });
  await machine.makeExport("phone", { seed: "plan", messages: 100, chats: 2, attachmentBytes: 10_000 });
  await machine.run(["init", "vault", "--kit-file", "kit.txt"]);
  await machine.run(["backup", "phone", "--name", "phone"]);
  await machine.json(["login", selling.server.url, "--sign-up"]);
  await machine.json(["copy", "--to", selling.server.url]);
});
afterEach(async () => {
  await machine[Symbol.asyncDispose]();
  await selling[Symbol.asyncDispose]();
});

const plan = (...more: string[]) => machine.json(["plan", selling.server.url, ...more]);
const quota = async () =>
  (await plan()).events.find(({ type }) => type === "room") as unknown as { quotaBytes: number };

test("a plan is looked at, bought by a page and by a transfer, and ended", { timeout: 180_000 }, async () => {
  const shown = await machine.run(["plan", selling.server.url]);
  expect(shown.stderr).toMatch(/TEST/);
  expect(shown.stdout).toMatch(/gb-50 +50 GB +¥80\.00 +¥8\.00/);
  expect(shown.stderr).toMatch(/no paid plan here/);
  expect(shown.stderr).toMatch(/more than 12 times in a year may be slowed down/);
  expect(await quota()).toMatchObject({ quotaBytes: OWN_BYTES });
  expect((await plan("--buy", "gb-50")).result).toMatchObject({ ok: false, code: "cli.not-confirmed" });
  const bought = await machine.run([
    "plan",
    selling.server.url,
    "--buy",
    "gb-50",
    "--way",
    "stripe",
    "--yes",
  ]);
  const url = /Open this page to pay: (\S+)/.exec(bought.stderr)![1]!;
  // What is not paid yet is no reason to tell the server from when files are.
  expect((await plan()).events).toContainEqual(expect.objectContaining({ type: "weeks", isGiven: false }));
  await person(selling.simulators[0]!, { how: "redirect", url }, "pay");
  await expect.poll(quota, { timeout: 60_000, interval: 1_000 }).toMatchObject({ quotaBytes: PLAN_BYTES });
  const { events } = await plan();
  expect(events).toContainEqual(
    expect.objectContaining({ type: "subscription", plan: "gb-50", state: "active", renews: false }),
  );
  const { stdout } = await machine.run(["plan", selling.server.url]);
  expect(stdout).toMatch(/more-50gb +50 GB more +¥80\.00 +¥8\.00/);
  const beside = await machine.run([
    "plan",
    selling.server.url,
    "--buy",
    "more-50gb",
    "--way",
    "manual",
    "--yes",
  ]);
  expect(beside.stderr).toMatch(/50 GB more: ¥80\.00\. Taken off: ¥0\.00/);
  const larger = await machine.run([
    "plan",
    selling.server.url,
    "--buy",
    "gb-200",
    "--way",
    "manual",
    "--yes",
  ]);
  expect(larger.stderr).toContain(transferTo.en);
  expect((await plan("--end-renewal")).result).toMatchObject({ ok: true });
  const refunded = await machine.run(["plan", selling.server.url, "--refund", "--yes"]);
  expect(refunded.stderr).toMatch(/¥80\.00 would be paid back/);
  expect(refunded.stderr).toMatch(/paid back, or replaced|ended/);
});

test("a code is redeemed, and the next backup brings its room by itself", { timeout: 120_000 }, async () => {
  const { codes } = await operator.connection.call("POST /v1/operator/pay/codes", {
    body: { plan: "gb-50", period: "year", periods: 1, count: 1, days: 30 },
  });
  expect((await plan("--redeem", "wrong-wrong-wrong")).result).toMatchObject({ code: "pay.no-such-code" });
  const input = Promise.resolve(`${codes[0]!}\n`);
  const redeemed = await machine.json(["plan", selling.server.url, "--redeem", "-"], { input });
  expect(redeemed.result).toMatchObject({ ok: true, sells: true, subscriptions: 1 });
  expect(await quota()).toMatchObject({ quotaBytes: PLAN_BYTES });
  // Where somebody pays, the server is told how old files are, until the person says no.
  expect((await plan()).events).toContainEqual(expect.objectContaining({ type: "weeks", isGiven: true }));
  const ahead = (await plan()).events.find(({ type }) => type === "removal-ahead");
  expect(ahead).toMatchObject({ overBytes: 0, awayObjects: 0, years: [] });
  const off = await plan("--weeks", "off");
  expect(off.events).toContainEqual(expect.objectContaining({ type: "weeks", isGiven: false }));
  // Another device of the member knows nothing of it yet: its backup finds out.
  await selling.server.server.db.query.deleteFrom("paidWeek").execute();
  await selling.server.server.db.query.updateTable("member").set({ quotaBytes: OWN_BYTES }).execute();
  const [file] = await readdir(machine.path("config/servers"));
  const path = machine.path(`config/servers/${file!}`);
  await writeFile(path, (await readFile(path, "utf8")).replace(/"levelDay": \d+/, '"levelDay": 1'));
  expect((await machine.json(["backup", "phone", "--name", "phone"])).result).toMatchObject({ ok: true });
  expect(await quota()).toMatchObject({ quotaBytes: PLAN_BYTES });
});

test("a plan is tried for nothing once, after it was told when that ends", { timeout: 120_000 }, async () => {
  expect((await plan("--try", "gb-50")).result).toMatchObject({ ok: false, code: "cli.not-confirmed" });
  expect((await plan("--try", "free", "--yes")).result).toMatchObject({ code: "pay.no-such-offer" });
  const tried = await machine.run(["plan", selling.server.url, "--try", "gb-50", "--yes"]);
  expect(tried.stderr).toMatch(/50 GB for 30 days for nothing.*ends by itself after.*Nothing is charged/s);
  expect(tried.stderr).toMatch(/a trial, until/);
  expect(await quota()).toMatchObject({ quotaBytes: PLAN_BYTES });
  selling.clock.nowMs += 31 * 24 * 60 * 60_000;
  expect((await plan("--try", "gb-200", "--yes")).result).toMatchObject({ code: "ticket.no-trial" });
});

test(
  "a plan is bought for somebody else, and its code is shown, made anew and taken back",
  { timeout: 120_000 },
  async () => {
    expect((await plan("--gift")).result).toMatchObject({ code: "cli.usage" });
    expect((await plan("--buy", "gb-50", "--gift", "--renew")).result).toMatchObject({ code: "cli.usage" });
    const buy = ["--buy", "gb-50", "--gift", "--way", "manual", "--yes"];
    const bought = await machine.run(["plan", selling.server.url, ...buy]);
    expect(bought.stderr).toMatch(/It is a gift: you pay once, have nothing of it yourself/);
    const [, id] = /--gift-code (\w{26})` shows its code/.exec(bought.stderr)!;
    expect((await plan("--gift-code", id!)).result).toMatchObject({ code: "pay.not-now" });
    const body = { subscription: id!, name: "booking", amountMinor: 8_000 };
    await operator.connection.call("POST /v1/operator/pay/seen", { body });
    const listed = await plan();
    expect(listed.events).toContainEqual(
      expect.objectContaining({ type: "gift", id, plan: "gb-50", state: "open" }),
    );
    // Who gives has nothing of it.
    expect(await quota()).toMatchObject({ quotaBytes: OWN_BYTES });
    const shown = await machine.run(["plan", selling.server.url, "--gift-code", id!]);
    const [, first] = /Hand this code on: (\S+)/.exec(shown.stderr)!;
    // One that was handed on may be meant: that is asked.
    expect((await plan("--gift-code", id!)).result).toMatchObject({ code: "cli.not-confirmed" });
    const again = await plan("--gift-code", id!, "--yes");
    const { code } = again.events.find(({ type }) => type === "gift-code") as unknown as { code: string };
    expect((await plan("--redeem", first!)).result).toMatchObject({ code: "pay.no-such-code" });
    const other = (await selling.newPayer(9)).payer;
    await other.call("POST /v1/pay/codes", { body: { code } });
    expect((await machine.run(["plan", selling.server.url])).stderr).toMatch(/Gift \w{26}, 50 GB: redeemed/);
    const none = await machine.run(["plan", selling.server.url, "--gift-refund", id!, "--yes"]);
    expect(none.stderr).toMatch(/Nothing is to be paid back/);

    const { stderr } = await machine.run(["plan", selling.server.url, ...buy]);
    const [, second] = /--gift-code (\w{26})` shows its code/.exec(stderr)!;
    const paid = { subscription: second!, name: "booking 2", amountMinor: 8_000 };
    await operator.connection.call("POST /v1/operator/pay/seen", { body: paid });
    const back = await machine.run(["plan", selling.server.url, "--gift-refund", second!, "--yes"]);
    expect(back.stderr).toMatch(/¥80\.00 would be paid back.*The gift is taken back/s);
    expect((await plan("--gift-code", second!)).result).toMatchObject({ code: "pay.not-now" });
  },
);
