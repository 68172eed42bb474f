import type { Run } from "../../context.ts";
import { open } from "../../device/open.ts";
import * as words from "../../ui/messages/keys.ts";

export const run: Run = async (context) => {
  const { output } = context;
  const { vault } = await open(context);
  const kinds = ["words", "password", "guarded", "passkey", "family", "device"] as const;
  const counts = kinds.map((kind) => vault.document.slots.filter((slot) => slot.kind === kind).length);
  const [wordSlots, passwords, guarded, passkeys, family, devices] = counts;
  for (const [i, kind] of kinds.entries()) output.event("slot", { kind, count: counts[i] });
  output.table(
    [{ title: output.text(words.columns.way) }, { title: output.text(words.columns.count), align: "right" }],
    kinds.map((kind, i) => [output.text(words.slotNames[kind]), counts[i]!]),
  );
  const { epoch, version } = vault.document;
  return {
    data: {
      words: wordSlots,
      password: passwords,
      guarded,
      passkeys,
      family,
      devices,
      generation: epoch,
      version,
    },
  };
};
