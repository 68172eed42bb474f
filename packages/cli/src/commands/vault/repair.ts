import { KeepsakeError } from "@keepsake/core/base";
import { repair } from "@keepsake/core/care";
import { folderStore } from "@keepsake/core/node/folder-store";
import type { Vault } from "@keepsake/core/vault";
import type { Context, Run } from "../../context.ts";
import { open, openAt, storePlace } from "../../device/open.ts";
import { placeOf } from "../../device/profile.ts";
import { usageError } from "../../input.ts";
import * as words from "../../ui/messages/vault.ts";
import { countText } from "../../ui/values.ts";
import { copyOutcome } from "./copy.ts";

export const run: Run = async (context) => {
  const { input, output, signal } = context;
  const from = input.text("from");
  if (from === undefined) throw usageError("--from", "missing");
  const second = folderStore(await placeOf(from));
  const vault = await openEither(context, from);
  const result = await repair(vault, second, { signal, report: output.report });
  output.say(words.repaired, { n: countText(result.healedHere.length) });
  return copyOutcome(context, result);
};

/** The vault with its own store, opened from there, or from the second copy where that is damaged too far. */
async function openEither(context: Context, from: string): Promise<Vault> {
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
    ];
    if (!KeepsakeError.is(error) || !isDamaged.includes(error.code)) throw error;
    const second = await placeOf(from);
    const { vault } = await openAt(context, second, folderStore(second));
    return { ...vault, store: folderStore(place) };
  }
}
