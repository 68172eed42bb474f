import { KeepsakeError } from "@keepsake/core/base";
import { openGuarded, type Connection } from "@keepsake/core/client";
import type { OpenOptions, Snapshot, Vault } from "@keepsake/core/vault";
import type { Context } from "../context.ts";
import * as words from "../ui/messages/keys.ts";
import { countText } from "../ui/values.ts";
import { readMembership } from "./memberships.ts";
import { connect, parseAddress } from "./stores/server.ts";
import { isServer } from "./stores/stores.ts";

/** The way to the guards of a vault's password: by the first of these places that is a server this device is logged in to. */
export async function guardsBy(context: Context, places: readonly string[]): Promise<Connection | undefined> {
  for (const place of places.filter((each) => isServer(each))) {
    const { url } = parseAddress(place);
    if ((await readMembership(context.env, url)) !== undefined)
      return (await connect(context, url)).connection;
  }
  return undefined;
}

/**
 * Opens a vault by a password that guards limit. Undefined where the vault has none, or no guard can be asked. Throws
 * what `openGuarded` throws; how many tries are left is told.
 */
export async function openByGuards(
  context: Context,
  places: readonly string[],
  options: Omit<OpenOptions, "secret"> & { readonly password: string },
): Promise<{ readonly vault: Vault; readonly snapshot: Snapshot } | undefined> {
  const { output } = context;
  const connection = await guardsBy(context, places);
  if (connection === undefined) return undefined;
  try {
    const { isReset, ...opened } = await openGuarded(connection, options);
    if (!isReset) output.warn(words.triesNotReset);
    return opened;
  } catch (error) {
    if (!KeepsakeError.is(error, "vault.wrong-key")) throw error;
    const { left } = error.details;
    // No guard was asked where there is no such password.
    if (typeof left !== "number" || left === 0) return undefined;
    output.warn(words.triesLeft, { n: countText(left) });
    throw error;
  }
}
