import { readdir } from "node:fs/promises";
import { KeepsakeError } from "@keepsake/core/base";
import { jsonl, type FidelityReport, type Format } from "@keepsake/core/formats";
import {
  chatCollections,
  restoredBatches,
  restoreFiles,
  summaryOf,
  type FailedFile,
  type History,
  type RestoredFile,
  type Selection,
} from "@keepsake/core/history";
import type { ReadEvent } from "@keepsake/core/model";
import { restoreThread, folderSource, folderTarget, type RestoreThread } from "@keepsake/core/node";
import type { Context } from "../../context.ts";
import { openHistory, type Opened } from "../../device/open.ts";
import { isAddress } from "../../device/stores/stores.ts";
import { usageError } from "../../input.ts";
import type { Outcome } from "../../ui/output.ts";
import * as words from "../../ui/messages/out.ts";
import { countText } from "../../ui/values.ts";
import { chatViews, titleOf } from "../titles.ts";
import { boundHeap } from "../../bound-heap.ts";
import { compareCounts, Counted, lackingIn, type Missing } from "./compare.ts";
import { OutTarget, type OutTargetOptions, type Restore } from "./out-target.ts";
import type { Forms } from "./playable.ts";
import { historyAsked, selectionFrom } from "./selection.ts";

/** Writes into the same target what is no chat; whether all of it is there. */
export type Beside = (context: Context, history: History, target: string) => Promise<boolean>;

/** Writes a selection of the history into a folder in a format, compares it, and says what is missing. */
export async function writeOut(context: Context, format: Format, beside?: Beside): Promise<Outcome> {
  const { input, output } = context;
  const [target] = input.args;
  if (target === undefined || target === "") throw usageError("folder", "missing-argument");
  boundHeap();
  const opened = await openHistory(context);
  const history = await historyAsked(context, opened.history);
  const selection = await selectionFrom(context, history);
  const { number, time } = history.snapshot.head;
  if (input.flag("dryRun")) return planOut(context, history, selection);
  await requireEmpty(target);
  output.say(words.from, { head: number, day: new Date(time).toISOString().slice(0, 10) });
  const { report, counted, changedTexts, forms } = await write(context, opened, {
    history,
    target,
    selection,
    format,
  });
  const changed = changedTexts > 0 ? [{ what: "text", count: changedTexts } as const] : [];
  const missing = [...lackingIn(counted), ...compareCounts(counted, report), ...changed];
  const outcome = await told(context, history, {
    report,
    counted,
    missing,
    isWhole: format === jsonl,
    selection,
    forms,
  });
  const isAll = !isPart(selection) && beside !== undefined;
  return isAll && !(await beside(context, history, target)) ? { ...outcome, code: "cli.partly" } : outcome;
}

/** Whether less than everything was asked for. */
function isPart({ chats, from, until, kinds }: Selection): boolean {
  return [chats, from, until, kinds].some((wish) => wish !== undefined);
}

interface Writing {
  readonly history: History;
  readonly target: string;
  readonly selection: Selection;
  readonly format: Format;
}

async function write(
  context: Context,
  { vault, place }: Opened,
  { history, target, selection, format }: Writing,
): Promise<{ report: FidelityReport; counted: Counted; changedTexts: number; forms: Forms | undefined }> {
  const { input, output, signal, primitives, clock } = context;
  const includeExpired = selection.includeExpired === true;
  const isTextFirst = input.flag("textFirst");
  const counted = new Counted();
  const folder = await folderTarget(target);
  const here: Restore = (jobs) => restoreFiles(vault, jobs, folder, signal);
  await using thread = isAddress(place)
    ? undefined
    : restoreThread({ store: place, vaultId: vault.id, target });
  const onFailed = ({ collection }: RestoredFile, { code }: FailedFile): void => {
    const chat = history.entries.get(collection)!.name;
    output.finding({ code, severity: "error", where: `chat ${collection}` });
    counted.lose(chat);
  };
  const out = new OutTarget({ folder, ...restorers(here, thread), primitives, isTextFirst, onFailed });
  const events = passing(
    restoredBatches(history, { ...selection, isSorted: format === jsonl }),
    context,
    counted,
  );
  const options = { signal, report: output.report, primitives, includeExpired, now: clock.now() };
  const report = await format.write!(events, out, options);
  if (isTextFirst) output.say(words.textThere);
  output.report({ type: "stage", stage: "attachments" });
  await out.settle();
  const forms = input.flag("playable")
    ? await (await import("./playable.ts")).writePlayable(context, out, await folderSource(target))
    : undefined;
  output.report({ type: "stage", stage: "verify" });
  const changedTexts = await out.changedTexts(await folderSource(target));
  return { report, counted, changedTexts, forms };
}

/** A store on the network answers late: several batches wait for it at once. */
const BATCHES_AT_ONCE = 4;

