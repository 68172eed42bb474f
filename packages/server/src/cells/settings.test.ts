import { KeepsakeError } from "@keepsake/core/base";
import { expect, test } from "vitest";
import { parseConfig } from "../config.ts";

const guards = "https://a.example,https://b.example";
const key = "k".repeat(32);
const whole = {
  KEEPSAKE_CELL: "1",
  KEEPSAKE_CELLS: "0=http://10.0.0.1:7430 1=https://10.0.0.2/*3",
  KEEPSAKE_CELLS_KEY: key,
  KEEPSAKE_DIRECTORY: "http://10.0.0.9:7432,http://10.0.0.8:7432/",
  KEEPSAKE_GUARDS: guards,
};

/** The name of the setting that is refused. */
function refused(environment: Readonly<Record<string, string>>): unknown {
  try {
    parseConfig(environment);
  } catch (error) {
    return KeepsakeError.is(error, "base.invalid") ? error.details["name"] : error;
  }
  return undefined;
}

test("a server is alone unless it is told of cells", () => {
  expect(parseConfig({}).cells).toEqual({ own: 0, all: [], key: "", directory: [] });
  expect(parseConfig({ KEEPSAKE_CELL: "0" }).cells).toEqual(parseConfig({}).cells);
});

test("a cell knows all cells, the directories and the key", () => {
  expect(parseConfig(whole).cells).toEqual({
    own: 1,
    all: [
      { cell: 0, url: "http://10.0.0.1:7430", weight: 1 },
      { cell: 1, url: "https://10.0.0.2", weight: 3 },
    ],
    key,
    directory: ["http://10.0.0.9:7432", "http://10.0.0.8:7432"],
  });
});

test.each([
  ["KEEPSAKE_CELL", { KEEPSAKE_CELL: "1024" }],
  ["KEEPSAKE_CELL", { KEEPSAKE_CELL: "one" }],
  ["KEEPSAKE_CELLS", { KEEPSAKE_CELLS: "" }],
  ["KEEPSAKE_CELLS", { KEEPSAKE_CELL: "2" }],
  ["KEEPSAKE_CELLS", { KEEPSAKE_CELLS: "1=http://a 1=http://b" }],
  ["KEEPSAKE_CELLS", { KEEPSAKE_CELLS: "1=http://a/b" }],
  ["KEEPSAKE_CELLS", { KEEPSAKE_CELLS: "1=ftp://a" }],
  ["KEEPSAKE_CELLS", { KEEPSAKE_CELLS: "1=http://a*0" }],
  ["KEEPSAKE_CELLS", { KEEPSAKE_CELLS: "1=http://a*9999" }],
  ["KEEPSAKE_CELLS", { KEEPSAKE_CELLS: "1024=http://a 1=http://b" }],
  ["KEEPSAKE_CELLS_KEY", { KEEPSAKE_CELLS_KEY: "k".repeat(31) }],
  ["KEEPSAKE_CELLS_KEY", { KEEPSAKE_CELLS_KEY: `${"k".repeat(40)} ` }],
  ["KEEPSAKE_DIRECTORY", { KEEPSAKE_DIRECTORY: "" }],
  ["KEEPSAKE_DIRECTORY", { KEEPSAKE_DIRECTORY: "10.0.0.9:7432" }],
  ["KEEPSAKE_GUARDS", { KEEPSAKE_GUARDS: "self,https://b.example" }],
  ["KEEPSAKE_GUARDS", { KEEPSAKE_GUARDS: "" }],
] as const)("%s is refused: %j", (name, change) => {
  expect(refused({ ...whole, ...change })).toBe(name);
});
