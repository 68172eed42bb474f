import { useSignal, useSignalEffect, type ReadonlySignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { desk } from "./desk.ts";

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

/** What somebody types, as names are compared; nothing for nothing. The worker makes it: it has the tables. */
export function useFolded(typed: ReadonlySignal<string>): ReadonlySignal<string> {
  const folded = useSignal("");
  useSignalEffect(() => {
    const text = typed.value.trim();
    if (text === "") folded.value = "";
    else
      void desk.search.fold(text).then((made) => {
        if (typed.value.trim() === text) folded.value = made;
      });
  });
  return folded;
}
