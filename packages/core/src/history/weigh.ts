import { throwIfAborted, type Clock, type Finding, type Primitives, type Report } from "../base/index.ts";
import { eventsOf, type ReadSteps } from "../model/index.ts";
import { createVault, memoryStore, newestSnapshot, type Store } from "../vault/index.ts";
import { storeSource } from "./backup.ts";
import { newChoice, setChoices } from "./choose.ts";
import { FilesInPlace, type FileSealer, type FileSealerStart } from "./intake/seal-files.ts";
import type { Choice } from "./state/choices.ts";
import { emptyContentRoot, emptyRoot, loadHistory } from "./state/state.ts";
import { Surveyor, total, type Amount, type Survey } from "./survey.ts";
import { openWork, type BackupSource } from "./write/work.ts";

/** What a source would take in a vault of its own. */
export interface Weight {
  /** What it holds, before anything is compressed. */
  readonly survey: Survey;
  /** What would be stored for its files: each once, sealed. */
  readonly filesBytes: number;
  /** What would be stored for all else: messages, chats, indexes, sealed and compressed. */
  readonly textBytes: number;
  /** What is not stored a second time, because files have the same content. */
  readonly duplicateBytes: number;
  readonly findings: readonly Finding[];
}

/** What of it a part takes, about: files by their size, all else by the number of messages. */
function storedShare(
  { survey, filesBytes, textBytes }: Weight,
  part: Pick<Amount, "messages" | "bytes">,
): { readonly filesBytes: number; readonly textBytes: number } {
  const of = (name: "messages" | "bytes"): number => survey.chats.reduce((sum, chat) => sum + chat[name], 0);
  const share = (stored: number, amount: number, all: number): number =>
    all === 0 ? 0 : Math.round((stored * amount) / all);
  return {
    filesBytes: share(filesBytes, part.bytes, of("bytes")),
    textBytes: share(textBytes, part.messages, of("messages")),
  };
}

/** A part of a source by its name, with about what is stored of it. */
export interface WeighedPart extends Amount {
  readonly name: string;
  readonly storedBytes: number;
}

/** What it takes by chat, by kind of message, and by year: the largest first, years from the last. */
export function weighedParts(
  weight: Weight,
): Readonly<Record<"chats" | "kinds" | "years", readonly WeighedPart[]>> {
  const { chats, byMonth } = weight.survey;
  const part = (name: string, { messages, files, bytes }: Amount): WeighedPart => {
    const { filesBytes, textBytes } = storedShare(weight, { messages, bytes });
    return { name, messages, files, bytes, storedBytes: filesBytes + textBytes };
  };
  const summed = (named: readonly (readonly [name: string, amount: Amount])[]): WeighedPart[] =>
    [...Map.groupBy(named, ([name]) => name)].map(([name, all]) =>
      part(name, total(all.map(([, amount]) => amount))),
    );
  const yearOf = (month: string): string => month.slice(0, -"-01".length);
  const byStored = (a: WeighedPart, b: WeighedPart): number => b.storedBytes - a.storedBytes;
  return {
    chats: chats.map((chat) => part(chat.title ?? chat.chat, chat)).sort(byStored),
    kinds: summed(chats.flatMap(({ byKind }) => [...byKind])).sort(byStored),
    years: summed([...byMonth].map(([month, amount]) => [yearOf(month), amount] as const)).sort(
      (a, b) => Number(b.name) - Number(a.name),
    ),
  };
}

/** What it takes of a plan, all of it or without a part; and what a year may add. */
export function needOf(
  weight: Weight,
  without: Pick<Amount, "messages" | "bytes"> = { messages: 0, bytes: 0 },
): Readonly<Record<"filesBytes" | "textBytes", number>> & {
  readonly aYear: Readonly<Record<"filesBytes" | "textBytes", number>>;
} {
  const less = storedShare(weight, without);
  return {
    filesBytes: weight.filesBytes - less.filesBytes,
    textBytes: weight.textBytes - less.textBytes,
    aYear: storedShare(weight, lastYear(weight)),
  };
}

const YEAR_MONTHS = 12;

