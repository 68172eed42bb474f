import type { Context } from "../../context.ts";
import type { Profile } from "../../device/profile.ts";
import { areServers } from "../../device/stores/stores.ts";
import * as words from "../../ui/messages/vault.ts";

/** Says so where no copy that this device knows of lies on a disk or in a bucket. */
export function warnOfServers(
  { output }: Pick<Context, "output">,
  { stores }: Profile,
): { readonly areServersOnly: boolean } {
  const areServersOnly = areServers(Object.keys(stores));
  if (areServersOnly) output.warn(words.serversOnly);
  return { areServersOnly };
}
