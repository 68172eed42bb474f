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
export function laterPage(
  load: () => Promise<FunctionComponent>,
  { isQuiet = false }: LaterOptions = {},
): FunctionComponent {
  const page = signal<{ readonly Page: FunctionComponent } | undefined>(undefined);
  const error = signal<unknown>(undefined);
  return function LaterPage() {
    useEffect(() => {
      if (page.value !== undefined) return;
      error.value = undefined;
      load().then(
        (Page) => (page.value = { Page }),
        (problem: unknown) => (error.value = problem),
      );
    }, []);
    if (page.value !== undefined) return <page.value.Page />;
    if (isQuiet) return null;
    return error.value === undefined ? (
      <p class="empty">{say(frame).loading}</p>
    ) : (
      <Problem error={error.value} />
    );
  };
}
