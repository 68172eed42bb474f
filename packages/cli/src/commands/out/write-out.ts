import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { KeepsakeError } from "@keepsake/core/base";
import { jsonl, type FidelityReport, type Format } from "@keepsake/core/formats";
import {
  chatCollections,
  restoredEvents,
  summaryOf,
  type History,
  type Selection,
} from "@keepsake/core/history";
import type { ReadEvent } from "@keepsake/core/model";
import { folderTarget } from "@keepsake/core/node";
import type { Context } from "../../context.ts";
import { openHistory } from "../../device/open.ts";
import { usageError } from "../../input.ts";
import type { Outcome } from "../../ui/output.ts";
import * as words from "../../ui/messages/out.ts";
import { countText } from "../../ui/values.ts";
import { chatViews, titleOf } from "../titles.ts";
import { compareBack, compareCounts, Counted, counting, lackingIn, type Missing } from "./compare.ts";
import { historyAsked, selectionFrom } from "./selection.ts";

/** The folder, inside the target, of the text that comes before the attachments. */
const TEXT_FOLDER = "text";

/** Writes a selection of the history into a folder in a format, compares it, and says what is missing. */
export async function writeOut(context: Context, format: Format): Promise<Outcome> {
  const { input, output } = context;
  const [target] = input.args;
  if (target === undefined || target === "") throw usageError("folder", "missing-argument");
  const opened = await openHistory(context);
  const history = await historyAsked(context, opened.history);
  const selection = await selectionFrom(context, history);
  const { number, time } = history.snapshot.head;
  if (input.flag("dryRun")) return planOut(context, history, selection);
  await requireEmpty(target);
  output.say(words.from, { head: number, day: new Date(time).toISOString().slice(0, 10) });
  if (input.flag("textFirst")) await writeText(context, history, { target, selection, format });
  const { report, counted } = await write(context, history, { target, selection, format });
  if (input.flag("textFirst")) await rm(join(target, TEXT_FOLDER), { recursive: true, force: true });
  output.report({ type: "stage", stage: "verify" });
  const isReadBack = format === jsonl;
  const compared = isReadBack
    ? await compareBack(target, counted, context.primitives)
    : compareCounts(counted, report);
  const missing = [...lackingIn(counted), ...compared];
  return told(context, history, { report, counted, missing, isReadBack, selection });
}

interface Writing {
  readonly target: string;
  readonly selection: Selection;
  readonly format: Format;
}

async function write(
  context: Context,
  history: History,
  { target, selection, format }: Writing,
): Promise<{ report: FidelityReport; counted: Counted }> {
  const { output, signal, primitives, clock } = context;
  const includeExpired = selection.includeExpired === true;
  const now = clock.now();
  const counted = new Counted(primitives);
  const events = counting(
    progressing(restoredEvents(history, selection), context, selection.withoutFiles === true),
    counted,
    { includeExpired, now },
  );
  const options = { signal, report: output.report, primitives, includeExpired, now };
  const report = await format.write!(events, await folderTarget(target), options);
  return { report, counted };
}

/** All text at once, in a folder of its own that goes when everything is there. */
async function writeText(context: Context, history: History, writing: Writing): Promise<void> {
  const { output } = context;
  const target = join(writing.target, TEXT_FOLDER);
  await write(context, history, {
    ...writing,
    target,
    selection: { ...writing.selection, withoutFiles: true },
  });
  output.say(words.textThere, { folder: TEXT_FOLDER });
}

/** What is there stays as it is: a target is new, or empty. */
async function requireEmpty(target: string): Promise<void> {
  const names = await readdir(target).catch(() => []);
  if (names.some((name) => !name.startsWith("."))) throw new KeepsakeError("format.target-exists");
}

async function* progressing(
  events: AsyncIterable<ReadEvent>,
  { output, signal }: Context,
  isText: boolean,
): AsyncGenerator<ReadEvent> {
  const stage = isText ? "text" : "attachments";
  const done = { chats: 0, messages: 0, attachments: 0, bytes: 0 };
  for await (const event of events) {
    if (signal.aborted) throw new KeepsakeError("base.aborted");
    if (event.type === "chat") done.chats++;
    if (event.type === "finding") output.finding(event.finding);
    if (event.type === "message") {
      done.messages++;
      for (const file of event.files ?? []) {
        if (file === undefined) continue;
        done.attachments++;
        done.bytes += file.sizeBytes;
      }
      if (done.messages % 64 === 0) output.report({ type: "progress", stage, done: { ...done } });
    }
    yield event;
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
  /** Whether the target was read and compared, or only counted. */
  readonly isReadBack: boolean;
  readonly selection: Selection;
}

async function told(
  { output }: Context,
  history: History,
  { report, counted, missing, isReadBack, selection }: Written,
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
  for (const each of missing) output.event("missing", { ...each });
  if (missing.length > 0) await printMissing(output, history, missing);
  else output.say(isReadBack ? words.compared : words.comparedCounts);
  const data = {
    snapshot: history.snapshot.head.number,
    counts,
    exact: report.exact,
    changed,
    dropped,
    missing,
    chats: counted.chats.map(({ chat, messages, attachments, digest }) => ({
      chat,
      messages,
      attachments,
      digest,
    })),
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
