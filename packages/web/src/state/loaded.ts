import { useSignal, type ReadonlySignal } from "@preact/signals";
import { useEffect } from "preact/hooks";

/** What comes from the worker: nothing yet, there, or an error. */
export interface Loaded<T> {
  readonly value?: T;
  readonly error?: unknown;
}

/** Loads something when the page comes up, and again when one of the inputs changes. */
export function useLoaded<T>(load: () => Promise<T>, inputs: readonly unknown[]): ReadonlySignal<Loaded<T>> {
  const loaded = useSignal<Loaded<T>>({});
  useEffect(() => {
    let isGone = false;
    loaded.value = {};
    load().then(
      (value) => {
        if (!isGone) loaded.value = { value };
      },
      (error: unknown) => {
        if (!isGone) loaded.value = { error };
      },
    );
    return () => {
      isGone = true;
    };
  }, inputs);
  return loaded;
}
