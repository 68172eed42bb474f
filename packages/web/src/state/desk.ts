import type { Desk } from "../worker/desk.ts";
// oxlint-disable-next-line import/default -- what the bundler gives for it
import workerUrl from "../worker/main.ts?worker&url";
import { joinThreads, type Far } from "../threads/calls.ts";
import { saysOf } from "../words/problems.ts";
import { carryErrors, unexpected, type Told } from "./errors.ts";
import { trustedUrl } from "./trusted.ts";

/** The worker that holds everything open. */
export const desk: Far<Desk> = joinThreads<Desk, Told>(
  new Worker(trustedUrl(workerUrl), { type: "module" }),
  {},
  carryErrors(unexpected, (code) => saysOf(code, (of) => desk.says(of))),
);
