import { PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler, type Dialect } from "kysely";
import { driverOver } from "../driver.ts";
import { openPool } from "./engine.ts";

/** PostgreSQL by `pg`. Throws what `openPool` throws. */
export async function openPostgres(address: string, connections: number): Promise<Dialect> {
  const engine = await openPool(address, connections);
  return {
    createDriver: () => driverOver(engine),
    createQueryCompiler: () => new PostgresQueryCompiler(),
    createAdapter: () => new PostgresAdapter(),
    createIntrospector: (db) => new PostgresIntrospector(db),
  };
}
