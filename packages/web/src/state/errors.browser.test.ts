import { KeepsakeError } from "@keepsake/core/base";
import { afterEach, expect, test, vi } from "vitest";
import { joinThreads, type Carrying, type Far } from "../threads/calls.ts";
import { carryErrors, Problem, type Told } from "./errors.ts";

interface Failing {
  fail(): void;
}

/** Both ends of a thread. */
function farOf(here: Failing, carrying: Carrying<Told>): Far<Failing> {
  const { port1, port2 } = new MessageChannel();
  joinThreads(port1, here, carrying);
  const far = joinThreads<Failing, Told>(port2, {}, carrying);
  for (const port of [port1, port2]) port.start();
  return far;
}

const tell = (error: unknown) => {
  const { code, details, retry } = error as KeepsakeError;
  return { code, details, retry };
};
const says = { zh: "不行。", en: "No." };

afterEach(() => vi.restoreAllMocks());

test("an error keeps its code and details on the way, and comes with what is said of it", async () => {
  const asked = vi.fn<(code: string) => Promise<typeof says>>(() => Promise.resolve(says));
  const here = {
    fail() {
      throw new KeepsakeError("vault.wrong-key", { details: { left: 2 } });
    },
  };
  const far = farOf(here, carryErrors(tell, asked));
  const problem: unknown = await far.fail().catch((error: unknown) => error);
  expect(Problem.is(problem, "vault.wrong-key")).toBe(true);
  expect(problem).toMatchObject({ says, told: { details: { left: 2 }, retry: "never" } });
  expect(asked.mock.calls).toEqual([["vault.wrong-key"]]);
});

test("nothing is asked for until something fails", async () => {
  const asked = vi.fn<(code: string) => Promise<typeof says>>(() => Promise.resolve(says));
  await farOf({ fail: () => undefined }, carryErrors(tell, asked)).fail();
  expect(asked).not.toHaveBeenCalled();
});
