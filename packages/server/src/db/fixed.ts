import type { Compilable, CompiledQuery } from "kysely";
import type { Query } from "./tables.ts";

const PLACE = "place of value ";

/**
 * A statement that is asked with other texts each time, and built once: for those that come with every request, where
 * building costs as much as asking. Gives the first row.
 */
export function fixed<A extends readonly string[], R>(
  build: (query: Query, ...given: A) => Compilable<R>,
): (query: Query, ...given: A) => Promise<R | undefined> {
  const built = new WeakMap<Query, CompiledQuery<R>>();
  return async (query, ...given) => {
    let statement = built.get(query);
    if (statement === undefined) {
      const places = given.map((_, i) => `${PLACE}${i}`) as unknown as A;
      statement = build(query, ...places).compile();
      built.set(query, statement);
    }
    const parameters = statement.parameters.map((value) =>
      typeof value === "string" && value.startsWith(PLACE) ? given[Number(value.slice(PLACE.length))] : value,
    );
    const { rows } = await query.executeQuery<R>({ ...statement, parameters });
    return rows[0];
  };
}
