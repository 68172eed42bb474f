import fc from "fast-check";
import { expect, test } from "vitest";
import { concatBytes, KeepsakeError, textToBytes, type Bytes } from "../../base/index.ts";
import { testPrimitives } from "../../../testing/primitives.ts";
import {
  appendLeaves,
  appendNodes,
  contentRoot,
  emptyLog,
  leafHash,
  leafSalts,
  logFromJson,
  logRoot,
  logToJson,
  rootsOfRows,
  SALT_BYTES,
} from "./log.ts";

const primitives = await testPrimitives();

/** The same root by the recursive definition: the largest power of two on the left. */
function naivePeaks(leaves: readonly Bytes[]): Bytes[] {
  if (leaves.length === 0) return [];
  const size = 2 ** Math.floor(Math.log2(leaves.length));
  return [mountain(leaves.slice(0, size)), ...naivePeaks(leaves.slice(size))];
}

function mountain(leaves: readonly Bytes[]): Bytes {
  if (leaves.length === 1) return leaves[0]!;
  const half = leaves.length / 2;
  return primitives.sha256(
    concatBytes(new Uint8Array([1]), mountain(leaves.slice(0, half)), mountain(leaves.slice(half))),
  );
}

const someLeaves = fc.array(
  fc.uint8Array({ minLength: 32, maxLength: 32 }).map((leaf) => new Uint8Array(leaf)),
);

test("appending in any portions gives the peaks of the definition", () => {
  fc.assert(
    fc.property(someLeaves, fc.nat(), (leaves, cut) => {
      const at = leaves.length === 0 ? 0 : cut % leaves.length;
      const first = appendLeaves(primitives, emptyLog, leaves.slice(0, at));
      const state = appendLeaves(primitives, first, leaves.slice(at));
      expect(state.peaks).toEqual(naivePeaks(leaves));
      expect(logFromJson(logToJson(state))).toEqual(state);
    }),
  );
});

test("rows hashed in portions give the peaks of their leaves", () => {
  const texts = fc.array(fc.string({ unit: "binary" }), { maxLength: 70 });
  fc.assert(
    fc.property(texts, fc.array(fc.nat({ max: 20 })), (rows, portions) => {
      const salts = primitives.random(rows.length * SALT_BYTES);
      const saltOf = (i: number): Bytes => salts.subarray(i * SALT_BYTES, (i + 1) * SALT_BYTES);
      let state = emptyLog;
      for (const portion of [...portions, rows.length]) {
        const [first, end] = [state.count, Math.min(rows.length, state.count + portion)];
        const part = { salts: salts.slice(first * SALT_BYTES), rows: rows.slice(first, end).map(inPieces) };
        state = appendNodes(primitives, state, rootsOfRows(primitives, first, part));
      }
      const leaves = rows.map((row, i) => leafHash(primitives, saltOf(i), row));
      expect(state).toEqual(appendLeaves(primitives, emptyLog, leaves));
    }),
  );
});

test("logs of other leaves or of another length have other roots", () => {
  const leaf = (byte: number): Bytes => new Uint8Array(32).fill(byte);
  const roots = [[], [1], [2], [1, 2], [2, 1], [1, 2, 3]].map((bytes) =>
    logRoot(primitives, appendLeaves(primitives, emptyLog, bytes.map(leaf))).join(),
  );
  expect(new Set(roots).size).toBe(roots.length);
});

test("a state whose peaks do not fit its count is refused", () => {
  expect(() => logFromJson({ count: 3, peaks: ["00".repeat(32)] })).toThrow(KeepsakeError);
  expect(() => logFromJson({ count: 1, peaks: ["0"] })).toThrow(KeepsakeError);
});

test("salts are one stream, wherever the reading begins", async () => {
  const key = new Uint8Array(32).fill(9);
  const all = await leafSalts(primitives, key, 0, 20);
  expect(await leafSalts(primitives, key, 7, 5)).toEqual(all.slice(7 * 16, 12 * 16));
});

test("the content root does not depend on the order in which collections come", () => {
  const [a, b] = ["00".repeat(16), "ff".repeat(16)];
  const root = new Uint8Array(32).fill(1);
  const other = new Uint8Array(32).fill(2);
  const forth = contentRoot(
    primitives,
    new Map([
      [a, root],
      [b, other],
    ]),
  );
  expect(
    contentRoot(
      primitives,
      new Map([
        [b, other],
        [a, root],
      ]),
    ),
  ).toEqual(forth);
  expect(
    contentRoot(
      primitives,
      new Map([
        [a, other],
        [b, root],
      ]),
    ),
  ).not.toEqual(forth);
});

function inPieces(row: string): Uint8Array[] {
  const bytes = textToBytes(row);
  return [bytes.subarray(0, 3), bytes.subarray(3)];
}
