import { signal, type ReadonlySignal } from "@preact/signals";
import { desk } from "./desk.ts";

/** The version that pages show, and of when it is; undefined for the newest. */
const shown = signal<{ readonly number: number; readonly timeMs: number } | undefined>(undefined);

export const shownVersion: ReadonlySignal<{ readonly number: number; readonly timeMs: number } | undefined> =
  shown;

/** Has all pages show a version. */
export async function showVersion(number: number, timeMs: number): Promise<void> {
  await desk.versions.show(number);
  shown.value = { number, timeMs };
}

export async function showNewest(): Promise<void> {
  await desk.versions.show(undefined);
  shown.value = undefined;
}
