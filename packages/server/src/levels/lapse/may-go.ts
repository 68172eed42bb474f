import type { ExpressionBuilder, ExpressionWrapper, SqlBool } from "kysely";
import type { Tables } from "../../db/index.ts";

/** Whether an object may go for its age: it has a week, and holds no keys, whatever its client said. */
export function mayGo(
  row: ExpressionBuilder<Tables, "object">,
): ExpressionWrapper<Tables, "object", SqlBool> {
  return row.and([
    row("object.week", ">", 0),
    row.not(
      row.exists(
        row
          .selectFrom("keyToken")
          .select("keyToken.name")
          .whereRef("keyToken.vault", "=", "object.vault")
          .whereRef("keyToken.name", "=", "object.name"),
      ),
    ),
  ]);
}
