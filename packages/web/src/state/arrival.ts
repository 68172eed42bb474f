import { signal, type Signal } from "@preact/signals";
import type { Arrival } from "../worker/door/door.ts";
import { desk } from "./desk.ts";
import { language, tags } from "./language.ts";

/** How far the person has come; undefined until the worker has said so. */
export const arrival: Signal<Arrival | undefined> = signal(undefined);

/** Whether the history that is open is the sample. */
export const isSample: Signal<boolean> = signal(false);

/** Whether who is in runs the server. */
export const isOperator: Signal<boolean> = signal(false);

/** Whether the person went on without typing the words back; the home page keeps asking for it. */
export const isKitLater: Signal<boolean> = signal(false);

/** Asks the server who runs it; while it is away, nobody is taken for that. */
export async function askWhoRuns(): Promise<void> {
  isOperator.value = await desk.isOperator().catch(() => false);
}

export async function arrive(): Promise<void> {
  await desk.speak(tags[language.value]);
  arrival.value = await desk.door.arrive();
}

/** Opens the sample, which nobody has to log in for. */
export async function lookAtSample(): Promise<void> {
  await desk.openSample();
  isSample.value = true;
  arrival.value = { standing: "open" };
}

/** Forgets what is open: with the page goes the worker, and all that it had read. */
export async function lock(): Promise<void> {
  await desk.door.lock();
  location.reload();
}
