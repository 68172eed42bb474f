import { KeepsakeError } from "@keepsake/core/base";
import type { Db } from "../db/index.ts";
import { emptyFolder, folderDayKeys, type DayKeys } from "./day-keys.ts";
import { randomId } from "./ids.ts";

/*
 * Which folder of day keys is a database's own. A mark in the folder is known to the database, so that a disk that is
 * not mounted, or another server's, is not taken for it: what was sealed under a new key there would be lost with it.
 */

const FACT = "day-keys";
type Query = Pick<Db, "query">["query"];

/**
 * The day keys of a database, with the first of them where it has no tokens yet. Throws `server.day-keys` where the
 * folder is another's, or is empty although tokens hang on it.
 */
export async function dayKeysOf(query: Query, folder: string, nowMs: number): Promise<DayKeys> {
  const keys = await folderDayKeys(folder);
  const isEmpty = (await keys.days()).length === 0;
  if (isEmpty && (await hasTokens(query))) throw emptyFolder();
  const [known, there] = [await knownMark(query), await keys.mark()];
  const mark = there ?? (await keys.setMark(known ?? randomId()));
  await query
    .insertInto("fact")
    .values({ name: FACT, value: mark })
    .onConflict((conflict) => conflict.column("name").doNothing())
    .execute();
  if ((await knownMark(query)) !== mark)
    throw new KeepsakeError("server.day-keys", { retry: "later", details: { why: "other" } });
  if (isEmpty) await keys.begin(nowMs);
  return keys;
}

/** Whether tokens hang on the key of any day. */
export async function hasTokens(query: Query): Promise<boolean> {
  const found = await query
    .selectFrom("keyToken")
    .select("day")
    .where("day", ">", "")
    .limit(1)
    .executeTakeFirst();
  return found !== undefined;
}

/** How many tokens open with no key of the folder. */
export async function lostTokens(query: Query, keys: DayKeys): Promise<number> {
  const { count } = await query
    .selectFrom("keyToken")
    .select((row) => row.fn.countAll<number>().as("count"))
    .where("day", "not in", ["", ...(await keys.days())])
    .executeTakeFirstOrThrow();
  return count;
}

/** Makes a folder a database's own, whatever was before. Tokens of days that are not in it are lost. */
export async function adoptDayKeys(query: Query, keys: DayKeys, nowMs: number): Promise<void> {
  const value = (await keys.mark()) ?? (await keys.setMark(randomId()));
  await query
    .insertInto("fact")
    .values({ name: FACT, value })
    .onConflict((conflict) => conflict.column("name").doUpdateSet({ value }))
    .execute();
  await keys.begin(nowMs);
}

async function knownMark(query: Query): Promise<string | undefined> {
  const fact = await query.selectFrom("fact").select("value").where("name", "=", FACT).executeTakeFirst();
  return fact?.value;
}
