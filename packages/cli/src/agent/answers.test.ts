import { expect, test } from "vitest";
import { Answers, mostWaiting } from "./answers.ts";

const said = Promise.resolve("said");

test("a place that does not answer is asked once, keeps no other waiting, and is asked again when it answered", async () => {
  const answers = new Answers({ most: 2, patienceMs: 100 });
  const away = Promise.withResolvers<string>();
  let asked = 0;
  const ask = (): Promise<string> => (asked++, away.promise);
  expect(await answers.of("away", ask)).toBe("silent");
  expect(await answers.of("away", ask)).toBe("silent");
  expect(asked).toBe(1);
  expect(await answers.of("here", () => said)).toBe("said");
  away.resolve("back");
  await away.promise;
  await new Promise((done) => setTimeout(done, 10));
  expect(await answers.of("away", ask)).toBe("back");
  expect(asked).toBe(2);
});

test("so many wait for an answer, and of no other place it is said that it does not answer", async () => {
  const answers = new Answers({ most: 2, patienceMs: 20 });
  const never = (): Promise<string> => new Promise(() => undefined);
  expect(await Promise.all(["a", "b"].map((place) => answers.of(place, never)))).toEqual([
    "silent",
    "silent",
  ]);
  expect(await answers.of("c", () => said)).toBe("later");
});

test("a place that is asked two things at once answers both", async () => {
  const answers = new Answers({ most: 1, patienceMs: 5000 });
  const slowly = async (): Promise<string> => {
    await new Promise((done) => setTimeout(done, 20));
    return "said";
  };
  expect(await Promise.all([1, 2, 3].map(() => answers.of("a", slowly)))).toEqual(["said", "said", "said"]);
});

test("as many wait as leave threads for the agent itself", () => {
  expect(["16", "8", "2", "0", "no"].map((told) => mostWaiting({ UV_THREADPOOL_SIZE: told }))).toEqual([
    12, 6, 1, 1, 1,
  ]);
  expect(mostWaiting({})).toBe(3);
});

test("what fails has answered", async () => {
  const answers = new Answers({ most: 1 });
  const fails = answers.of("a", () => Promise.reject(new TypeError("no")));
  await expect(fails).rejects.toThrow("no");
  expect(await answers.of("a", () => said)).toBe("said");
});
