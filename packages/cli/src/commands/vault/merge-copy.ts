import { KeepsakeError } from "@keepsake/core/base";
import { loadHistory, type History } from "@keepsake/core/history";
import { merge, planMerge, repair, withNewerKeys, winRace, type MergePlan } from "@keepsake/core/care";
import { newestSnapshot, type Store } from "@keepsake/core/vault";
import type { Context } from "../../context.ts";
import { noteSeen, openAt, openToWrite, requireVault, type Opened } from "../../device/open.ts";
import { openStore, placeOf } from "../../device/stores/stores.ts";
import type { Outcome } from "../../ui/output.ts";
import * as words from "../../ui/messages/vault.ts";
import { countText, sizeText } from "../../ui/values.ts";
import { requireConsent } from "../consent.ts";
import { chatViews, titleOf } from "../titles.ts";
import { compactWhereDue } from "./backup.ts";

/** Joins a second copy that was written to while the two were apart. */
export async function mergeCopy(context: Context, from: string): Promise<Outcome> {
  const { input, output, signal } = context;
  const second = await openStore(context, await placeOf(from));
  await requireVault(second);
  const opened = await openWithNewerKeys(context, second);
  const { vault, profile, place } = opened;
  if (vault.device === undefined || profile === undefined) throw new KeepsakeError("cli.not-this-device");
  const history = await loadHistory(vault, opened.snapshot);
  const there = { ...vault, store: second };
  const theirs = await loadHistory(there, await newestSnapshot(there));
  const options = { signal, report: output.report };
  const plan = await planMerge(history, theirs, options);
  const data = await printPlan(context, plan, theirs);
  if (input.flag("dryRun") || plan.relation === "same" || plan.relation === "ahead")
    return { data: { ...data, ...(input.flag("dryRun") && { dryRun: true }) } };
  await requireConsent(context, words.reallyMerge);
  if (plan.relation === "behind") await repair(vault, second, options);
  else {
    await winRace(vault, async (newest) => ({
      snapshot: await merge(newest, theirs, options),
      value: undefined,
    }));
    await compactWhereDue(context, vault);
  }
  const snapshot = await newestSnapshot(vault);
  await noteSeen(context, profile, { place, snapshot });
  output.say(plan.relation === "behind" ? words.caughtUp : words.merged, { store: from });
  return { data: { ...data, snapshot: snapshot.head.number } };
}

/** This vault; opened with the keys of the other copy where they were changed there. */
async function openWithNewerKeys(context: Context, second: Store): Promise<Opened> {
  const opened = await openToWrite(context);
  const { place, vault } = opened;
  const store = await withNewerKeys(vault.store, second);
  return store === undefined ? opened : openAt(context, place, store);
}

async function printPlan(
  { output }: Context,
  plan: MergePlan,
  theirs: History,
): Promise<Readonly<Record<string, unknown>>> {
  const { relation, chats, attachments, attachmentBytes, versions, leftOut, forgottenChats } = plan;
  const titles = new Map<string, string>();
  for await (const { id, view } of chatViews(theirs)) titles.set(id, titleOf(view, id));
  for (const chat of chats) {
    const title = titles.get(chat.chat) ?? chat.chat;
    output.event("merge", { ...chat, title });
    output.line(output.text(words.planMergedChat, { chat: title, messages: countText(chat.messages) }));
  }
  const messages = chats.reduce((sum, each) => sum + each.messages, 0);
  output.say(words.planMerge[relation], {
    messages: countText(messages),
    chats: countText(chats.length),
    files: countText(attachments),
    size: sizeText(attachmentBytes),
    versions: countText(versions),
  });
  if (leftOut + forgottenChats > 0)
    output.say(words.staysForgotten, { messages: countText(leftOut), chats: countText(forgottenChats) });
  const counts = { chats: chats.length, messages, attachments, attachmentBytes };
  return { relation, ...counts, versions, leftOut, forgottenChats };
}
