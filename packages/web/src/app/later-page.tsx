import { signal } from "@preact/signals";
import type { FunctionComponent } from "preact";
import { useEffect } from "preact/hooks";
import { say } from "../state/language.ts";
import { frame } from "../words/frame.ts";
import { unreachable } from "../words/problems.ts";

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
  const isAway = signal(false);
  return function LaterPage(given: P) {
    useEffect(() => {
      if (page.value !== undefined) return;
      isAway.value = false;
      load().then(
        (Page) => (page.value = { Page }),
        () => (isAway.value = true),
      );
    }, []);
    if (page.value !== undefined) return <page.value.Page {...given} />;
    if (isQuiet) return null;
    return isAway.value ? (
      <p class="problem" role="alert">
        {say(unreachable)}
      </p>
    ) : (
      <p class="empty">{say(frame).loading}</p>
    );
  };
}
