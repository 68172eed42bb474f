import { bytesToHex } from "@keepsake/core/base";
import { findingWords } from "@keepsake/core/findings";
import { formatName } from "@keepsake/core/format-names";
import {
  backup,
  loadHistory,
  readSources,
  RowReader,
  type BackupResult,
  type FolderOutcome,
  type History,
} from "@keepsake/core/history";
import { newestSnapshot, type Vault } from "@keepsake/core/vault";
import type { Context, Run } from "../../context.ts";
import { noteSeen, openToWrite } from "../../device/open.ts";
import type { Profile } from "../../device/profile.ts";
import { openReadings } from "../../device/readings.ts";
import { sealedMemos } from "../../device/memos.ts";
import { sealedStamps } from "../../device/stamps.ts";
import type { Outcome } from "../../ui/output.ts";
import * as words from "../../ui/messages/vault.ts";
import * as folderWords from "../../ui/messages/folders.ts";
import { countText, sizeText } from "../../ui/values.ts";
import { printAsides } from "../choose/words.ts";
import { printProof, printShrink, printSum } from "./proof.ts";
import { warnOfServers } from "./servers-only.ts";
import { boundHeap } from "../../bound-heap.ts";
import { answersOf, type Answers } from "../reading/answers.ts";
import { chooseSource, counted, sourcePath, type ChosenSource } from "../reading/source.ts";
import { stepsOf } from "../reading/steps.ts";
import { backupThreads } from "../reading/threads.ts";

export const run: Run = async (context) => {
  const { history, vault, profile, place } = await openToWrite(context);
  const source = await chooseSource(context, sourcePath(context));
  const name = context.input.text("name") ?? (await confirmName(context, history, source));
  return backupAs(context, { vault, profile, place }, source, name);
};

interface Target {
  readonly vault: Vault;
  readonly profile: Profile;
  readonly place: string;
}

/** Backs a source up under a name, proves it, and says what came of it. */
export async function backupAs(
  context: Context,
  target: Target,
  source: ChosenSource,
  name: string,
): Promise<Outcome> {
  const { input, output, prompt } = context;
  const { files, bytes } = source;
  output.say(words.found, {
    format: output.text(formatName(source.format.id)),
    files: countText(files),
    size: sizeText(bytes),
  });
  const about = { format: source.format.id, files, bytes };
  output.event("found", about);
  if (input.flag("dryRun")) return { data: { dryRun: true, ...about } };
  const isAccepted = input.flag("acceptShrink");
  const answers = answersOf(context);
  let result = await read(context, target, source, { name, isAccepted, answers });
  printResult(context, result);
  // Where nothing was added, people know the chats from the last time.
  const isShown = !result.isUnchanged && !output.isQuiet;
  if (isShown || output.isJson) await printProof(context, target.vault, result.proof);
  printSum(context, result.proof);
  if (result.shrink !== undefined && !isAccepted) {
    await printShrink(context, target.vault, result.shrink);
    if (prompt !== undefined && (await prompt.confirm(output.text(words.acceptNow))))
      result = await read(context, target, source, { name, isAccepted: true, answers });
    else output.warn(words.shrinkNext);
  }
  if (!result.isUnchanged) await compactWhereDue(context, target.vault);
  const snapshot = result.isUnchanged ? result.snapshot : await newestSnapshot(target.vault);
  const profile = await noteSeen(context, target.profile, { place: target.place, snapshot });
  const outcome = outcomeOf(context, result, isAccepted);
  const { lacking, ...copies } = await levelOthers(context, { ...target, profile });
  await bringPaid(context, target.vault, profile);
  const data = { ...outcome.data, copies, ...warnOfServers(context, profile) };
  return lacking > 0 ? { code: "cli.partly", ...outcome, data } : { ...outcome, data };
}

/** What is paid for on servers is brought once a day, so that there is room. */
async function bringPaid(context: Context, vault: Vault, { stores }: Profile): Promise<void> {
  const places = Object.keys(stores).filter((place) => /^https?:/.test(place));
  if (places.length === 0) return;
  const { bringPaidDaily } = await import("../plans/payer.ts");
  await bringPaidDaily(context, vault, places);
}

/**
 * The other copies that this device knows of get what is new; one that cannot be reached does not fail a backup. How
 * many lack something that this store lacks, too.
 */
async function levelOthers(
  context: Context,
  target: Target,
): Promise<{ readonly level: number; readonly of: number; readonly lacking: number }> {
  const of = Object.keys(target.profile.stores).filter((place) => place !== target.place).length;
  if (of === 0 || !context.input.flag("sync")) return { level: 0, of, lacking: 0 };
  const [{ levelCopies }, { printLeveled }] = await Promise.all([
    import("../../device/level.ts"),
    import("../server/sync.ts"),
  ]);
  const leveled = await levelCopies(context, target);
  printLeveled(context, leveled);
  const count = (wanted: readonly string[]): number =>
    leveled.filter(({ outcome }) => wanted.includes(outcome)).length;
  return { level: count(["level", "brought", "taken"]), of, lacking: count(["lacking"]) };
}

interface Reading {
  readonly name: string;
  readonly isAccepted: boolean;
  readonly answers: Answers;
}

