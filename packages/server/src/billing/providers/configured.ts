import { openProviders, type OpenParts, type Providers } from "./open.ts";
import { readPaymentSettings } from "./settings.ts";

/** Behind this, a slash, and its name, each provider calls. */
export const HEARING_PATH = "/v1/pay/hear";

/** The providers that a server is configured with; none where there is no file of them. Throws `base.invalid`. */
export async function providersOf(
  config: { readonly payments: string; readonly publicUrl: string; readonly port: number },
  parts: Pick<OpenParts, "clock" | "seen">,
): Promise<Providers> {
  if (config.payments === "") return new Map();
  const settings = await readPaymentSettings(config.payments);
  const base = config.publicUrl || `http://127.0.0.1:${config.port}`;
  return openProviders(settings, { ...parts, hearsAt: `${base}${HEARING_PATH}` });
}
