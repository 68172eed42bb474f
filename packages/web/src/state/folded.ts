import { useSignal, useSignalEffect, type ReadonlySignal } from "@preact/signals";
import { desk } from "./desk.ts";

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
