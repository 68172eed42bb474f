import { KeepsakeError } from "@keepsake/core/base";
import { existsSync, writeFileSync } from "node:fs";
import { DatabaseSync, type SQLInputValue, type StatementSync } from "node:sqlite";
import type { Answer, Engine, Parameter, Session } from "../driver.ts";
import { isDenial, sqliteError } from "./errors.ts";

const busyTimeoutMs = 5_000;
const maxStatements = 500;
const maxBusyMs = 5;

const settings = `
  pragma journal_mode = wal;
  pragma synchronous = full;
  pragma foreign_keys = on;
  pragma trusted_schema = off;
  pragma journal_size_limit = 67108864;
`;

/**
 * Opens a database file, which is made if it is not there, for this process alone. ":memory:" is one that ends with it.
 * Throws `server.database-in-use` while another process has it, `-unavailable` if it cannot be opened, `-damaged`.
 */
export function openFile(file: string): Engine {
  const lock = file === ":memory:" ? undefined : lockOf(file);
  try {
    if (lock !== undefined && !existsSync(file)) writeFileSync(file, "", { flag: "wx", mode: 0o600 });
    const database = new DatabaseSync(file, { timeout: busyTimeoutMs });
    database.exec(settings);
    return engineOver(database, lock);
  } catch (error) {
    lock?.close();
    throw sqliteError(error);
  }
}

/** Held as long as the process lives: the system frees it however the process ends. Readers need none. */
function lockOf(file: string): DatabaseSync {
  const lock = new DatabaseSync(`${file}-lock`, { timeout: 0, open: false });
  try {
    lock.open();
    lock.exec("pragma journal_mode = memory; begin exclusive");
    return lock;
  } catch (error) {
    if (lock.isOpen) lock.close();
    throw isDenial(error)
      ? new KeepsakeError("server.database-in-use", { cause: error, retry: "later" })
      : sqliteError(error);
  }
}

function engineOver(database: DatabaseSync, lock: DatabaseSync | undefined): Engine {
  const statements = new Statements(database);
  let last: Promise<void> = Promise.resolve();
  let pausedMs = performance.now();
  const session = (release: () => void): Session => ({
    run: async (sql, parameters) => statements.run(sql, parameters),
    release,
  });
  return {
    begin: "begin immediate",
    async open() {
      const before = last;
      const turn = Promise.withResolvers<void>();
      last = turn.promise;
      await before;
      // Statements take no turn of the event loop: without a pause, requests and timers would wait for a busy queue.
      if (performance.now() - pausedMs > maxBusyMs) {
        await new Promise((resolve) => setImmediate(resolve));
        pausedMs = performance.now();
      }
      return session(turn.resolve);
    },
    async close() {
      await last;
      database.close();
      lock?.close();
    },
  };
}

/** Prepared statements, the latest used ones kept. */
class Statements {
  readonly #database: DatabaseSync;
  readonly #kept = new Map<string, { readonly statement: StatementSync; readonly givesRows: boolean }>();

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  run(sql: string, parameters: readonly Parameter[]): Answer {
    if (sql === "rollback" && !this.#database.isTransaction) return { rows: [], changes: 0 };
    try {
      const { statement, givesRows } = this.#prepared(sql);
      const values = parameters.map(bound);
      if (!givesRows) return { rows: [], changes: Number(statement.run(...values).changes) };
      const rows = statement.all(...values);
      return { rows, changes: rows.length };
    } catch (error) {
      throw sqliteError(error);
    }
  }

  #prepared(sql: string): { readonly statement: StatementSync; readonly givesRows: boolean } {
    let entry = this.#kept.get(sql);
    if (entry === undefined) {
      const statement = this.#database.prepare(sql);
      entry = { statement, givesRows: statement.columns().length > 0 };
      for (const oldest of this.#kept.keys()) {
        if (this.#kept.size < maxStatements) break;
        this.#kept.delete(oldest);
      }
    }
    this.#kept.delete(sql);
    this.#kept.set(sql, entry);
    return entry;
  }
}

/** Numbers are bound as integers: as the doubles that they are in JavaScript, 5 / 2 would be 2.5. */
function bound(value: Parameter): SQLInputValue {
  return typeof value === "number" ? BigInt(value) : value;
}
