import { expect, onTestFinished, test } from "vitest";
import { startAlipay } from "../../packages/server/src/billing/simulators/alipay/simulator.ts";
import { person } from "../../packages/server/testing/pay/person.ts";
import { startSelling } from "./paying.ts";

const DAY_MS = 24 * 60 * 60_000;

test("what was chosen last counts, whatever the clock said at the choice before", async () => {
  const selling = await startSelling([startAlipay]);
  onTestFinished(() => selling[Symbol.asyncDispose]());
  const { payer } = await selling.newPayer();
  const { id, next } = await payer.call("POST /v1/pay/subscriptions", {
    body: {
      plan: "gb-200",
      period: "year",
      channel: "web",
      screen: "page",
      returnUrl: "https://keepsake.example/#/plan",
      provider: "alipay",
      renews: true,
    },
  });
  await person(selling.simulators[0]!, next, "pay");
  const params = { id };
  const isOn = (on: boolean) =>
    payer.call("PUT /v1/pay/subscriptions/{id}/renewal", { params, body: { isOn: on } });
  expect(await payer.call("GET /v1/pay/subscriptions/{id}", { params })).toMatchObject({ renews: true });
  // The clock stands still: all of this happens at one time.
  for (let times = 0; times < 6; times++) {
    expect(await isOn(false)).toMatchObject({ renews: false });
    expect(await isOn(true)).toMatchObject({ renews: true });
    const smaller = { plan: "gb-50", period: "year" } as const;
    const changed = await payer.call("PUT /v1/pay/subscriptions/{id}/next", { params, body: smaller });
    expect(changed.next).toEqual(smaller);
    expect(await payer.call("DELETE /v1/pay/subscriptions/{id}/next", { params })).not.toHaveProperty("next");
  }
  // It was ahead when renewal was turned on, and was put right: who turns it off then is not charged.
  selling.clock.nowMs += 100 * DAY_MS;
  await isOn(false);
  expect(await isOn(true)).toMatchObject({ renews: true });
  selling.clock.nowMs -= 100 * DAY_MS;
  expect(await isOn(false)).toMatchObject({ renews: false });
});
