import { KeepsakeError, type Clock } from "@keepsake/core/base";
import type { Db } from "../../db/index.ts";

/** The names of all cells, in the database of the gateways. */
export interface Names {
  readonly db: Db;
  readonly clock: Clock;
}

/** What claimed a name has come to its end by then, one way or the other. */
const SETTLED_MS = 10 * 60_000;
const PAGE = 500;

/** Takes names for a cell, all or none. Gives those that another cell has: where there are any, none was taken. */
export async function claimNames(
  { db, clock }: Names,
  cell: number,
  names: readonly string[],
): Promise<readonly string[]> {
  const atMs = clock.now();
  // In one order, so that of two that claim the same ones neither waits for the other for ever.
  const rows = [...new Set(names)].toSorted().map((nameIndex) => ({ nameIndex, cell, atMs }));
  if (rows.length === 0) return [];
  let taken: readonly string[] = [];
  try {
    await db.transaction(async (query) => {
      const claimed = await query
        .insertInto("directoryName")
        .values(rows)
        .onConflict((conflict) =>
          conflict.column("nameIndex").doUpdateSet({ atMs }).where("directoryName.cell", "=", cell),
        )
        .returning("nameIndex")
        .execute();
      const own = new Set(claimed.map(({ nameIndex }) => nameIndex));
      taken = rows.flatMap(({ nameIndex }) => (own.has(nameIndex) ? [] : [nameIndex]));
      if (taken.length > 0) throw new KeepsakeError("member.taken");
    });
  } catch (error) {
    if (!KeepsakeError.is(error, "member.taken")) throw error;
  }
  return taken;
}

/** Gives names of a cell up, and says how many: not those that were claimed just now, perhaps for what is under way. */
export async function releaseNames(
  { db, clock }: Names,
  cell: number,
  names: readonly string[],
): Promise<number> {
  if (names.length === 0) return 0;
  const { numDeletedRows } = await db.query
    .deleteFrom("directoryName")
    .where("nameIndex", "in", names)
    .where("cell", "=", cell)
    .where("atMs", "<=", clock.now() - SETTLED_MS)
    .executeTakeFirst();
  return Number(numDeletedRows);
}

/** The cell of the first of these names that any has; undefined where none has. */
export async function cellOfNames(
  { db }: Pick<Names, "db">,
  names: readonly string[],
): Promise<number | undefined> {
  const rows = await db.query
    .selectFrom("directoryName")
    .select(["nameIndex", "cell"])
    .where("nameIndex", "in", names)
    .execute();
  return names.flatMap((name) => rows.find(({ nameIndex }) => nameIndex === name) ?? [])[0]?.cell;
}

/** Whether a cell other than this one has one of these names. */
export async function isElsewhere({ db }: Names, cell: number, names: readonly string[]): Promise<boolean> {
  const found = await db.query
    .selectFrom("directoryName")
    .select("cell")
    .where("nameIndex", "in", names)
    .where("cell", "!=", cell)
    .executeTakeFirst();
  return found !== undefined;
}

/** The names of a cell after one of them, in order; and whether these are the last. */
export async function listNames(
  { db }: Names,
  cell: number,
  after: string,
): Promise<{ readonly names: readonly string[]; readonly isEnd: boolean }> {
  const rows = await db.query
    .selectFrom("directoryName")
    .select("nameIndex")
    .where("cell", "=", cell)
    .where("nameIndex", ">", after)
    .orderBy("nameIndex")
    .limit(PAGE)
    .execute();
  return { names: rows.map(({ nameIndex }) => nameIndex), isEnd: rows.length < PAGE };
}
