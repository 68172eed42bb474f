import { expect, test } from "vitest";
import { codes, KeepsakeError } from "./index.ts";

test("an error's text is its code's English sentence where the table is loaded", () => {
  expect(new KeepsakeError("web.locked").message).toBe(codes["web.locked"].en);
});
