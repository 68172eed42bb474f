import { AsyncLocalStorage } from "node:async_hooks";
import { KeepsakeError } from "@keepsake/core/base";
import type { CompiledQuery, DatabaseConnection, Driver, QueryResult } from "kysely";

/** What a statement may be given: whole numbers that JavaScript holds exactly, text, bytes, nothing. */
export type Parameter = string | number | bigint | Uint8Array | null;

/** What a statement gave. */
export interface Answer {
  readonly rows: readonly unknown[];
  /** How many rows it added, changed or removed. */
  readonly changes: number;
}

/** One conversation with an engine. Errors come out as KeepsakeError. */
export interface Session {
  run(sql: string, parameters: readonly Parameter[]): Promise<Answer>;
  /** Gives it back. One that is spoilt, because its transaction would not end, is not used again. */
  release(isSpoilt: boolean): void;
}

/** What differs between the engines, below Kysely. */
export interface Engine {
  readonly begin: string;
  /** A session of one's own until it is released. */
  open(): Promise<Session>;
  close(): Promise<void>;
}

/** Set while the work of a transaction runs: a statement beside it would not belong to it, or wait for it for ever. */
export const insideTransaction: AsyncLocalStorage<true> = new AsyncLocalStorage();

/** Kysely's driver over an engine: checks what goes in, and lets nothing of a transaction be kept after a failure. */
export function driverOver(engine: Engine): Driver {
  const ours = (connection: DatabaseConnection): Connection => connection as Connection;
  return {
    init: () => Promise.resolve(),
    async acquireConnection() {
      if (insideTransaction.getStore() === true)
        throw new KeepsakeError("base.unexpected", { details: { name: "statement beside its transaction" } });
      return new Connection(await engine.open());
    },
    beginTransaction: (connection) => ours(connection).begin(engine.begin),
    commitTransaction: (connection) => ours(connection).commit(),
    rollbackTransaction: (connection) => ours(connection).rollback(),
    releaseConnection(connection) {
      ours(connection).release();
      return Promise.resolve();
    },
    destroy: () => engine.close(),
  };
}

class Connection implements DatabaseConnection {
  readonly #session: Session;
  #isInTransaction = false;
  #failure: KeepsakeError | undefined;
  #isSpoilt = false;

  constructor(session: Session) {
    this.#session = session;
  }

  async executeQuery<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
    // PostgreSQL refuses what follows a failed statement; SQLite would keep the rest. Both refuse.
    if (this.#failure !== undefined) throw this.#failure;
    try {
      const { rows, changes } = await this.#session.run(sql, parameters.map(storable));
      return { rows: rows as R[], numAffectedRows: BigInt(changes) };
    } catch (error) {
      const failure = KeepsakeError.is(error)
        ? error
        : new KeepsakeError("base.unexpected", { cause: error });
      if (this.#isInTransaction) this.#failure = failure;
      throw failure;
    }
  }

  // oxlint-disable-next-line require-yield
  async *streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new KeepsakeError("base.unexpected", { details: { name: "streamed statement" } });
  }

  async begin(statement: string): Promise<void> {
    try {
      await this.#session.run(statement, []);
    } catch (error) {
      // Nothing was done yet: a connection that ended while it lay idle is no reason to fail.
      throw KeepsakeError.is(error, "server.database-unavailable") ? again(error) : error;
    }
    this.#isInTransaction = true;
  }

  async commit(): Promise<void> {
    if (this.#failure !== undefined) throw this.#failure;
    await this.#session.run("commit", []);
    this.#isInTransaction = false;
  }

  /** Never fails: a session whose transaction cannot be ended is thrown away, which ends it. */
  async rollback(): Promise<void> {
    this.#isInTransaction = false;
    this.#failure = undefined;
    try {
      await this.#session.run("rollback", []);
    } catch {
      this.#isSpoilt = true;
    }
  }

  release(): void {
    this.#session.release(this.#isSpoilt);
  }
}

function again({ code, cause, details }: KeepsakeError): KeepsakeError {
  return new KeepsakeError(code, { cause, details, retry: "now" });
}

/** A value that comes back from both engines as it was given. Throws `base.invalid` for any other. */
function storable(value: unknown): Parameter {
  if (value === null || value instanceof Uint8Array) return value;
  if (typeof value === "number" && Number.isSafeInteger(value)) return value;
  if (typeof value === "bigint" && Number.isSafeInteger(Number(value))) return value;
  if (typeof value === "string" && value.isWellFormed() && !value.includes("\0")) return value;
  throw new KeepsakeError("base.invalid", { details: { name: `${typeof value} for the database` } });
}

/** A whole number that an engine gave. Throws `base.limit` for one that JavaScript does not hold exactly. */
export function exact(value: string): number {
  const number = Number(value);
  if (!Number.isSafeInteger(number))
    throw new KeepsakeError("base.limit", { details: { name: "number from the database" } });
  return number;
}
