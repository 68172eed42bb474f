import type { VNode } from "preact";
import { problemText } from "../words/problems.ts";

/** What went wrong, and what to do; nothing where nothing did. */
export function Problem({ error }: { readonly error: unknown }): VNode | null {
  if (error === undefined) return null;
  return (
    <p class="problem" role="alert">
      {problemText(error)}
    </p>
  );
}
