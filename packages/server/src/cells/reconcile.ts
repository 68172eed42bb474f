import { KeepsakeError, throwIfAborted } from "@keepsake/core/base";
import type { Server } from "../server.ts";

/*
 * The directory of all cells and the names in this cell's own tables. Claims come before rows and go after them, so
 * that what is cut off in between leaves at most a claim too many; an older copy of either side leaves more. This job
 * makes them agree, and from it a directory that was lost comes back.
 */

/** So many names are held at once, of each side. */
const BATCH = 500;

/** What a comparison of names came to. */
interface NamesReconciled {
  readonly names: number;
  readonly claimed: number;
  readonly released: number;
  /** Names that another cell has as well: somebody there and somebody here log in by one name. */
  readonly elsewhere: number;
}

/** Claims the names of this cell that the directory lacks, and gives up those that no row of this cell has. */
export async function reconcileNames(server: Server, signal?: AbortSignal): Promise<NamesReconciled> {
  const { cells, log } = server;
  const counts = { names: 0, claimed: 0, released: 0, elsewhere: 0 };
  const [missing, left]: [string[], string[]] = [[], []];
  const settle = async (): Promise<void> => {
    throwIfAborted(signal);
    const taken = missing.length === 0 ? [] : await cells.directory.claimFree(missing);
    counts.claimed += missing.length - taken.length;
    counts.elsewhere += taken.length;
    missing.length = 0;
    const free = await withoutRow(server, left);
    if (free.length > 0) counts.released += await cells.directory.release(free);
    left.length = 0;
  };
  for await (const { name, here, there } of sideBySide(ownNames(server), listedNames(server))) {
    if (here) counts.names += 1;
    if (!there) missing.push(name);
    if (!here) left.push(name);
    if (missing.length >= BATCH || left.length >= BATCH) await settle();
  }
  await settle();
  if (counts.elsewhere > 0) log({ event: "names-in-two-cells", names: counts.elsewhere });
  return counts;
}

/** Gives names up whose rows are gone. Where the directory is away, `reconcileNames` does it later. */
export async function giveUp({ cells, log }: Server, names: readonly string[]): Promise<void> {
  try {
    if (names.length > 0) await cells.directory.release(names);
  } catch (error) {
    if (!KeepsakeError.is(error)) throw error;
    log({ event: "names-kept", names: names.length, code: error.code });
  }
}

/** Those that still no row has: one may have come since the tables were read. */
async function withoutRow({ db }: Server, names: readonly string[]): Promise<readonly string[]> {
  if (names.length === 0) return [];
  const rows = await db.query
    .selectFrom("memberName")
    .select("nameIndex")
    .where("nameIndex", "in", names)
    .execute();
  const had = new Set(rows.map(({ nameIndex }) => nameIndex));
  return names.filter((name) => !had.has(name));
}

async function* ownNames({ db }: Server): AsyncGenerator<string> {
  for (let after = ""; ;) {
    const rows = await db.query
      .selectFrom("memberName")
      .select("nameIndex")
      .where("nameIndex", ">", after)
      .orderBy("nameIndex")
      .limit(BATCH)
      .execute();
    for (const { nameIndex } of rows) yield nameIndex;
    if (rows.length < BATCH) return;
    after = rows.at(-1)!.nameIndex;
  }
}

async function* listedNames({ cells }: Server): AsyncGenerator<string> {
  for (let after = ""; ;) {
    const { names, isEnd } = await cells.directory.list(after);
    yield* names;
    if (isEnd || names.length === 0) return;
    after = names.at(-1)!;
  }
}

interface Sides {
  readonly name: string;
  readonly here: boolean;
  readonly there: boolean;
}

/** Two lists in the same order as one, with who has each. */
async function* sideBySide(
  own: AsyncGenerator<string>,
  listed: AsyncGenerator<string>,
): AsyncGenerator<Sides> {
  let [here, there] = [await own.next(), await listed.next()];
  while (here.done !== true || there.done !== true) {
    const first = here.done === true || (there.done !== true && there.value < here.value) ? there : here;
    const name = first.value as string;
    const [isHere, isThere] = [here, there].map((side) => side.done !== true && side.value === name);
    yield { name, here: isHere!, there: isThere! };
    if (isHere === true) here = await own.next();
    if (isThere === true) there = await listed.next();
  }
}
