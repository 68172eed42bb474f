import { KeepsakeError, type Clock } from "@keepsake/core/base";
import { providerNames, type ProviderName } from "../dealing/statements.ts";
import { AlipayProvider } from "./alipay/provider.ts";
import { AppleProvider } from "./apple/provider.ts";
import { GoogleProvider } from "./google/provider.ts";
import { ManualProvider, type SeenBook } from "./manual/provider.ts";
import type { ProviderParts } from "./parts.ts";
import type { Provider } from "./provider.ts";
import type { PaymentSettings } from "./schema.ts";
import { isPublicAddress, requireMode } from "./settings.ts";
import { WechatProvider } from "./wechat/provider.ts";
import { StripeProvider } from "./stripe/provider.ts";

/** The providers of a server, by their names. */
export type Providers = ReadonlyMap<ProviderName, Provider>;

/** What the providers of a server are opened with. */
export interface OpenParts {
  readonly clock: Clock;
  /** Where providers call this server: each calls this, a slash, and its name. */
  readonly hearsAt: string;
  /** Where the operator's word of transfers is kept. */
  readonly seen: SeenBook;
}

/** Every provider that the settings name. Throws `base.invalid` where they are not of their mode. */
export function openProviders(settings: PaymentSettings, { clock, hearsAt, seen }: OpenParts): Providers {
  requireMode(settings);
  const { mode, alipay, apple, google, manual, stripe, wechat } = settings;
  const isTest = mode === "test";
  if (!isTest && !isPublicAddress(hearsAt))
    throw new KeepsakeError("base.invalid", { details: { name: "KEEPSAKE_PUBLIC_URL", rule: "mode" } });
  const parts = (name: ProviderName): ProviderParts => ({ clock, isTest, hearsAt: `${hearsAt}/${name}` });
  const openers: Readonly<Partial<Record<ProviderName, () => Provider | undefined>>> = {
    manual: () => manual && new ManualProvider(manual, parts("manual"), seen),
    wechat: () => wechat && new WechatProvider(wechat, parts("wechat")),
    alipay: () => alipay && new AlipayProvider(alipay, parts("alipay")),
    apple: () => apple && new AppleProvider(apple, parts("apple")),
    google: () => google && new GoogleProvider(google, parts("google")),
    stripe: () => stripe && new StripeProvider(stripe, parts("stripe")),
  };
  return new Map(
    providerNames.flatMap((name): [ProviderName, Provider][] => {
      const provider = openers[name]?.();
      return provider === undefined ? [] : [[name, provider]];
    }),
  );
}
