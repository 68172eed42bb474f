import { codes, type Code } from "@keepsake/core/base";
import { Answers } from "../../agent/answers.ts";
import { readAsked } from "../../agent/holds.ts";
import { readConfig, type AgentConfig } from "../../agent/kept/config.ts";
import { isAgentRunning } from "../../agent/kept/lock.ts";
import { readState } from "../../agent/kept/state.ts";
import { isForThePerson } from "../../agent/plan/retry.ts";
import { reportOf, type CopyReport, type Report, type SourceReport } from "../../agent/report.ts";
import type { Context, Run } from "../../context.ts";
import { readProfiles } from "../../device/profile.ts";
import { placeOf } from "../../device/stores/stores.ts";
import type { Words } from "../../ui/language.ts";
import type { Output } from "../../ui/output.ts";
import * as words from "../../ui/messages/agent.ts";
import { dayText, instantText } from "../../ui/values.ts";
import { printServers } from "./servers.ts";
import { holdText, resultText } from "./texts.ts";

export const run: Run = async (context) => {
  const { env, output, clock } = context;
  const now = clock.now();
  const { config, findings } = await readConfig(env);
  const state = await readState(env);
  const isRunning = await isAgentRunning(env);
  const { pause } = await readAsked(env, now);
  const newest = await new Answers().of("vault", () => newestMessage(context, config, now));
  const lastMessageAt = typeof newest === "number" ? newest : state.lastMessageAt;
  const known = { ...state, ...(lastMessageAt !== undefined && { lastMessageAt }) };
  const report = reportOf({ config, state: known, isRunning, pause, now });
  print(output, report, config);
  for (const { where = "" } of findings) output.warn(words.unknownKey, { where });
  for (const what of isRunning ? (state.unknown ?? []) : []) output.say(words.unknownPower[what]);
  for (const source of report.sources) output.event("source", { ...source });
  for (const copy of report.copies) output.event("copy", { ...copy });
  await printServers(context);
  const { sources: _, copies: __, ...data } = report;
  return { data: { ...data, unknown: state.unknown ?? [] } };
};

/** From the vault itself, if this device can open it now; nobody is asked for anything. */
async function newestMessage(
  context: Context,
  config: AgentConfig,
  now: number,
): Promise<number | undefined> {
  const path = context.input.text("store") ?? config.store;
  if (path === undefined) return undefined;
  const place = await placeOf(path);
  const isOwn = (await readProfiles(context.env)).some(({ stores }) => Object.hasOwn(stores, place));
  if (!isOwn) return undefined;
  const { newestMessageAt } = await import("../../agent/newest.ts");
  return newestMessageAt(context, place, now).catch(() => undefined);
}

function print(output: Output, report: Report, config: AgentConfig): void {
  const { sources, copies, lastMessageAt } = report;
  output.line(output.bold(standingText(output, report, config)));
  const time = lastMessageAt === undefined ? output.text(words.notKnown) : instantText(lastMessageAt);
  output.line(output.text(words.lastMessage, { time }));
  for (const [name, sentence] of sources.flatMap((each) => adviceFor(each)))
    output.line(output.text(words.about, { name, sentence: output.text(sentence) }));
  printSources(output, sources);
  printCopies(output, copies);
}

function standingText(output: Output, { standing, running, hold }: Report, config: AgentConfig): string {
  if (standing === "paused" || standing === "held")
    return output.text(words.pausedMark, { what: hold === undefined ? "" : holdText(output, hold) });
  const what =
    running === undefined ? "" : output.text(words.began[running.work], { source: running.source ?? "" });
  const share =
    running?.doneBytes === undefined || running.totalBytes === undefined
      ? ""
      : ` ${Math.floor((running.doneBytes / running.totalBytes) * 100)} %`;
  return output.text(words.standings[standing], { what: `${what}${share}`, days: config.remindAfterDays });
}

/** What the person has to do, or what is tried again and why. */
function adviceFor({ name, last, isSilent }: SourceReport): (readonly [name: string, sentence: Words])[] {
  if (isSilent) return [[name, codes["agent.stalled"]]];
  if (last === undefined || last.code === "done") return [];
  if (last.isShrunk === true) return [[name, words.shrunkHere]];
  if (last.code === "format.no-account-chosen") return [[name, words.accountHere]];
  if (last.code === "format.password-needed" || last.code === "format.wrong-password")
    return [[name, words.passwordHere]];
  return Object.hasOwn(codes, last.code) ? [[name, codes[last.code as Code]]] : [];
}

function printSources(output: Output, sources: readonly SourceReport[]): void {
  const rows = sources.map(({ name, standing, last, goodAt, nextAt }) => [
    name,
    output.text(words.sourceStandings[standing]),
    goodAt === undefined ? output.text(words.never) : instantText(goodAt),
    last === undefined ? "—" : resultText(output, { work: "backup", ...last }),
    nextText(output, last !== undefined && isForThePerson(last), nextAt),
  ]);
  const { source, standing, last, result, next } = words.sourceColumns;
  output.table(
    [source, standing, last, result, next].map((title) => ({ title: output.text(title) })),
    rows,
  );
}

function nextText(output: Output, isForPerson: boolean, nextAt: number | undefined): string {
  if (isForPerson) return output.text(words.whenRight);
  return nextAt === undefined ? output.text(words.onChange) : instantText(nextAt);
}

function printCopies(output: Output, copies: readonly CopyReport[]): void {
  const rows = copies.map(({ place, wholeSince, sharesRead, shares, rehearsedAt, isDamaged, code }) => {
    const part = output.text(words.wholePart, { read: sharesRead, shares });
    const state = isDamaged ? words.copyDamaged : code === undefined ? words.copyGood : words.copyAway;
    return [
      place,
      wholeSince === undefined ? part : dayText(wholeSince),
      rehearsedAt === undefined ? output.text(words.never) : dayText(rehearsedAt),
      output.text(state),
    ];
  });
  const { copy, whole, rehearsed, state } = words.copyColumns;
  output.table(
    [copy, whole, rehearsed, state].map((title) => ({ title: output.text(title) })),
    rows,
  );
  if (copies.some(({ isDamaged }) => isDamaged)) output.sentence("vault.corrupt");
  if (copies.some(({ code }) => code === "agent.stalled")) output.sentence("agent.stalled");
}
