import type { Run } from "../../context.ts";
import { open } from "../../device/open.ts";
import * as words from "../../ui/messages/keys.ts";

export const run: Run = async (context) => {
  const { output } = context;
  const { vault } = await open(context);
  const kinds = ["words", "password", "device"] as const;
  const counts = kinds.map((kind) => vault.document.slots.filter((slot) => slot.kind === kind).length);
  for (const [i, kind] of kinds.entries()) output.event("slot", { kind, count: counts[i] });
  output.table(
    [{ title: output.text(words.columns.way) }, { title: output.text(words.columns.count), align: "right" }],
    kinds.map((kind, i) => [output.text(words.slotNames[kind]), counts[i]!]),
  );
  const { epoch, version } = vault.document;
  return { data: { words: counts[0], password: counts[1], devices: counts[2], generation: epoch, version } };
};