/** The thread has a second batch to go on with; a store that no other thread can open is read in this one. */
function restorers(
  here: Restore,
  thread: RestoreThread | undefined,
): Pick<OutTargetOptions, "beside" | "after"> {
  if (thread === undefined) return { beside: Array.from({ length: BATCHES_AT_ONCE }, () => here), after: [] };
  const there: Restore = (jobs) => thread.restore(jobs);
  return { beside: [there, there], after: [here] };
}

/** What is there stays as it is: a target is new, or empty. */
async function requireEmpty(target: string): Promise<void> {
  const names = await readdir(target).catch(() => []);
  if (names.some((name) => !name.startsWith("."))) throw new KeepsakeError("format.target-exists");
}

/** The events as they pass, counted. */
async function* passing(
  batches: AsyncIterable<readonly ReadEvent[]>,
  { output, signal }: Context,
  counted: Counted,
): AsyncGenerator<readonly ReadEvent[]> {
  const done = { chats: 0, messages: 0, attachments: 0, bytes: 0 };
  for await (const events of batches) {
    if (signal.aborted) throw new KeepsakeError("base.aborted");
    for (const event of events) {
      counted.take(event);
      if (event.type === "chat") done.chats++;
      if (event.type === "finding") output.finding(event.finding);
      if (event.type !== "message") continue;
      done.messages++;
      for (const file of event.files ?? []) {
        if (file === undefined) continue;
        done.attachments++;
        done.bytes += file.sizeBytes;
      }
    }
    output.report({ type: "progress", stage: "text", done: { ...done } });
    yield events;
  }
}

/** What would be written, chat by chat. */
async function planOut({ output }: Context, history: History, selection: Selection): Promise<Outcome> {
  let chats = 0;
  for await (const { id, view } of chatViews(history)) {
    if (selection.chats?.includes(id) === false) continue;
    const title = titleOf(view, id);
    output.event("chat", { chat: id, title });
    output.line(title);
    chats++;
  }
  return { data: { dryRun: true, chats, snapshot: history.snapshot.head.number } };
}

/** What came of it. */
interface Written {
  readonly report: FidelityReport;
  readonly counted: Counted;
  readonly missing: readonly Missing[];
  /** Whether the format holds all that the vault does. */
  readonly isWhole: boolean;
  readonly selection: Selection;
  /** Where they were asked for. */
  readonly forms: Forms | undefined;
}

async function told(
  { output }: Context,
  history: History,
  { report, counted, missing, isWhole, selection, forms }: Written,
): Promise<Outcome> {
  const { changed, dropped, counts } = report;
  const values = {
    messages: countText(counts.messages),
    chats: countText(counts.chats),
    files: countText(counts.attachments),
  };
  output.say(words.written, values);
  const older = olderVersions(history, selection) - counts.messages;
  if (older > 0) output.say(words.olderVersions, { n: countText(older) });
  for (const entry of changed) output.say(words.changed, { what: entry.what, count: countText(entry.count) });
  for (const entry of dropped) output.say(words.dropped, { what: entry.what, count: countText(entry.count) });
  if (forms !== undefined) {
    output.say(words.forms, { made: countText(forms.made) });
    if (forms.kept > 0) output.warn(words.formless, { kept: countText(forms.kept) });
  }
  for (const each of missing) output.event("missing", { ...each });
  if (missing.length > 0) await printMissing(output, history, missing);
  else output.say(isWhole ? words.compared : words.comparedCounts);
  const data = {
    snapshot: history.snapshot.head.number,
    counts,
    exact: report.exact,
    changed,
    dropped,
    missing,
    ...(forms !== undefined && { playable: forms }),
    chats: counted.chats.map(({ chat, messages, attachments }) => ({ chat, messages, attachments })),
  };
  return missing.length === 0 ? { data } : { code: "cli.partly", data };
}

/** How many records the chats of a selection have: every version of a message is one. 0 where only a part came out. */
function olderVersions(history: History, { chats, from, until, kinds }: Selection): number {
  if (from !== undefined || until !== undefined || kinds !== undefined) return 0;
  return chatCollections(history)
    .filter((collection) => chats?.includes(history.entries.get(collection)!.name) !== false)
    .reduce((sum, collection) => sum + summaryOf(history, collection).messages, 0);
}

async function printMissing(
  output: Context["output"],
  history: History,
  missing: readonly Missing[],
): Promise<void> {
  const titles = new Map<string, string>();
  for await (const { id, view } of chatViews(history)) titles.set(id, titleOf(view, id));
  output.warn(words.missingTitle);
  for (const { what, chat, count } of missing) {
    const title = chat === undefined ? "" : (titles.get(chat) ?? chat);
    output.line(output.text(words.missing[what], { chat: title, count: countText(count) }));
  }
}
