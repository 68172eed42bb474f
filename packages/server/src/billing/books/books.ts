import type { Server } from "../../server.ts";
import type { Provider } from "../providers/provider.ts";
import type { ProviderName } from "../dealing/statements.ts";

/** What the billing side works with: nothing of it leads to a member or a vault. */
export interface Books extends Pick<
  Server,
  "db" | "secrets" | "clock" | "log" | "catalogues" | "channels" | "config"
> {
  /** Those that are set up. */
  readonly providers: ReadonlyMap<ProviderName, Provider>;
}

/** Where times of day and names of providers are sealed. */
export const SEALED = "billing";
