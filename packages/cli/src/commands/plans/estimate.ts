import { tryLine, type LineSpeed } from "@keepsake/core/client";
import {
  needOf,
  proposalsFor,
  weigh,
  weighedParts,
  type WeighedPart,
  type Weight,
} from "@keepsake/core/history";
import {
  channels,
  fitsFor,
  moneyText,
  portion,
  standardCatalogue,
  type Catalogue,
  type Channel,
  type Fit,
} from "@keepsake/core/plans";
import type { Context, Run } from "../../context.ts";
import { boundHeap } from "../../bound-heap.ts";
import { readMembership } from "../../device/memberships.ts";
import { connect, reach } from "../../device/stores/server.ts";
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
  const { catalogue, line } = await askServer(context);
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
  const parts = weighedParts(weight);
  printWeight(context, weight, { parts, tookMs: performance.now() - startedMs });
  printLine(context, weight, line);
  printChats(context, parts.chats, { catalogue, best });
  printParts(context, parts.kinds, "kind");
  printParts(context, parts.years, "year");
  printSavings(context, weight, { catalogue, best, channel });
  printPlans(context, { catalogue, fits, best, channel, need });
  printBeside(context, need);
  printAsides(output, weight.survey.asides);
  const { filesBytes, textBytes, duplicateBytes } = weight;
  return { data: { filesBytes, textBytes, duplicateBytes, plan: best?.plan.id, channel } };
};

interface Asked {
  readonly catalogue: Catalogue;
  /** Undefined where this device is not logged in to the server. */
  readonly line: LineSpeed | undefined;
}

/** What the server offers that the person names, and the line to it; else what comes with Keepsake. */
async function askServer(context: Context): Promise<Asked> {
  const { input, env, signal } = context;
  const address = input.text("server");
  if (address === undefined) return { catalogue: standardCatalogue, line: undefined };
  const { connection } = await reach(context, address);
  const catalogue = await connection.call("GET /v1/plans");
  const isKnown = (await readMembership(env, address)) !== undefined;
  const line = isKnown ? await tryLine((await connect(context, address)).connection, { signal }) : undefined;
  return { catalogue, line };
}

interface Weighed {
  readonly parts: ReturnType<typeof weighedParts>;
  readonly tookMs: number;
}

function printWeight({ output }: Context, weight: Weight, { parts, tookMs }: Weighed): void {
  const { filesBytes, textBytes, duplicateBytes } = weight;
  const sum = (of: "messages" | "files" | "bytes"): number =>
    parts.chats.reduce((all, chat) => all + chat[of], 0);
  const [messages, files, bytes] = [sum("messages"), sum("files"), sum("bytes")];
  output.say(words.holds, {
    chats: countText(parts.chats.length),
    messages: countText(messages),
    files: countText(files),
    size: sizeText(bytes),
  });
  output.event("weight", {
    messages,
    files,
    bytes,
    filesBytes,
    textBytes,
    duplicateBytes,
    tookMs: Math.round(tookMs),
  });
  const storedBytes = filesBytes + textBytes;
  output.say(words.stored, {
    size: sizeText(storedBytes),
    text: sizeText(textBytes),
    files: sizeText(filesBytes),
    duplicates: sizeText(duplicateBytes),
  });
  output.say(words.took, {
    span: spanText(tookMs),
    rate: sizeText((Math.max(bytes, storedBytes) / tookMs) * 1000),
  });
}

/** How long all of it is on its way. */
function printLine(
  { output, input }: Context,
  { filesBytes, textBytes }: Weight,
  line: LineSpeed | undefined,
): void {
  const bytes = filesBytes + textBytes;
  const at = (bytesPerSecond: number): string => spanText((bytes / Math.max(1, bytesPerSecond)) * 1000);
  if (line === undefined)
    return output.say(words.onAnyLine, { size: sizeText(bytes), slow: at(1.25e6), fast: at(12.5e6) });
  const { upBytesPerSecond, downBytesPerSecond } = line;
  output.event("line", { upBytesPerSecond, downBytesPerSecond });
  output.say(words.onLine, {
    server: input.text("server")!,
    up: at(upBytesPerSecond),
    upRate: sizeText(upBytesPerSecond),
    down: at(downBytesPerSecond),
    downRate: sizeText(downBytesPerSecond),
  });
}

interface Choosing {
  readonly catalogue: Catalogue;
  readonly best: Fit | undefined;
}

function printChats(
  { output }: Context,
  chats: readonly WeighedPart[],
  { catalogue: { currency }, best }: Choosing,
): void {
  if (chats.length === 0) return;
  const { language } = output;
  const whole = Math.max(
    1,
    chats.reduce((sum, { storedBytes }) => sum + storedBytes, 0),
  );
  const rows = chats.map(({ name: title, messages, files, bytes, storedBytes }) => {
    const share = { part: storedBytes, whole, rounded: "up" } as const;
    const priceMinor = portion(best?.yearlyMinor ?? 0, share);
    output.event("chat", { title, messages, files, bytes, storedBytes, priceMinor });
    const price = moneyText(priceMinor, { currency, language });
    return [title, countText(messages), countText(files), sizeText(bytes), sizeText(storedBytes), price];
  });
  output.say(words.byChat, { plan: best?.plan.name[language] ?? "—" });
  output.table(columnsOf(output, "chat", "price"), rows.slice(0, SHOWN));
}

function printParts({ output }: Context, parts: readonly WeighedPart[], name: "kind" | "year"): void {
  if (parts.length === 0) return;
  output.say(name === "kind" ? words.byKind : words.byYear);
  const rows = parts.map(({ name: each, messages, files, bytes, storedBytes }) => {
    output.event(name, { [name]: each, messages, files, bytes, storedBytes });
    return [each, countText(messages), countText(files), sizeText(bytes), sizeText(storedBytes)];
  });
  output.table(columnsOf(output, name), rows);
}

type Columns = Parameters<Context["output"]["table"]>[0];

function columnsOf(output: Context["output"], first: "chat" | "kind" | "year", last?: "price"): Columns {
  const right = (["messages", "files", "size", "stored", ...(last === undefined ? [] : [last])] as const).map(
    (name) => {
      return { title: output.text(words.columns[name]), align: "right" } as const;
    },
  );
  return [{ title: output.text(words.columns[first]), most: 32 }, ...right];
}

/** What leaving things out would save, and which plan would do then. */
function printSavings(
  { output }: Context,
  weight: Weight,
  { catalogue, best, channel }: Choosing & { readonly channel: Channel },
): void {
  const proposals = proposalsFor(weight.survey);
  if (proposals.length === 0) return;
  output.say(words.without);
  const { currency } = catalogue;
  const { language } = output;
  const all = storedOf(needOf(weight));
  for (const { what, messages, files, bytes } of proposals) {
    const need = needOf(weight, { messages, bytes });
    const then = fitsFor(catalogue, need, channel).find(({ isEnough }) => isEnough);
    const storedBytes = all - storedOf(need);
    output.event("saving", { what, messages, files, bytes, storedBytes, plan: then?.plan.id });
    const values = { what: output.text(words.proposal[what]), size: sizeText(storedBytes) };
    if (then === undefined || then.plan.id === best?.plan.id) output.say(words.savingSame, values);
    else {
      const price = moneyText(then.yearlyMinor, { currency, language });
      output.say(words.saving, { ...values, plan: then.plan.name[language], price });
    }
  }
}

function storedOf({ filesBytes, textBytes }: ReturnType<typeof needOf>): number {
  return filesBytes + textBytes;
}
