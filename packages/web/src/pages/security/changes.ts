import { signal, type Signal } from "@preact/signals";

/** Counts up when something was changed here, so that the other parts of the page are asked for anew. */
export const changes: Signal<number> = signal(0);
