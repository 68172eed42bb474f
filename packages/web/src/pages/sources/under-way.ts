import { signal, type Signal } from "@preact/signals";
import type { Estimate } from "../../worker/act/estimate.ts";
import type { Imported, SourceFound } from "../../worker/act/imports.ts";
import type { Question } from "./questions.tsx";

/** How far an import is. */
export type Step =
  | { readonly is: "named" }
  | { readonly is: "running"; readonly told: string; readonly share: number | undefined }
  | { readonly is: "stopped" }
  | { readonly is: "done"; readonly name: string; readonly result: Imported };

/*
 * The import that is under way goes on while other pages are looked at: what is known of it belongs to no page.
 */

export const found: Signal<SourceFound | undefined> = signal(undefined);
export const step: Signal<Step> = signal({ is: "named" });
export const question: Signal<Question | undefined> = signal(undefined);
/** What it would take, where that was asked. */
export const estimated: Signal<Estimate | undefined> = signal(undefined);
export const error: Signal<unknown> = signal(undefined);

/** Begins with what was found; nothing of what was before stays. */
export function begin(what: SourceFound | undefined): void {
  [found.value, step.value] = [what, { is: "named" }];
  [question.value, estimated.value, error.value] = [undefined, undefined, undefined];
}

addEventListener("beforeunload", (event) => {
  if (step.value.is === "running") event.preventDefault();
});
