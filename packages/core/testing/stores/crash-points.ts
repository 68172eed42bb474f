import { KeepsakeError } from "../../src/base/index.ts";
import type { Disk } from "../../src/platform/node/disk.ts";
import { CrashDisk, PowerCut, type CrashDiskOptions, type Fault } from "./crash-disk.ts";

/** Where a run was struck, for the message of a failed check. */
interface CrashPlace {
  readonly point: number;
  readonly fault: Fault;
  readonly seed: number;
}

/** What is struck at every point. `Told` is what the scenario was told to be done, as a fresh value for each run. */
export interface CrashScenario<Told> {
  readonly options?: CrashDiskOptions;
  /** What was there before, and survives. */
  readonly prepare?: (disk: Disk) => Promise<void>;
  readonly told: () => Told;
  readonly run: (disk: Disk, told: Told) => Promise<void>;
  /** Looks at what is left. Throws where something that was told is not so. */
  readonly check: (disk: Disk, told: Told, place: CrashPlace) => Promise<void>;
  readonly faults?: readonly Fault[];
  /** How many disks that may survive each run are looked at; the first two are "nothing" and "everything". */
  readonly seeds?: number;
  /** So many faults at each point, in turn, in place of all. */
  readonly faultsAtOnce?: number;
  /** Only every so many-th point, in place of each. */
  readonly oneIn?: number;
}

const everything = 1;

/**
 * Runs the scenario once to count its points, then once for each point and fault, and hands every disk that may be
 * found afterwards to the check. Returns how many disks were checked.
 */
export async function crashPoints<Told>(scenario: CrashScenario<Told>): Promise<number> {
  const { faults = ["power", "ENOSPC", "EIO", "lost-reply"], seeds = 4 } = scenario;
  const { faultsAtOnce = faults.length, oneIn = 1 } = scenario;
  const before = new CrashDisk(scenario.options);
  await scenario.prepare?.(before);
  const counted = before.survivors(everything);
  await scenario.run(counted, scenario.told());
  let checked = 0;
  for (const { point, fault } of strikes(counted.points, faults, { faultsAtOnce, oneIn })) {
    const disk = before.survivors(everything);
    disk.failAt(point, fault);
    const told = scenario.told();
    await strike(scenario, disk, told);
    for (let seed = 0; seed < seeds; seed++, checked++) {
      await checkAt(scenario, disk.survivors(seed), told, { point, fault, seed });
    }
  }
  return checked;
}

/** Faults at the points; after the last one nothing can fail any more, but the power can still go. */
function* strikes(
  points: number,
  faults: readonly Fault[],
  { faultsAtOnce, oneIn }: Required<Pick<CrashScenario<unknown>, "faultsAtOnce" | "oneIn">>,
): Generator<Omit<CrashPlace, "seed">> {
  let next = 0;
  for (let point = 1; point <= points; point += oneIn) {
    for (let i = 0; i < faultsAtOnce; i++) yield { point, fault: faults[++next % faults.length]! };
  }
  yield { point: points + 1, fault: "power" };
}

/** The run may end as a program does whose disk fails: by the power, or by an error of ours. */
async function strike<Told>(scenario: CrashScenario<Told>, disk: CrashDisk, told: Told): Promise<void> {
  try {
    await scenario.run(disk, told);
  } catch (error) {
    if (!(error instanceof PowerCut) && !KeepsakeError.is(error)) throw error;
  }
}

async function checkAt<Told>(
  scenario: CrashScenario<Told>,
  disk: CrashDisk,
  told: Told,
  place: CrashPlace,
): Promise<void> {
  try {
    await scenario.check(disk, told, place);
  } catch (cause) {
    const { point, fault, seed } = place;
    throw new RangeError(`after ${fault} at point ${point}, disk ${seed}`, { cause });
  }
}
