import { expect, test } from "vitest";
import { codes } from "../codes/index.ts";
import { fileFindings } from "./files.ts";
import { formatFindings } from "./formats.ts";
import { findingWords, type FindingCode } from "./index.ts";

const own = { ...fileFindings, ...formatFindings };

test("every finding has words in both languages that can follow a number, and no code has two meanings", () => {
  for (const [code, { en, zh }] of Object.entries(own)) {
    expect({ code, en }).toEqual({ code, en: expect.stringMatching(/^[a-z].*[^.]$/) as string });
    expect({ code, zh }).toEqual({ code, zh: expect.stringMatching(/[\u4e00-\u9fff].*[^。]$/) as string });
    expect(Object.hasOwn(codes, code)).toBe(false);
    expect(findingWords(code as FindingCode)).toEqual({ en, zh });
  }
});

test("an error that touched one thing alone is told in its own sentence", () => {
  expect(findingWords("vault.corrupt")).toBe(codes["vault.corrupt"]);
});
