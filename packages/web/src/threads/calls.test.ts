import { afterEach, expect, test } from "vitest";
import { joinThreads, near, type Far } from "./calls.ts";

const opened: MessagePort[] = [];

afterEach(() => {
  for (const port of opened.splice(0)) port.close();
});

const carrying = {
  tell: (error: unknown) => (error as Error).message,
  become: async (told: string) => new TypeError(`told: ${told}`),
};

/** What stands here, as the other end of a way sees it. */
function farOf<T extends object>(here: T): Far<T> {
  const { port1, port2 } = new MessageChannel();
  opened.push(port1, port2);
  joinThreads(port1, here, carrying);
  const far = joinThreads<T, string>(port2, {}, carrying);
  for (const port of [port1, port2]) port.start();
  return far;
}

class Counter {
  count = 0;

  add(more: number): number {
    return (this.count += more);
  }
}

test("calls are answered by what stands there, in the order in which they came", async () => {
  const far = farOf({ counter: new Counter(), say: async (word: string) => `${word}!` });
  const answers = [far.counter.add(2), far.counter.add(3), far.say("so")];
  expect(await Promise.all(answers)).toEqual([2, 5, "so!"]);
});

test("what is far is no promise", async () => {
  const far = farOf({ counter: new Counter() });
  expect(await Promise.resolve(far)).toBe(far);
});

test("what is near is called back while the call lasts, with what it answers", async () => {
  const far = farOf({
    async ask(questions: { own(names: readonly string[]): unknown }, report: (done: number) => unknown) {
      await report(1);
      return `${String(await questions.own(["a", "b"]))} ${String(await report(2))}`;
    },
  });
  const told: number[] = [];
  const questions = near({ own: (names: readonly string[]) => Promise.resolve(names.length) });
  const report = near((done: number) => told.push(done));
  expect(await far.ask(questions, report)).toBe("2 2");
  expect(told).toEqual([1, 2]);
});

test("what was near is not called any more once its call is answered", async () => {
  let late: (() => unknown) | undefined;
  const far = farOf({
    keep(report: () => unknown): void {
      late = report;
    },
  });
  let calls = 0;
  await far.keep(near(() => calls++));
  expect(await late!()).toBeUndefined();
  expect(calls).toBe(0);
});

test("an error of either side is told to the other", async () => {
  const fail = (): never => {
    throw new RangeError("wrong");
  };
  const far = farOf({ fail, pass: async (on: () => unknown) => on() });
  await expect(far.fail()).rejects.toThrow("told: wrong");
  await expect(far.pass(near(fail))).rejects.toThrow("told: told: wrong");
});

test("what cannot be carried is an error to who asked, not silence", async () => {
  const far = farOf({ give: () => () => undefined, take: () => true });
  await expect(far.give()).rejects.toThrow(TypeError);
  await expect((far.take as (what: unknown) => Promise<unknown>)(() => undefined)).rejects.toThrow();
  expect(await far.take()).toBe(true);
});

test("a port that is given goes over", async () => {
  const far = farOf({ answer: (name: string, port: MessagePort) => port.postMessage(`for ${name}`) });
  const { port1, port2 } = new MessageChannel();
  opened.push(port1);
  const heard = new Promise((resolve) =>
    port1.addEventListener("message", ({ data }) => resolve(data), { once: true }),
  );
  port1.start();
  await far.answer("you", port2);
  expect(await heard).toBe("for you");
});
