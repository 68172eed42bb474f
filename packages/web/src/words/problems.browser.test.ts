import { afterEach, expect, test } from "vitest";
import { Problem } from "../state/errors.ts";
import { language, speak } from "../state/language.ts";
import { problemText, saysOf } from "./problems.ts";

const told = { details: {}, retry: "never" } as const;
const spoken = language.value;
afterEach(() => speak(spoken));
const elsewhere = { zh: "没有这个文件。", en: "There is no such file." };

test("a page has words of its own for some codes, and asks for those of the others", async () => {
  const asked: string[] = [];
  const ask = (code: string) => Promise.resolve(asked.push(code)).then(() => elsewhere);
  expect((await saysOf("store.unavailable", ask)).en).toMatch(/cannot be reached/);
  expect(asked).toEqual([]);
  expect(await saysOf("web.no-file", ask)).toEqual(elsewhere);
  expect(asked).toEqual(["web.no-file"]);
});

test("where it cannot be told what is said of a code, the code stays, with words for what nobody expected", async () => {
  const says = await saysOf("web.no-file", () => Promise.reject(new TypeError("no network")));
  const problem = new Problem({ code: "web.no-file", ...told }, says);
  speak("en");
  expect(problemText(problem)).toMatch(/^Something went wrong/);
  expect(Problem.is(problem, "web.no-file")).toBe(true);
});

test("a problem is read in the language that is spoken, also when that changes", () => {
  const problem = new Problem({ code: "web.no-file", ...told }, elsewhere);
  speak("en");
  expect(problemText(problem)).toBe(elsewhere.en);
  speak("zh");
  expect(problemText(problem)).toBe(elsewhere.zh);
});