async function read(
  context: Context,
  { vault, profile, place }: Target,
  source: ChosenSource,
  { name, isAccepted, answers }: Reading,
): Promise<BackupResult> {
  const { input, output, signal, env, primitives } = context;
  const of = [bytesToHex(vault.id), source.place];
  const cache = { primitives, env, seed: profile.key.seed, of };
  const [stamps, memos] = [sealedStamps(cache), sealedMemos(cache)];
  const readings = await openReadings(env, { vault: profile.vault, place });
  const from = counted(source, context);
  await using threads = backupThreads({ vault, place, isLimited: input.has("limitRate") }, source, from);
  try {
    return await backup(
      vault,
      {
        name,
        fingerprint: source.fingerprint,
        read(memory) {
          boundHeap();
          return stepsOf(context, { source, from, answers, memory });
        },
      },
      {
        signal,
        stamps,
        memos,
        readings,
        report: output.report,
        seal: threads.seal,
        sealFiles: threads.sealFiles,
        acceptShrink: isAccepted,
        reread: isAccepted || input.flag("reread"),
      },
    );
  } finally {
    await stamps.save();
    await readings.save();
  }
}

/** Which of the known sources it is: the same one as before, or a new one under its folder's name. */
async function confirmName(context: Context, history: History, source: ChosenSource): Promise<string> {
  const { prompt, output } = context;
  const { sources } = await readSources(new RowReader(history));
  const known = [...sources.values()]
    .filter(({ format }) => format === source.format.id)
    .map(({ name }) => name);
  if (known.includes(source.defaultName)) return source.defaultName;
  if (prompt === undefined || known.length === 0) return source.defaultName;
  const names = [...new Set(known), source.defaultName];
  const choices = names.map((name, i) =>
    i < names.length - 1 ? name : output.text(words.newSource, { name }),
  );
  return names[await prompt.choose(output.text(words.whichSource), choices)]!;
}

function printResult({ output }: Context, result: BackupResult): void {
  const { isUnchanged } = result;
  if (isUnchanged) return output.say(words.unchanged);
  if (result.folder !== undefined) printFolder(output, result, result.folder);
  else printChats(output, result);
  const findings = output.findings.filter(({ severity }) => severity !== "info");
  if (findings.length > 0) output.warn(words.findingsTitle);
  for (const { code, count } of findings) {
    const what = findingWords(code)[output.language];
    output.warn(words.finding, { code, what, count: countText(count) });
  }
  printAsides(output, result.asides);
}

function printFolder(output: Context["output"], result: BackupResult, folder: FolderOutcome): void {
  const { files, bytes, added, changed, removed } = folder;
  output.say(folderWords.kept, {
    files: countText(files),
    size: sizeText(bytes),
    added: countText(added),
    changed: countText(changed),
    removed: countText(removed),
    stored: storedText(result),
  });
  if (result.source.format === "wechat-official") output.say(folderWords.wechatKeeps);
}

function storedText({ packs }: BackupResult): string {
  return sizeText(packs.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0));
}

function printChats(output: Context["output"], result: BackupResult): void {
  const { chats, newFiles } = result;
  const messages = chats.reduce((sum, chat) => sum + chat.incoming, 0);
  const added = chats.reduce((sum, chat) => sum + chat.added, 0);
  output.say(words.backedUp, {
    messages: countText(messages),
    chats: countText(chats.length),
    added: countText(added),
    files: countText(newFiles.count),
    stored: storedText(result),
  });
  const leftOut = chats.reduce((sum, chat) => sum + chat.leftOut, 0);
  if (leftOut > 0) output.say(words.leftOut, { n: countText(leftOut) });
}

/** Many small backups are folded together by the way; the content stays what it is. */
export async function compactWhereDue({ output }: Context, vault: Vault): Promise<void> {
  const history = await loadHistory(vault, await newestSnapshot(vault));
  const { compact, planCompact } = await import("@keepsake/core/care");
  const plan = planCompact(history);
  if (plan === "nothing") return;
  output.report({ type: "stage", stage: "compact" });
  // Another device that writes meanwhile comes first: the next backup folds.
  await compact(history, plan, output.report);
}

function outcomeOf({ output }: Context, result: BackupResult, isAccepted: boolean): Outcome {
  const { snapshot, isUnchanged, chats, shrink, folder, newFiles, proof, source } = result;
  const failed = output.findings.filter(({ severity }) => severity === "error");
  const isShrunk = shrink !== undefined && !isAccepted;
  const data = {
    snapshot: snapshot.head.number,
    source: source.id,
    isUnchanged,
    messages: chats.reduce((sum, chat) => sum + chat.incoming, 0),
    added: chats.reduce((sum, chat) => sum + chat.added, 0),
    leftOut: chats.reduce((sum, chat) => sum + chat.leftOut, 0),
    newFiles,
    ...(folder !== undefined && { folder }),
    isShrunk,
    leftOutByChoice: result.leftOut,
    asides: result.asides,
    contentRoot: proof.contentRoot,
    readBack: proof.readBack,
    findings: output.findings,
  };
  return failed.length > 0 || isShrunk ? { code: "cli.partly", data } : { data };
}
