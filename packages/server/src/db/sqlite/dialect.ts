import {
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  type Dialect,
  type SelectModifierNode,
} from "kysely";
import { driverOver } from "../driver.ts";
import { openSqlite } from "./engine.ts";

/** SQLite by `node:sqlite`. Opens the file at once, and throws what `openSqlite` throws. */
export function sqliteDialect(file: string): Dialect {
  const engine = openSqlite(file);
  return {
    createDriver: () => driverOver(engine),
    createQueryCompiler: () => new Compiler(),
    createAdapter: () => new Adapter(),
    createIntrospector: (db) => new SqliteIntrospector(db),
  };
}

class Adapter extends SqliteAdapter {
  // The engine itself lets one wait for the other, and can say when a statement would wait for its own transaction.
  override get supportsMultipleConnections(): boolean {
    return true;
  }
}

class Compiler extends SqliteQueryCompiler {
  /** `for update` and `skip locked` are left out: a transaction has the whole database to itself. */
  protected override visitSelectModifier(node: SelectModifierNode): void {
    if (node.modifier === "Distinct" || node.rawModifier !== undefined) super.visitSelectModifier(node);
  }
}
