import { KeepsakeError } from "@keepsake/core/base";
import { cellAddresses, cellsKey, type CellAddress } from "../cells/settings.ts";
import { environmentOf, listenAddress, parseConfig, type Config } from "../config.ts";

/** What the operator of a gateway sets. Names, numbers and defaults are a server's where they mean the same. */
export interface GatewayConfig extends Pick<
  Config,
  | "host"
  | "port"
  | "behindProxy"
  | "stopWithinMs"
  | "data"
  | "postgres"
  | "postgresConnections"
  | "secretsFile"
  | "metrics"
> {
  readonly cells: readonly CellAddress[];
  readonly key: string;
  /** Where cells ask for names: an address of its own, not for members. */
  readonly directory: string;
}

const DATA = "keepsake-gateway-data";

/**
 * The configuration of a gateway: what others say as KEEPSAKE_NAME it says as KEEPSAKE_GATEWAY_NAME; what it has in
 * common with cells (their addresses, their key, the file of secrets) has one name. Throws as `parseConfig` does.
 */
export function parseGatewayConfig(given: Readonly<Record<string, string | undefined>>): GatewayConfig {
  const environment = environmentOf(given);
  const own = Object.entries(environment).filter(([name]) => name.startsWith("KEEPSAKE_GATEWAY_"));
  const secrets = environment["KEEPSAKE_GATEWAY_SECRETS_FILE"] || environment["KEEPSAKE_SECRETS_FILE"];
  if (secrets === undefined || secrets === "") throw missing("KEEPSAKE_GATEWAY_SECRETS_FILE");
  const config = parseConfig({
    KEEPSAKE_DATA: DATA,
    KEEPSAKE_PORT: "7430",
    // A gateway keeps no vaults, and is no guard.
    KEEPSAKE_DAY_KEYS: "none",
    KEEPSAKE_GUARDS: "none",
    ...Object.fromEntries(own.map(([name, value]) => [name.replace("_GATEWAY_", "_"), value])),
    KEEPSAKE_SECRETS_FILE: secrets,
  });
  const text = (name: string, preset: string): string => environment[name] || preset;
  const cells = cellAddresses(text);
  if (cells.length === 0) throw missing("KEEPSAKE_CELLS");
  const name = "KEEPSAKE_GATEWAY_DIRECTORY";
  const directory = listenAddress(name, text(name, "127.0.0.1:7432"));
  return { ...config, cells, key: cellsKey(text), directory };
}

function missing(name: string): KeepsakeError {
  return new KeepsakeError("base.invalid", { details: { name } });
}
