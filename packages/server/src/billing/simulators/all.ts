import { paidMinor, type Catalogue, type Channel } from "@keepsake/core/plans";
import type { ProviderName } from "../dealing/statements.ts";
import type { PaymentSettings } from "../providers/schema.ts";
import { startAlipay, type AlipaySimulator } from "./alipay/simulator.ts";
import { startApple, type AppleSimulator } from "./apple/simulator.ts";
import { startGoogle, type GoogleSimulator } from "./google/simulator.ts";
import type { Simulator, SimulatorParts, Sold } from "./simulator.ts";
import { startStripe, type StripeSimulator } from "./stripe/simulator.ts";
import { startWechat, type WechatSimulator } from "./wechat/simulator.ts";

/** All providers as simulators, for a server in test mode. */
export interface Simulators extends AsyncDisposable {
  /** The payment settings of a server that uses them, transfers among them. */
  readonly settings: PaymentSettings;
  readonly wechat: WechatSimulator;
  readonly alipay: AlipaySimulator;
  readonly stripe: StripeSimulator;
  readonly apple: AppleSimulator;
  readonly google: GoogleSimulator;
  readonly all: ReadonlyMap<ProviderName, Simulator>;
  /** Lets time pass at all of them. */
  pass(ms: number): Promise<void>;
}

const TURN_MS = 1_000;

/**
 * Starts all of them on this machine: what falls due there is done each second. The phones' stores sell what a catalogue
 * offers, where one is given. Who starts them ends them.
 */
export async function startSimulators(parts: SimulatorParts, catalogue?: Catalogue): Promise<Simulators> {
  const inStore = (channel: Channel): SimulatorParts =>
    catalogue === undefined ? parts : { ...parts, sold: soldIn(catalogue, channel) };
  const [wechat, alipay, stripe, apple, google] = await Promise.all([
    startWechat(parts),
    startAlipay(parts),
    startStripe(parts),
    startApple(inStore("iphone")),
    startGoogle(inStore("android")),
  ]);
  const each = [wechat, alipay, stripe, apple, google];
  const pass = async (ms: number): Promise<void> => {
    for (const simulator of each) await simulator.pass(ms);
  };
  const timer = setInterval(() => void pass(0), TURN_MS).unref();
  const to = { zh: "测试：请勿汇款", en: "TEST: do not send money" };
  return {
    settings: Object.assign(
      { mode: "test" as const, manual: { to } },
      ...each.map(({ settings }) => settings),
    ),
    wechat,
    alipay,
    stripe,
    apple,
    google,
    all: new Map(each.map((simulator) => [simulator.name, simulator])),
    pass,
    [Symbol.asyncDispose]: async () => {
      clearInterval(timer);
      for (const simulator of each) await simulator[Symbol.asyncDispose]();
    },
  };
}

/** What a store sells, at its own prices: what it takes is in them. */
function soldIn({ plans, currency }: Catalogue, channel: Channel): readonly Sold[] {
  return plans.flatMap(({ id, offers }) =>
    offers.map((offer) => ({
      plan: id,
      period: offer.period,
      amountMinor: paidMinor(offer, channel),
      currency,
    })),
  );
}
