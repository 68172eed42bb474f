import { wrap } from "comlink";
import type { Desk } from "../worker/desk.ts";
// oxlint-disable-next-line import/default -- what the bundler gives for it
import workerUrl from "../worker/main.ts?worker&url";
import { saysOf } from "../words/problems.ts";
import { carryErrors, unexpected } from "./errors.ts";
import { trustedUrl } from "./trusted.ts";

/** What lies on the other side of a thread: every call takes a while. */
type Far<T> = {
  readonly [K in keyof T]: T[K] extends (...args: infer A) => infer R
    ? (...args: A) => Promise<Awaited<R>>
    : Far<T[K]>;
};

carryErrors(unexpected, (code) => saysOf(code, (of) => desk.says(of)));

/** The worker that holds everything open. */
export const desk: Far<Desk> = wrap(
  new Worker(trustedUrl(workerUrl), { type: "module" }),
) as unknown as Far<Desk>;
