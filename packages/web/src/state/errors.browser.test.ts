import { KeepsakeError } from "@keepsake/core/base";
import { expose, wrap, type Remote } from "comlink";
import { afterEach, expect, test, vi } from "vitest";
import { carryErrors, Problem } from "./errors.ts";

interface Far {
  fail(): void;
}

/** Both ends of a thread. */
function farOf(far: Far): Remote<Far> {
  const { port1, port2 } = new MessageChannel();
  expose(far, port1);
  return wrap<Far>(port2);
}

const tell = (error: unknown) => {
  const { code, details, retry } = error as KeepsakeError;
  return { code, details, retry };
};
const says = { zh: "不行。", en: "No." };

afterEach(() => vi.restoreAllMocks());

test("an error keeps its code and details on the way, and comes with what is said of it", async () => {
  const asked = vi.fn<(code: string) => Promise<typeof says>>(() => Promise.resolve(says));
  carryErrors(tell, asked);
  const far = farOf({
    fail() {
      throw new KeepsakeError("vault.wrong-key", { details: { left: 2 } });
    },
  });
  const problem: unknown = await far.fail().catch((error: unknown) => error);
  expect(Problem.is(problem, "vault.wrong-key")).toBe(true);
  expect(problem).toMatchObject({ says, told: { details: { left: 2 }, retry: "never" } });
  expect(asked.mock.calls).toEqual([["vault.wrong-key"]]);
});

test("nothing is asked for until something fails", async () => {
  const asked = vi.fn<(code: string) => Promise<typeof says>>(() => Promise.resolve(says));
  carryErrors(tell, asked);
  await farOf({ fail: () => undefined }).fail();
  expect(asked).not.toHaveBeenCalled();
});
