import { KeepsakeError } from "@keepsake/core/base";
import type { Db } from "../db/index.ts";

const FACT = "cell";

/**
 * Takes down in a fresh database which cell it is of. Throws `server.wrong-cell` where it is another's: what that one
 * gave out would not be found again. One that had secrets before there were cells is cell 0's.
 */
export async function requireCell({ query }: Pick<Db, "query">, cell: number): Promise<void> {
  const factOf = (name: string) =>
    query.selectFrom("fact").select("value").where("name", "=", name).executeTakeFirst();
  const isOlder = (await factOf("secrets")) !== undefined;
  await query
    .insertInto("fact")
    .values({ name: FACT, value: isOlder ? "0" : String(cell) })
    .onConflict((conflict) => conflict.column("name").doNothing())
    .execute();
  const known = Number((await factOf(FACT))?.value);
  if (known !== cell) throw new KeepsakeError("server.wrong-cell", { details: { cell: known, asked: cell } });
}
