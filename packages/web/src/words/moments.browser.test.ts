import { expect, test } from "vitest";
import { language, tags } from "../state/language.ts";
import { momentsAs } from "./moments.ts";

const ways: readonly Intl.DateTimeFormatOptions[] = [
  { hour: "2-digit", minute: "2-digit" },
  { year: "numeric", month: "long", day: "numeric", weekday: "short" },
  { month: "short" },
];
const moments = [
  0,
  -1,
  951_782_399_000,
  1_700_000_000_123,
  Date.UTC(2026, 2, 29, 1, 30),
  Date.UTC(1969, 6, 20),
];

test("moments are said as the browser says them, in the language that is spoken", () => {
  const before = language.value;
  for (const spoken of ["en", "zh", "en"] as const) {
    language.value = spoken;
    for (const options of ways) {
      const say = momentsAs(options);
      for (const timeMs of moments)
        expect(say(timeMs)).toBe(new Date(timeMs).toLocaleString(tags[spoken], options));
    }
  }
  language.value = before;
});

test("what is no date is said to be none", () => {
  const say = momentsAs({ year: "numeric" });
  for (const timeMs of [NaN, 9e15, -9e15]) expect(say(timeMs)).toBe("Invalid Date");
});
