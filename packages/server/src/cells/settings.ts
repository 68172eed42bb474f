import { KeepsakeError } from "@keepsake/core/base";
import { MOST_CELLS } from "./tags.ts";

/** A cell and how others reach it. */
export interface CellAddress {
  readonly cell: number;
  readonly url: string;
  /** How many of the new members it takes, beside the others; 0 for none. */
  readonly weight: number;
}

/** What an operator says of cells. */
export interface CellSettings {
  /** The cell that this process is of. */
  readonly own: number;
  /** All cells, this one too; none where the server is alone. */
  readonly all: readonly CellAddress[];
  /** What cells and gateways show each other. */
  readonly key: string;
  /** Where gateways answer what cell has a name; asked in order. */
  readonly directory: readonly string[];
}

const LEAST_KEY = 32;
const MOST_WEIGHT = 1000;

type Text = (name: string, preset: string) => string;

/** The settings of a cell. Throws `base.invalid` with the name of the wrong one. */
export function cellSettings(text: Text, guards: readonly string[]): CellSettings {
  const own = numberIn(text("KEEPSAKE_CELL", "0")) ?? wrong("KEEPSAKE_CELL");
  const all = cellAddresses(text);
  if (all.length === 0) return own === 0 ? { own, all, key: "", directory: [] } : wrong("KEEPSAKE_CELLS");
  if (!all.some(({ cell }) => cell === own)) return wrong("KEEPSAKE_CELLS");
  // What a guard holds is asked for by its own name, which says no cell.
  if (guards.includes("")) return wrong("KEEPSAKE_GUARDS");
  const directory = words(text("KEEPSAKE_DIRECTORY", "")).map(
    (word) => originOf(word) ?? wrong("KEEPSAKE_DIRECTORY"),
  );
  if (directory.length === 0) return wrong("KEEPSAKE_DIRECTORY");
  return { own, all, key: cellsKey(text), directory };
}

/** `0=http://10.0.0.1:7430 1=http://10.0.0.2:7430*3`; none where nothing is set. Throws `base.invalid`. */
export function cellAddresses(text: Text): readonly CellAddress[] {
  const all = words(text("KEEPSAKE_CELLS", "")).map((word) => {
    const [, number = "", address = "", times = "1"] = /^(\d+)=(.+?)(?:\*(\d+))?$/.exec(word) ?? [];
    const [cell, url, weight] = [numberIn(number), originOf(address), Number(times)];
    if (cell === undefined || url === undefined || weight > MOST_WEIGHT) return wrong("KEEPSAKE_CELLS");
    return { cell, url, weight };
  });
  const isDouble = new Set(all.map(({ cell }) => cell)).size < all.length;
  if (isDouble || (all.length > 0 && all.every(({ weight }) => weight === 0))) return wrong("KEEPSAKE_CELLS");
  return all;
}

/** Throws `base.invalid` for a key that could be guessed, or that no header can hold. */
export function cellsKey(text: Text): string {
  const key = text("KEEPSAKE_CELLS_KEY", "");
  return key.length >= LEAST_KEY && /^[\x21-\x7e]+$/.test(key) ? key : wrong("KEEPSAKE_CELLS_KEY");
}

function words(text: string): string[] {
  return text.split(/[\s,]+/).filter((word) => word !== "");
}

function numberIn(text: string): number | undefined {
  return /^\d{1,4}$/.test(text) && Number(text) < MOST_CELLS ? Number(text) : undefined;
}

/** An address without a path, as others add theirs to it. */
function originOf(address: string): string | undefined {
  const url = URL.parse(address);
  return url !== null && /^https?:$/.test(url.protocol) && url.href === `${url.origin}/`
    ? url.origin
    : undefined;
}

function wrong(name: string): never {
  throw new KeepsakeError("base.invalid", { details: { name } });
}
