import { providerConformance } from "../../../testing/pay/conformance.ts";
import { startAlipay } from "../simulators/alipay/simulator.ts";
import { startApple } from "../simulators/apple/simulator.ts";
import { startGoogle } from "../simulators/google/simulator.ts";
import { startStripe } from "../simulators/stripe/simulator.ts";
import { startWechat } from "../simulators/wechat/simulator.ts";
import type { Heard } from "./provider.ts";

const changed = (from: RegExp, to: string) => (heard: Heard) => ({
  ...heard,
  body: new Uint8Array(Buffer.from(Buffer.from(heard.body).toString("utf8").replace(from, to))),
});

providerConformance("Stripe", startStripe, {
  stops: true,
  staleMs: 5 * 60_000,
  movementsAfterDays: 1,
  tamper: changed(/"livemode"/, '"lifemode"'),
});

providerConformance("WeChat Pay", startWechat, {
  stops: true,
  staleMs: 5 * 60_000,
  movementsAfterDays: 3,
  tamper: changed(/"id":"EV-|<out_trade_no><!\[CDATA\[|<contract_code><!\[CDATA\[/, "$&0"),
});

providerConformance("Alipay", startAlipay, {
  stops: true,
  staleMs: 26 * 60 * 60_000,
  movementsAfterDays: 1,
  tamper: changed(/notify_id=/, "notify_id=0"),
});

providerConformance("the App Store", startApple, {
  stops: false,
  staleMs: 8 * 24 * 60 * 60_000,
  movementsAfterDays: 1,
  tamper: changed(/signedPayload":"[^.]+[.]../, "$&A"),
});

providerConformance("Google Play", startGoogle, {
  stops: true,
  staleMs: 60 * 60_000,
  movementsAfterDays: 1,
  // Google signs who calls, and not what is said: that is read again.
  tamper: (heard) => ({
    ...heard,
    headers: {
      ...heard.headers,
      authorization: heard.headers["authorization"]?.replace(/[.][^.]{3}/, ".AAA"),
    },
  }),
});
