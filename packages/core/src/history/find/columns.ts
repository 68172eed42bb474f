import { NONE, type ColumnOf, type Room, type TextColumn } from "../../vault/index.ts";
import { Places, unitsToText } from "./text-block.ts";

/** Numbers for what occurs often in a history, the same for all of its segments. */
export class Shared {
  readonly authors: Places = new Places();
  readonly kinds: Places = new Places();
  readonly runs: Places = new Places();
  readonly schemes: Places = new Places();
}

/** The number of each row's text; 0 where it has none. */
export function numbers(
  column: ColumnOf<TextColumn> | undefined,
  places: Places,
  rows: number,
  room: Room,
): Uint32Array {
  const numbered = room.uint32(rows).fill(0);
  if (column === undefined) return numbered;
  const { of, values } = column;
  const { starts, places: distinct } = values;
  if (distinct !== undefined && starts.length === 2) {
    const only = places.of(unitsToText(values.units));
    for (let i = 0; i < rows; i++) if (of[i] !== NONE) numbered[i] = only;
    return numbered;
  }
  const known = room.int32(starts.length - 1).fill(NONE);
  for (let i = 0; i < rows; i++) {
    const at: number = of[i]!;
    if (at === NONE) continue;
    const place = distinct === undefined ? at : distinct[at]!;
    if (known[place] === NONE) known[place] = places.of(unitsToText(unitsAt(values, at)));
    numbered[i] = known[place]!;
  }
  return numbered;
}

/** The text of a row; undefined where it has none. */
export function textAt(column: ColumnOf<TextColumn> | undefined, row: number): string | undefined {
  if (column === undefined || column.of[row] === NONE) return undefined;
  return unitsToText(unitsAt(column.values, column.of[row]!));
}

/** The code units of one of the texts of a column. */
function unitsAt({ units, starts, places }: TextColumn, at: number): TextColumn["units"] {
  const place = places === undefined ? at : places[at]!;
  return units.subarray(starts[place], starts[place + 1]);
}
