import { signal, type ReadonlySignal } from "@preact/signals";
import { step } from "../pages/sources/under-way.ts";
import { isSample, lock } from "../state/arrival.ts";
import { desk } from "../state/desk.ts";
import { Problem } from "../state/errors.ts";
import { look } from "../state/look.ts";
import { shownVersion } from "../state/version.ts";

const LOOK_MS = 60_000;
const TICK_MS = 10_000;
/** Somewhere within so long after something was opened, what is paid for begins to be brought. */
const KEEP_UP_MS = 60_000;

const counted = signal(0);

/** Counts up when another device has added something, so that pages are drawn anew. */
export const edition: ReadonlySignal<number> = counted;

const away = signal(false);

/** Whether the server cannot be reached, so that only what this browser keeps is to be seen. */
export const isAway: ReadonlySignal<boolean> = away;

/** Looks for what other devices add, and locks what nobody uses; gives what ends it. */
export function watch(): () => void {
  let usedAtMs = Date.now();
  const use = (): void => {
    usedAtMs = Date.now();
  };
  const come = (): void => void lookForNew();
  const ticking = setInterval(() => void lockIfIdle(usedAtMs), TICK_MS);
  const looking = setInterval(come, LOOK_MS);
  const keepingUp = setTimeout(() => void keepUp(), KEEP_UP_MS * (0.5 + Math.random()));
  const kinds = ["pointerdown", "keydown", "wheel", "touchstart"] as const;
  for (const kind of kinds) document.addEventListener(kind, use, { passive: true });
  document.addEventListener("visibilitychange", come);
  addEventListener("online", come);
  addEventListener("offline", come);
  void desk.isAway().then((now) => (away.value = now));
  return () => {
    clearInterval(ticking);
    clearInterval(looking);
    clearTimeout(keepingUp);
    for (const kind of kinds) document.removeEventListener(kind, use);
    document.removeEventListener("visibilitychange", come);
    removeEventListener("online", come);
    removeEventListener("offline", come);
  };
}

/** Quietly: the page of plans tells what went wrong. */
async function keepUp(): Promise<void> {
  if (!isSample.value) await desk.plan.keepUp().catch(() => undefined);
}

/** A computer that slept is locked when it wakes: the clock went on. */
async function lockIfIdle(usedAtMs: number): Promise<void> {
  const { lockMinutes } = look.value;
  if (lockMinutes === 0 || Date.now() - usedAtMs < lockMinutes * 60_000) return;
  if (!isSample.value && step.value.is !== "running") await lock();
}

async function lookForNew(): Promise<void> {
  if (document.hidden || isSample.value || shownVersion.value !== undefined) return;
  try {
    if (await desk.refresh()) counted.value++;
  } catch (error) {
    // Who was taken out or logged out elsewhere is told why at the door. Without a network there is nothing to be had.
    if (Problem.is(error, "keys.replaced") || Problem.is(error, "member.no-session")) await lock();
  }
  away.value = await desk.isAway();
}
