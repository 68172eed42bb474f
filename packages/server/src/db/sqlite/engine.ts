import { KeepsakeError } from "@keepsake/core/base";
import { existsSync, writeFileSync } from "node:fs";
import { DatabaseSync, type SQLInputValue, type StatementSync } from "node:sqlite";
import type { Answer, Engine, Parameter, Session } from "../driver.ts";
import { DurableLog } from "./log.ts";
import { isDenial, sqliteError } from "./errors.ts";

const busyTimeoutMs = 5_000;
const maxStatements = 500;
const maxBusyMs = 5;

// "normal" keeps the file whole after a power cut; that a commit is on the disk before it is acknowledged is seen to by
// `DurableLog`, which waits for the disk beside the event loop.
const settings = `
  pragma journal_mode = wal;
  pragma synchronous = normal;
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
    return new SqliteEngine({ database, lock, log: file === ":memory:" ? undefined : new DurableLog(file) });
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

interface Opened {
  readonly database: DatabaseSync;
  readonly lock: DatabaseSync | undefined;
  readonly log: DurableLog | undefined;
}

class SqliteEngine implements Engine {
  readonly begin = "begin immediate";
  readonly #opened: Opened;
  readonly #statements: Statements;
  #last: Promise<void> = Promise.resolve();
  #pausedMs = performance.now();

  constructor(opened: Opened) {
    this.#opened = opened;
    this.#statements = new Statements(opened.database);
  }

  async open(): Promise<Session> {
    const before = this.#last;
    const turn = Promise.withResolvers<void>();
    this.#last = turn.promise;
    await before;
    // Statements take no turn of the event loop: without a pause, requests and timers would wait for a busy queue.
    if (performance.now() - this.#pausedMs > maxBusyMs) {
      await new Promise((resolve) => setImmediate(resolve));
      this.#pausedMs = performance.now();
    }
    return this.#session(turn.resolve);
  }

  /** Others wait until what was written is on the disk: nobody sees what a power cut could take back. */
  #session(release: () => void): Session {
    const { database, log } = this.#opened;
    let hasWritten = false;
    return {
      run: async (sql, parameters) => {
        log?.check();
        const answer = this.#statements.run(sql, parameters);
        hasWritten ||= writes(sql, answer.changes);
        if (hasWritten && !database.isTransaction) {
          hasWritten = false;
          if (sql !== "rollback") await log?.sync();
        }
        return answer;
      },
      release,
    };
  }

  async close(): Promise<void> {
    await this.#last;
    await this.#opened.log?.close();
    this.#opened.database.close();
    this.#opened.lock?.close();
  }
}

/** Whether a statement wrote, or might have. */
function writes(sql: string, changes: number): boolean {
  if (/^(?:select|begin|commit|rollback)\b/.test(sql)) return false;
  return changes > 0 || !/^(?:insert|update|delete|with)\b/.test(sql);
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
