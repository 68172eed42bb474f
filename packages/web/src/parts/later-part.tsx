import { signal, type Signal } from "@preact/signals";
import type { FunctionComponent } from "preact";
import { useEffect } from "preact/hooks";
import { say } from "../state/language.ts";
import { frame } from "../words/frame.ts";
import { Problem } from "./problem.tsx";

/** Stands for a part of the page that few need, or need later: it is fetched when it is first shown. */
export function laterPart<P extends object>(load: () => Promise<FunctionComponent<P>>): FunctionComponent<P> {
  const part: Signal<FunctionComponent<P> | undefined> = signal(undefined);
  const error: Signal<unknown> = signal(undefined);
  return function Later(given: P) {
    useEffect(() => {
      if (part.value !== undefined) return;
      load().then(
        (found) => (part.value = found),
        (problem: unknown) => (error.value = problem),
      );
    }, []);
    const Part = part.value;
    if (Part !== undefined) return <Part {...given} />;
    if (error.value !== undefined) return <Problem error={error.value} />;
    return <p class="empty">{say(frame).loading}</p>;
  };
}
