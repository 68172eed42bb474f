import { bytesToText } from "@keepsake/core/base";
import { readIfThere, writePrivate } from "../device/folders.ts";
import type { AgentConfig } from "./kept/config.ts";
import { agentFile } from "./kept/files.ts";
import { isWithin, nextBegin } from "./plan/hours.ts";
import type { Power } from "./machine/power.ts";

/** What a person says to a running agent lies in this file of its folder. */
export const PAUSE = "pause.json";

/** Why nothing is begun, and what runs is stopped. */
export type HoldReason = "paused" | "hours" | "battery" | "metered";

export interface Hold {
  readonly reason: HoldReason;
  /** When it ends, where that is known. */
  readonly until?: number;
}

/** A pause that the person asked for; without an end, until `agent resume`. */
export interface Pause {
  readonly until?: number;
}

/** Whether work may begin now, or go on; undefined if it may. What is not known holds nothing back. */
export function holdOf(
  config: AgentConfig,
  now: number,
  { pause, power }: { readonly pause: Pause | undefined; readonly power: Power },
): Hold | undefined {
  if (pause !== undefined && (pause.until === undefined || pause.until > now))
    return { reason: "paused", ...pause };
  if (config.hours !== undefined && !isWithin(config.hours, now))
    return { reason: "hours", until: nextBegin(config.hours, now) };
  if (config.isPausedOnBattery && power.isOnBattery === true) return { reason: "battery" };
  if (config.isPausedOnMetered && power.isOnMetered === true) return { reason: "metered" };
  return undefined;
}

/** What the person said last: stop, or go on. */
interface Said {
  readonly pause?: Pause;
  readonly resumedAt?: number;
}

/** What holds of what the person said: a pause, and when work was to go on again. */
export interface Asked {
  readonly pause: Pause | undefined;
  /** What waited for the person at that time is tried again. */
  readonly resumedAt: number;
}

/** A file that cannot be read holds everything back until the person says something else. */
export async function readAsked(env: NodeJS.ProcessEnv, now: number): Promise<Asked> {
  const file = await readIfThere(agentFile(env, PAUSE));
  if (file === undefined) return { pause: undefined, resumedAt: 0 };
  try {
    const { pause, resumedAt = 0 } = JSON.parse(bytesToText(file)) as Said;
    const isOver = pause?.until !== undefined && pause.until <= now;
    return { pause: isOver ? undefined : pause, resumedAt };
  } catch {
    return { pause: {}, resumedAt: 0 };
  }
}

export async function writePause(env: NodeJS.ProcessEnv, pause: Pause): Promise<void> {
  await write(env, { pause });
}

export async function writeResumed(env: NodeJS.ProcessEnv, now: number): Promise<void> {
  await write(env, { resumedAt: now });
}

async function write(env: NodeJS.ProcessEnv, said: Said): Promise<void> {
  await writePrivate(agentFile(env, PAUSE), `${JSON.stringify(said)}\n`);
}
