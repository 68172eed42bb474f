import { lastYear, proposalsFor, storedShare, weigh, type Amount, type Weight } from "@keepsake/core/history";
import {
  channels,
  fitsFor,
  moneyText,
  portion,
  standardCatalogue,
  type Catalogue,
  type Channel,
  type Fit,
  type Need,
} from "@keepsake/core/plans";
import type { Context, Run } from "../../context.ts";
import { boundHeap } from "../../bound-heap.ts";
import { reach } from "../../device/stores/server.ts";
import * as words from "../../ui/messages/plans/estimate.ts";
import { countText, sizeText, spanText } from "../../ui/values.ts";
import { printAsides } from "../choose/words.ts";
import { answersOf } from "../reading/answers.ts";
import { chooseSource, counted, sourcePath } from "../reading/source.ts";
import { stepsOf } from "../reading/steps.ts";
import { printBeside, printPlans } from "./print-plans.ts";

/** So many chats are shown. */
const SHOWN = 12;

export const run: Run = async (context) => {
  const { input, signal, output, primitives, clock } = context;
  const channel = input.oneOf("channel", channels) ?? "web";
  const catalogue = await catalogueOf(context);
  const source = await chooseSource(context, sourcePath(context));
  const from = counted(source, context);
  const answers = answersOf(context);
  boundHeap();
  const startedMs = performance.now();
  const read = (): ReturnType<typeof stepsOf> => stepsOf(context, { source, from, answers });
  const weight = await weigh({ read }, { primitives, clock, signal, report: output.report });
  const need = needOf(weight);
  const fits = fitsFor(catalogue, need, channel);
  const best = fits.find(({ isEnough }) => isEnough);
  printWeight(context, weight, performance.now() - startedMs);
  printChats(context, weight, { catalogue, best });
  printKinds(context, weight);
  printYears(context, weight);
  printSavings(context, weight, { catalogue, best, channel });
  printPlans(context, { catalogue, fits, best, channel, need });
  printBeside(context, need);
  printAsides(output, weight.survey.asides);
  const { filesBytes, textBytes, duplicateBytes } = weight;
  return { data: { filesBytes, textBytes, duplicateBytes, plan: best?.plan.id, channel } };
};

/** What the server offers that the person names, else what comes with Keepsake. */
async function catalogueOf(context: Context): Promise<Catalogue> {
  const address = context.input.text("server");
  if (address === undefined) return standardCatalogue;
  const { connection } = await reach(context, address);
  return connection.call("GET /v1/plans");
}

/** What it takes of a plan. */
function needOf(weight: Weight): Need {
  const { filesBytes, textBytes } = weight;
  return { filesBytes, textBytes, aYear: storedShare(weight, lastYear(weight)) };
}

function sumOf(amounts: readonly Amount[]): Amount {
  const sum = (of: keyof Amount): number => amounts.reduce((all, each) => all + each[of], 0);
  return { messages: sum("messages"), files: sum("files"), bytes: sum("bytes") };
}

function printWeight({ output }: Context, weight: Weight, tookMs: number): void {
  const { survey, filesBytes, textBytes, duplicateBytes } = weight;
  const all = sumOf(survey.chats);
  output.say(words.holds, { chats: countText(survey.chats.length), ...amountTexts(all) });
  const storedBytes = filesBytes + textBytes;
  output.event("weight", { ...all, filesBytes, textBytes, duplicateBytes, tookMs: Math.round(tookMs) });
  output.say(words.stored, {
    size: sizeText(storedBytes),
    text: sizeText(textBytes),
    files: sizeText(filesBytes),
    duplicates: sizeText(duplicateBytes),
  });
  const onLine = (megabits: number): string => spanText((storedBytes * 8) / (megabits * 1000));
  output.say(words.took, {
    span: spanText(tookMs),
    rate: sizeText((Math.max(all.bytes, storedBytes) / tookMs) * 1000),
    size: sizeText(storedBytes),
    slow: onLine(10),
    fast: onLine(100),
  });
}

function amountTexts({ messages, files, bytes }: Amount): Record<"messages" | "files" | "size", string> {
  return { messages: countText(messages), files: countText(files), size: sizeText(bytes) };
}

