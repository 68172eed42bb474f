import { signal } from "@preact/signals";
import type { FunctionComponent } from "preact";
import { useEffect } from "preact/hooks";
import { Problem } from "../parts/problem.tsx";
import { say } from "../state/language.ts";
import { frame } from "../words/frame.ts";

interface LaterOptions {
  /** Whether nothing is said until it is there, nor where it cannot be had: for what nobody asked for. */
  readonly isQuiet?: boolean;
}

/** A page that few open, or a part of one: it is fetched when somebody first does. */
export function laterPage<P extends object>(
  load: () => Promise<FunctionComponent<P>>,
  { isQuiet = false }: LaterOptions = {},
): FunctionComponent<P> {
  const page = signal<{ readonly Page: FunctionComponent<P> } | undefined>(undefined);
  const error = signal<unknown>(undefined);
  return function LaterPage(given: P) {
    useEffect(() => {
      if (page.value !== undefined) return;
      error.value = undefined;
      load().then(
        (Page) => (page.value = { Page }),
        (problem: unknown) => (error.value = problem),
      );
    }, []);
    if (page.value !== undefined) return <page.value.Page {...given} />;
    if (isQuiet) return null;
    return error.value === undefined ? (
      <p class="empty">{say(frame).loading}</p>
    ) : (
      <Problem error={error.value} />
    );
  };
}
