import { signal, type Signal } from "@preact/signals";
import type { FunctionComponent, VNode } from "preact";
import { useEffect } from "preact/hooks";
import { Problem } from "../parts/problem.tsx";
import { say } from "../state/language.ts";
import { frame } from "../words/frame.ts";

const inside: Signal<FunctionComponent | undefined> = signal(undefined);
const error: Signal<unknown> = signal(undefined);

/** Fetches what is inside, so that it is there once somebody has come in. */
export async function fetchInside(): Promise<void> {
  const { Inside } = await import("./inside.tsx");
  inside.value = Inside;
}

/** What is inside, as soon as it is there: the way in comes without it. */
export function InsideLater(): VNode {
  useEffect(() => {
    if (inside.value === undefined) fetchInside().catch((problem: unknown) => (error.value = problem));
  }, []);
  const Inside = inside.value;
  if (Inside !== undefined) return <Inside />;
  return error.value === undefined ? (
    <p class="empty">{say(frame).loading}</p>
  ) : (
    <Problem error={error.value} />
  );
}
