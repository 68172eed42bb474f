import type { Run } from "../../context.ts";
import { openToWrite } from "../../device/open.ts";
import { usageError } from "../../input.ts";
import * as words from "../../ui/messages/choose.ts";
import { changeChoices } from "./change.ts";

export const run: Run = async (context) => {
  const { output, input } = context;
  const opened = await openToWrite(context);
  const known = new Set((opened.history.root.choices ?? []).map(({ id }) => id));
  if (input.args.length === 0 || input.args.some((id) => !known.has(id))) throw usageError("id", "not-taken");
  await changeChoices(context, opened, { remove: input.args });
  for (const id of input.args) output.say(words.removed, { id });
  return { data: { removed: input.args } };
};
