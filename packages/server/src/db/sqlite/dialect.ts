import {
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  type Dialect,
  type SelectModifierNode,
} from "kysely";
import { driverOver } from "../driver.ts";
import { openFile } from "./engine.ts";

/** SQLite by `node:sqlite`, opened at once. Throws what `openFile` throws. */
export function openSqlite(file: string): Dialect {
  const engine = openFile(file);
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
