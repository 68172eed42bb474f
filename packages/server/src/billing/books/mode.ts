import { KeepsakeError } from "@keepsake/core/base";
import type { Db } from "../../db/index.ts";
import type { Providers } from "../providers/open.ts";

const FACT = "payments";

/**
 * What was bought for nothing must never count where money is taken, nor the other way round: a database on which
 * something was bought in one mode is refused in the other. Throws `base.invalid`.
 */
export async function requireOneMode(db: Db, providers: Providers): Promise<void> {
  if (providers.size === 0) return;
  const mode = [...providers.values()].some(({ isTest }) => isTest) ? "test" : "live";
  const isOther = await db.transaction(async (query) => {
    const known = await query.selectFrom("fact").select("value").where("name", "=", FACT).executeTakeFirst();
    if (known?.value === mode) return false;
    const bought = await query.selectFrom("subscription").select("id").limit(1).executeTakeFirst();
    if (known !== undefined && bought !== undefined) return true;
    await query
      .insertInto("fact")
      .values({ name: FACT, value: mode })
      .onConflict((conflict) => conflict.column("name").doUpdateSet({ value: mode }))
      .execute();
    return false;
  });
  if (isOther)
    throw new KeepsakeError("base.invalid", {
      details: { name: "KEEPSAKE_PAYMENTS", rule: `bought-in-${mode === "test" ? "live" : "test"}-mode` },
    });
}
