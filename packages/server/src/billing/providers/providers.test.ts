import { providerConformance } from "../../../testing/pay/conformance.ts";
import { startStripe } from "../simulators/stripe/simulator.ts";
import type { Heard } from "./provider.ts";

const changed = (from: RegExp, to: string) => (heard: Heard) => ({
  ...heard,
  body: new Uint8Array(Buffer.from(Buffer.from(heard.body).toString("utf8").replace(from, to))),
});

providerConformance("Stripe", startStripe, {
  refunds: "parts",
  stops: true,
  staleMs: 5 * 60_000,
  movementsAfterDays: 1,
  tamper: changed(/"livemode"/, '"lifemode"'),
});
