import { diff, loadHistory } from "@keepsake/core/history";
import { planUndo, undo } from "@keepsake/core/care";
import { KeepsakeError } from "@keepsake/core/base";
import type { Run } from "../../context.ts";
import { noteSeen, openToWrite } from "../../device/open.ts";
import * as words from "../../ui/messages/care.ts";
import { verbs } from "../../ui/messages/read.ts";
import { countText, instantText } from "../../ui/values.ts";
import { requireConsent } from "../consent.ts";

export const run: Run = async (context) => {
  const { input, output } = context;
  const { vault, profile, place, history } = await openToWrite(context);
  const plan = await planUndo(history);
  const { undone, restored } = plan;
  const before = await loadHistory(vault, restored);
  const verb = verbs[undone.verb];
  output.say(words.planUndo, {
    verb: verb === undefined ? undone.verb : output.text(verb),
    time: instantText(undone.time),
    from: countText(undone.counts.messages),
    to: countText(restored.head.counts.messages),
  });
  const chats = diff(history, before);
  for (const difference of chats) output.event("difference", { ...difference });
  const data = {
    undone: undone.number,
    restored: restored.head.number,
    verb: undone.verb,
    chats: chats.length,
  };
  if (input.flag("dryRun")) return { data: { dryRun: true, ...data } };
  await requireConsent(context, words.reallyUndo);
  // What another device did meanwhile is not what was shown: it is not taken back.
  const snapshot = await undo(history, plan);
  if (snapshot === "raced") throw new KeepsakeError("vault.raced", { retry: "later" });
  await noteSeen(context, profile, { place, snapshot });
  output.say(words.undone);
  return { data: { ...data, snapshot: snapshot.head.number } };
};
