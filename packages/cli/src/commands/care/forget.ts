import { loadHistory, summaryOf, summaryOfFolder } from "@keepsake/core/history";
import {
  forgetChats,
  forgetSnapshots,
  forgetStates,
  planForgetMessages,
  planForgetSnapshots,
  planForgetStates,
  winRace,
  type KeepRule,
} from "@keepsake/core/care";
import { newestSnapshot } from "@keepsake/core/vault";
import type { Context, Run } from "../../context.ts";
import { noteSeen, openToWrite } from "../../device/open.ts";
import { usageError, type Input } from "../../input.ts";
import type { Outcome } from "../../ui/output.ts";
import * as words from "../../ui/messages/care.ts";
import * as folderWords from "../../ui/messages/folders.ts";
import { countText, sizeText } from "../../ui/values.ts";
import { requireConsent } from "../consent.ts";
import { folderNamed } from "../out/put-back.ts";
import { messageKinds } from "../out/selection.ts";
import { chatsNamed } from "../titles.ts";
import { forgetPlanned, printForgetting } from "./forget-planned.ts";

export const run: Run = async (context) => {
  const { input } = context;
  const rule = ruleFrom(input);
  const hasRule = Object.values(rule).some((part) => part !== undefined);
  const named = input.list("chat");
  const isOfMessages = ["kind", "from", "until"].some((name) => input.has(name));
  if (hasRule && (named !== undefined || isOfMessages)) throw usageError("--keep-last", "not-together");
  const folders = input.list("folder");
  if (folders !== undefined && (hasRule || isOfMessages || named !== undefined))
    throw usageError("--folder", "not-together");
  if (folders !== undefined) return forgetFolders(context, folders);
  if (isOfMessages) return forgetChosen(context);
  if (named !== undefined) return forgetNamed(context, named);
  if (!hasRule) throw usageError("--keep-last", "missing");
  return forgetVersions(context, rule);
};

function ruleFrom(input: Input): KeepRule {
  return {
    last: input.number("keepLast"),
    daily: input.number("keepDaily"),
    monthly: input.number("keepMonthly"),
    yearly: input.number("keepYearly"),
    alsoUnique: input.flag("alsoUnique") || undefined,
  };
}

async function forgetVersions(context: Context, rule: KeepRule): Promise<Outcome> {
  const { input, output } = context;
  const { vault, profile, place, history } = await openToWrite(context);
  const plan = await planForgetSnapshots(history, rule);
  for (const number of plan.forget) output.event("forget", { snapshot: number });
  output.say(words.planVersions, {
    forget: countText(plan.forget.length),
    keep: countText(plan.keep.length),
  });
  if (plan.forget.length > 0) output.line(plan.forget.join(" "));
  if (plan.unique.length > 0) output.say(words.uniqueVersions, { numbers: plan.unique.join(" ") });
  const data = { keep: plan.keep.length, forget: plan.forget.length, unique: plan.unique };
  if (input.flag("dryRun")) return { data: { dryRun: true, ...data } };
  if (plan.forget.length === 0) return { data };
  await requireConsent(context, words.reallyVersions, { n: countText(plan.forget.length) });
  const { snapshot } = await winRace(vault, async (newest) => {
    return { snapshot: await forgetSnapshots(newest, plan.forget), value: undefined };
  });
  await noteSeen(context, profile, { place, snapshot });
  output.say(words.versionsForgotten);
  const states = await forgetOldStates(context, { vault, profile, place });
  return { data: { ...data, snapshot: snapshot.head.number, ...states } };
}

/** What kept folders held in versions that are given up, and in no other, goes with them. */
async function forgetOldStates(
  context: Context,
  { vault, profile, place }: Pick<Awaited<ReturnType<typeof openToWrite>>, "vault" | "profile" | "place">,
): Promise<{ readonly folderBytes: number }> {
  const history = await loadHistory(vault, await newestSnapshot(vault));
  if ((await planForgetStates(history)).contents === 0) return { folderBytes: 0 };
  const { snapshot, value } = await winRace(vault, async (newest) => {
    const plan = await planForgetStates(newest);
    return { snapshot: await forgetStates(newest, plan), value: plan };
  });
  await noteSeen(context, profile, { place, snapshot });
  context.output.say(words.statesForgotten, { size: sizeText(value.bytes) });
  return { folderBytes: value.bytes };
}

async function forgetNamed(context: Context, named: readonly string[]): Promise<Outcome> {
  const { input, output } = context;
  const { vault, profile, place, history } = await openToWrite(context);
  const chats = (await chatsNamed(history, named)) ?? [];
  for (const { collection, id, title } of chats) {
    const { messages, attachments } = summaryOf(history, collection);
    output.event("forget", { chat: id, title, messages, attachments });
    const values = { chat: title, messages: countText(messages), files: countText(attachments) };
    output.line(output.text(words.planChat, values));
  }
  if (input.flag("dryRun")) return { data: { dryRun: true, chats: chats.length } };
  await requireConsent(context, words.reallyChats, { n: countText(chats.length) });
  const collections = new Set(chats.map(({ collection }) => collection));
  const { snapshot } = await winRace(vault, async (newest) => {
    return { snapshot: await forgetChats(newest, collections), value: undefined };
  });
  await noteSeen(context, profile, { place, snapshot });
  output.say(words.chatsForgotten);
  return { data: { chats: chats.length, snapshot: snapshot.head.number } };
}

async function forgetFolders(context: Context, named: readonly string[]): Promise<Outcome> {
  const { input, output } = context;
  const { vault, profile, place, history } = await openToWrite(context);
  const collections = new Set<string>();
  for (const each of named) {
    const { collection, source, entries } = await folderNamed(history, each);
    const { files, bytes } = summaryOfFolder(entries);
    output.event("forget", { folder: source.name, files, bytes });
    const values = { name: source.name, files: countText(files), size: sizeText(bytes) };
    output.line(output.text(folderWords.planForget, values));
    collections.add(collection);
  }
  if (input.flag("dryRun")) return { data: { dryRun: true, folders: collections.size } };
  await requireConsent(context, words.reallyFolders, { n: countText(collections.size) });
  const { snapshot } = await winRace(vault, async (newest) => {
    return { snapshot: await forgetChats(newest, collections), value: undefined };
  });
  await noteSeen(context, profile, { place, snapshot });
  output.say(words.foldersForgotten);
  return { data: { folders: collections.size, snapshot: snapshot.head.number } };
}

async function forgetChosen(context: Context): Promise<Outcome> {
  const { input } = context;
  const opened = await openToWrite(context);
  const named = await chatsNamed(opened.history, input.list("chat"));
  const plan = await planForgetMessages(opened.history, {
    kinds: input.someOf("kind", messageKinds),
    chats: named?.map(({ id }) => id),
    from: input.time("from"),
    until: input.time("until"),
  });
  const data = await printForgetting(context, opened.history, plan);
  if (input.flag("dryRun")) return { data: { dryRun: true, ...data } };
  if (data.messages === 0) return { data };
  const forgotten = await forgetPlanned(context, opened, plan);
  context.output.say(words.messagesForgotten);
  return { data: { ...data, ...forgotten } };
}
