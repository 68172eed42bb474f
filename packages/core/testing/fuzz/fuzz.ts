import { KeepsakeError, type Bytes } from "../../src/base/index.ts";
import { randomOf } from "../history/random.ts";
import { mutate } from "./mutate.ts";
import type { Subject } from "./subjects.ts";

/** An input that was not taken as it should be. */
interface Fault {
  readonly subject: string;
  /** With the seed, gives the input again. */
  readonly number: number;
  readonly what: string;
  readonly input: Bytes;
}

interface FuzzOptions {
  readonly seed: string | number;
  readonly inputs: number;
  /** The number of the first input; 0 if absent. */
  readonly first?: number;
  /** When to stop even so, by `now`. */
  readonly untilMs?: number;
  readonly now: () => number;
  /** Bytes that are in use, where the platform can say so. */
  readonly memoryBytes?: () => number;
}

/** What came of it. */
interface FuzzResult {
  readonly subject: string;
  readonly inputs: number;
  /** Inputs that were refused with an error of ours. */
  readonly refused: number;
  readonly slowestMs: number;
  readonly faults: readonly Fault[];
}

/** An input that takes longer hangs, for all that a person can tell. */
const maxMs = 1000;
/** More memory than this in use after any input is a bomb that went off. */
const maxBytes = 1024 * 1024 * 1024;
const maxFaults = 10;
const inputsPerLook = 1000;

/** Gives a subject inputs that nobody would write. Deterministic but for the times. */
export async function fuzz(subject: Subject, options: FuzzOptions): Promise<FuzzResult> {
  const faults: Fault[] = [];
  const [first, { now }] = [options.first ?? 0, options];
  const natural = Object.getOwnPropertyNames(Object.prototype).length;
  let [inputs, refused, slowestMs] = [0, 0, 0];
  for (let number = first; number < first + options.inputs; number++) {
    const startedMs = now();
    const { input, problem, isRefused } = await takeOne(subject, options.seed, number);
    const tookMs = now() - startedMs;
    inputs += 1;
    if (isRefused) refused += 1;
    slowestMs = Math.max(slowestMs, tookMs);
    const usedBytes = number % inputsPerLook === 0 ? options.memoryBytes?.() : undefined;
    const what = problem ?? sideEffect({ tookMs, natural, usedBytes });
    if (what !== undefined) faults.push({ subject: subject.id, number, what, input });
    if (faults.length >= maxFaults || now() > (options.untilMs ?? Infinity)) break;
  }
  return { subject: subject.id, inputs, refused, slowestMs, faults };
}

interface Effects {
  readonly tookMs: number;
  /** How many names every object had at the start. */
  readonly natural: number;
  readonly usedBytes: number | undefined;
}

function sideEffect({ tookMs, natural, usedBytes = 0 }: Effects): string | undefined {
  if (tookMs > maxMs) return "hangs";
  if (usedBytes > maxBytes) return "memory";
  return Object.getOwnPropertyNames(Object.prototype).length === natural ? undefined : "pollutes";
}

interface Taken {
  readonly input: Bytes;
  readonly problem: string | undefined;
  readonly isRefused: boolean;
}

async function takeOne(subject: Subject, seed: string | number, number: number): Promise<Taken> {
  const random = randomOf(seed, subject.id, number);
  const input = mutate(random.pick(subject.seeds), subject.seeds, random);
  try {
    await subject.take(input, random);
    return { input, problem: undefined, isRefused: false };
  } catch (error) {
    if (KeepsakeError.is(error)) return { input, problem: undefined, isRefused: true };
    return { input, problem: String(error), isRefused: false };
  }
}
