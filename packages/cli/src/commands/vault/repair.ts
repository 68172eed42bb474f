import { KeepsakeError } from "@keepsake/core/base";
import { repair } from "@keepsake/core/care";
import type { Store, Vault } from "@keepsake/core/vault";
import type { Context, Run } from "../../context.ts";
import { open, openAt, storePlace } from "../../device/open.ts";
import { openStore, placeOf } from "../../device/stores/stores.ts";
import { usageError } from "../../input.ts";
import * as words from "../../ui/messages/vault.ts";
import { countText } from "../../ui/values.ts";
import { copyOutcome } from "./copy.ts";

export const run: Run = async (context) => {
  const { input, output, signal } = context;
  const from = input.text("from");
  if (from === undefined) throw usageError("--from", "missing");
  const secondPlace = await placeOf(from);
  const second = await openStore(context, secondPlace);
  const vault = await openEither(context, { place: secondPlace, store: second });
  const result = await repair(vault, second, { signal, report: output.report });
  output.say(words.repaired, { n: countText(result.healedHere.length) });
  return copyOutcome(context, result);
};

/** The vault with its own store, opened from there, or from the second copy where that is damaged too far. */
async function openEither(
  context: Context,
  second: { readonly place: string; readonly store: Store },
): Promise<Vault> {
  const place = await storePlace(context);
  try {
    return (await open(context)).vault;
  } catch (error) {
    const isDamaged = [
      "vault.corrupt",
      "store.not-found",
      "vault.not-found",
      "vault.rolled-back",
      "vault.older-than-floor",
      "server.bad-key-token",
    ];
    if (!KeepsakeError.is(error) || !isDamaged.includes(error.code)) throw error;
    const { vault } = await openAt(context, second.place, second.store);
    return { ...vault, store: await openStore(context, place) };
  }
}
