import { canonicalText, canonicalTextWithout } from "../../model/index.ts";
import { hexToBytes, type Bytes, type Primitives } from "../../base/index.ts";
import { appendLeaves, leafHash, leafSalts, SALT_BYTES, type LogState } from "../../vault/index.ts";
import type { Placed, Row } from "./row.ts";

/** Gives rows their leaves: the log after them, and each row with its place. */
export async function placeRows<R extends Row>(
  primitives: Primitives,
  saltKey: Bytes,
  log: LogState,
  rows: readonly R[],
): Promise<{ log: LogState; placed: Placed<R>[]; characters: number }> {
  const salts = await leafSalts(primitives, saltKey, log.count, rows.length);
  let characters = 0;
  const leaves = rows.map((row, i) => {
    const text = rowText(row);
    characters += text.length;
    return leafHash(primitives, saltAt(salts, i), text);
  });
  const placed = rows.map((row, i): Placed<R> => ({ ...row, leaf: log.count + i }));
  return { log: appendLeaves(primitives, log, leaves), placed, characters };
}

/** The leaves of rows that are placed already; rows of one segment lie close together in their log. */
export async function leavesOf(
  primitives: Primitives,
  saltKey: Bytes,
  rows: readonly Placed[],
): Promise<(readonly [row: Placed, leaf: Bytes])[]> {
  const [least, greatest] = leafBounds(rows);
  const isDense = greatest - least < 8 * rows.length;
  const salts = isDense ? await leafSalts(primitives, saltKey, least, greatest - least + 1) : undefined;
  const leaves: (readonly [Placed, Bytes])[] = [];
  for (const row of rows) {
    const salt =
      salts === undefined
        ? await leafSalts(primitives, saltKey, row.leaf, 1)
        : saltAt(salts, row.leaf - least);
    const isForgotten = "forgotten" in row;
    leaves.push([row, isForgotten ? hexToBytes(row.forgotten)! : leafHash(primitives, salt, rowText(row))]);
  }
  return leaves;
}

/** The least and the greatest leaf of rows; a range of none where there are no rows. */
export function leafBounds(rows: readonly Placed[]): readonly [least: number, greatest: number] {
  let [least, greatest] = [rows[0]?.leaf ?? 0, rows[0]?.leaf ?? -1];
  for (const { leaf } of rows) [least, greatest] = [Math.min(least, leaf), Math.max(greatest, leaf)];
  return [least, greatest];
}

function saltAt(salts: Bytes, i: number): Bytes {
  return salts.subarray(i * SALT_BYTES, (i + 1) * SALT_BYTES);
}

/** What a leaf commits to: the canonical text of the row. */
export function rowText(row: Row): string {
  if (!("message" in row)) return canonicalTextWithout(row, notCommitted);
  const [before, after] = aroundMessage(row.run);
  return before + canonicalText(row.message) + after;
}

/** What stands before and after a message's canonical text in the text of its row. */
export function aroundMessage(run: string): readonly [before: string, after: string] {
  return ['{"message":', `,"run":${JSON.stringify(run)}}`];
}

const notCommitted: ReadonlySet<string> = new Set(["leaf"]);