function printChats(
  { output }: Context,
  weight: Weight,
  { catalogue: { currency }, best }: Pick<Choosing, "catalogue" | "best">,
): void {
  const { chats } = weight.survey;
  const { language } = output;
  const stored = (chat: Amount): number => total(storedShare(weight, chat));
  const largest = chats.map((chat) => ({ chat, bytes: stored(chat) })).sort((a, b) => b.bytes - a.bytes);
  const whole = Math.max(1, weight.filesBytes + weight.textBytes);
  const rows = largest.map(({ chat, bytes }) => {
    const priceMinor = portion(best?.yearlyMinor ?? 0, { part: bytes, whole, rounded: "up" });
    const { chat: id, title = id, kind, messages, files } = chat;
    output.event("chat", { chat: id, title, kind, messages, files, storedBytes: bytes, priceMinor });
    const price = moneyText(priceMinor, { currency, language });
    return [title, countText(messages), countText(files), sizeText(chat.bytes), sizeText(bytes), price];
  });
  if (rows.length === 0) return;
  output.say(words.byChat, { plan: best?.plan.name[language] ?? "—" });
  const { chat, messages, files, size, stored: kept, price } = words.columns;
  const right = [messages, files, size, kept, price].map((each) => {
    return { title: output.text(each), align: "right" } as const;
  });
  output.table([{ title: output.text(chat), most: 32 }, ...right], rows.slice(0, SHOWN));
}

function total({ filesBytes, textBytes }: { filesBytes: number; textBytes: number }): number {
  return filesBytes + textBytes;
}

function printKinds(context: Context, weight: Weight): void {
  const kinds = new Map<string, Amount[]>();
  for (const { byKind } of weight.survey.chats)
    for (const [kind, amount] of byKind) kinds.set(kind, [...(kinds.get(kind) ?? []), amount]);
  const rows = [...kinds].map(([kind, amounts]) => [kind, sumOf(amounts)] as const);
  printAmounts(context, weight, {
    title: words.byKind,
    name: "kind",
    rows: rows.sort(([, a], [, b]) => b.bytes - a.bytes || b.messages - a.messages),
  });
}

function printYears(context: Context, weight: Weight): void {
  const years = new Map<string, Amount[]>();
  for (const [month, amount] of weight.survey.byMonth) {
    const year = month.slice(0, -"-01".length);
    years.set(year, [...(years.get(year) ?? []), amount]);
  }
  const rows = [...years].map(([year, amounts]) => [year, sumOf(amounts)] as const);
  printAmounts(context, weight, {
    title: words.byYear,
    name: "year",
    rows: rows.sort(([a], [b]) => Number(b) - Number(a)),
  });
}

interface Amounts {
  readonly title: typeof words.byKind;
  readonly name: "kind" | "year";
  readonly rows: readonly (readonly [name: string, amount: Amount])[];
}

function printAmounts({ output }: Context, weight: Weight, { title, name, rows }: Amounts): void {
  if (rows.length === 0) return;
  output.say(title);
  const texts = rows.map(([each, amount]) => {
    const storedBytes = total(storedShare(weight, amount));
    output.event(name, { [name]: each, ...amount, storedBytes });
    const { messages, files, size } = amountTexts(amount);
    return [each, messages, files, size, sizeText(storedBytes)];
  });
  const { messages, files, size, stored } = words.columns;
  const right = [messages, files, size, stored].map((each) => {
    return { title: output.text(each), align: "right" } as const;
  });
  output.table([{ title: output.text(words.columns[name]) }, ...right], texts);
}

interface Choosing {
  readonly catalogue: Catalogue;
  readonly best: Fit | undefined;
  readonly channel: Channel;
}

/** What leaving things out would save, and which plan would do then. */
function printSavings({ output }: Context, weight: Weight, { catalogue, best, channel }: Choosing): void {
  const proposals = proposalsFor(weight.survey);
  if (proposals.length === 0) return;
  output.say(words.without);
  const { currency } = catalogue;
  const { language } = output;
  for (const proposal of proposals) {
    const saved = storedShare(weight, proposal);
    const then = fitsFor(catalogue, less(weight, saved), channel).find(({ isEnough }) => isEnough);
    const { what, messages, files, bytes } = proposal;
    output.event("saving", { what, messages, files, bytes, storedBytes: total(saved), plan: then?.plan.id });
    const values = { what: output.text(words.proposal[what]), size: sizeText(total(saved)) };
    if (then === undefined || then.plan.id === best?.plan.id) output.say(words.savingSame, values);
    else {
      const price = moneyText(then.yearlyMinor, { currency, language });
      output.say(words.saving, { ...values, plan: then.plan.name[language], price });
    }
  }
}

function less(weight: Weight, saved: ReturnType<typeof storedShare>): Need {
  const { filesBytes, textBytes, aYear } = needOf(weight);
  return { filesBytes: filesBytes - saved.filesBytes, textBytes: textBytes - saved.textBytes, aYear };
}