/** What the last year of it holds, up to its newest message: what a year to come may add. */
function lastYear({ survey: { byMonth } }: Weight): Pick<Amount, "messages" | "bytes"> {
  const months = [...byMonth.keys()].sort();
  const newest = months.at(-1);
  if (newest === undefined) return { messages: 0, bytes: 0 };
  const from = numberOf(newest) - YEAR_MONTHS;
  const inYear = months.filter((month) => numberOf(month) > from).map((month) => byMonth.get(month)!);
  const sum = (of: "messages" | "bytes"): number => inYear.reduce((all, each) => all + each[of], 0);
  return { messages: sum("messages"), bytes: sum("bytes") };
}

/** Months are numbered through. */
function numberOf(month: string): number {
  return Number(month.slice(0, -"-01".length)) * YEAR_MONTHS + Number(month.slice(-"01".length));
}

export interface WeighOptions {
  readonly primitives: Primitives;
  readonly clock: Clock;
  readonly choices?: readonly Omit<Choice, "id">[] | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly report?: Report | undefined;
}

/**
 * Backs a source up into nothing: the very code of a backup runs on all of it, under keys that are forgotten, and what
 * it seals is counted and let go of. Nothing is written anywhere, nothing is sent.
 */
export async function weigh(source: Pick<BackupSource, "read">, options: WeighOptions): Promise<Weight> {
  const { primitives, clock, signal, report } = options;
  const scale = new Scale();
  const { vault } = await createVault({
    primitives,
    clock,
    store: scale.store,
    language: "en",
    deviceName: "",
    emptyRoot,
    emptyContentRoot: emptyContentRoot(primitives),
  });
  const history = await loadHistory(vault, await newestSnapshot(vault));
  const choices = (options.choices ?? []).map((choice) => newChoice(history, choice));
  if (choices.length > 0) await setChoices(history, choices);
  scale.begin();
  const surveyor = new Surveyor(choices);
  let filesBytes = 0;
  const sealFiles = (start: FileSealerStart): FileSealer =>
    new FilesInPlace(vault, {
      ...start,
      onStored: async (pack) => {
        filesBytes += pack.sizeBytes;
        await start.onStored(pack);
      },
    });
  const name = "source";
  const watched = { name, read: () => watch(source.read(), surveyor, signal) };
  const how = { signal, report, sealFiles };
  const work = await openWork(vault, watched, how);
  try {
    await storeSource(work, watched, how);
  } finally {
    await work.stream.stop();
  }
  const survey = surveyor.result();
  const seenBytes = survey.chats.reduce((sum, { bytes }) => sum + bytes, 0);
  return {
    survey,
    filesBytes,
    textBytes: scale.bytes - filesBytes,
    duplicateBytes: Math.max(0, seenBytes - work.files.newBytes),
    findings: work.findings,
  };
}

/** The same steps, looked at as they pass. */
async function* watch(
  steps: ReadSteps,
  surveyor: Surveyor,
  signal: AbortSignal | undefined,
): AsyncGenerator<Parameters<typeof eventsOf>[0]> {
  for await (const step of steps) {
    throwIfAborted(signal);
    for (const event of eventsOf(step)) surveyor.take(event);
    yield step;
  }
}

/** A version is read back before it counts: it lies in the packs that were written last. */
const KEPT_PACKS = 4;

/** A store that counts what it is given, and keeps of it what a backup looks at again. */
class Scale {
  readonly store: Store;
  bytes = 0;
  #isWeighing = false;
  readonly #recent: string[] = [];

  constructor() {
    const kept = memoryStore();
    this.store = {
      ...kept,
      put: async (name, content, options) => {
        throwIfAborted(options?.signal);
        if (this.#isWeighing && name.startsWith("packs/")) {
          this.bytes += content.length;
          this.#recent.push(name);
          if (this.#recent.length > KEPT_PACKS) await kept.remove(this.#recent.shift()!);
        }
        return kept.put(name, content, options);
      },
    };
  }

  /** From now on it counts. */
  begin(): void {
    this.#isWeighing = true;
  }
}
