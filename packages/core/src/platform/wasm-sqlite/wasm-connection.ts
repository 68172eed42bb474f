import { Gate, textToBytes } from "../../base/index.ts";
import {
  batchBytes,
  batchRows,
  bytesDeclared,
  rowBytes,
  sqliteError,
  sqliteLimits,
  type SqliteConnection,
  type SqliteFiles,
  type SqliteGuard,
  type SqliteRow,
  type SqliteValue,
} from "../../sqlite/index.ts";
import { BlockFile } from "./block-file.ts";
import { startModule, type LoadWasm, type SqliteModule } from "./module.ts";
import { bind, copied, rowOf } from "./values.ts";
import { mainName, VirtualFiles } from "./virtual-files.ts";

const mainCacheBytes = 8 * 1024 * 1024;
const walCacheBytes = 4 * 1024 * 1024;
/** So long others wait at most while rows are read. */
const turnMs = 30;

const result = { ok: 0, row: 100, done: 101 } as const;
const openReadOnly = 0x1;
/** Settings of `sqlite3_db_config`: defensive on; triggers, views, double quotes around texts and trust off. */
const settings: readonly (readonly [setting: number, value: 0 | 1])[] = [
  [1010, 1],
  [1003, 0],
  [1015, 0],
  [1013, 0],
  [1014, 0],
  [1017, 0],
];
/** What `sqlite3_limit` calls them. */
const limitNumbers: Readonly<Record<keyof typeof sqliteLimits, number>> = {
  length: 0,
  sqlLength: 1,
  exprDepth: 3,
  compoundSelect: 4,
  attach: 7,
  likePatternLength: 8,
  variableNumber: 9,
  triggerDepth: 10,
};

/** A database read by SQLite as WebAssembly, from files of any kind: nothing of it lies anywhere but in memory. */
export async function wasmConnection({ main, wal }: SqliteFiles, load: LoadWasm): Promise<SqliteConnection> {
  const mainBytes = await bytesDeclared(main);
  const module = await startModule(load);
  const files = new VirtualFiles(
    module,
    new BlockFile(main, mainCacheBytes),
    mainBytes,
    wal === undefined || wal.sizeBytes === 0 ? undefined : new BlockFile(wal, walCacheBytes),
  );
  module.vfs_register(files, true);
  const connection = new WasmConnection(module, files);
  await connection.open();
  return connection;
}

class WasmConnection implements SqliteConnection {
  readonly #module: SqliteModule;
  readonly #files: VirtualFiles;
  /** A module does one thing at a time. */
  readonly #gate = new Gate(1);
  readonly #statements = new Set<number>();
  /** Two pointers for what calls give back beside their result. */
  readonly #out: number;
  #database = 0;
  /** When others had their last turn. */
  #since = performance.now();

  constructor(module: SqliteModule, files: VirtualFiles) {
    this.#module = module;
    this.#files = files;
    this.#out = module._sqlite3_malloc(8);
  }

  async open(): Promise<void> {
    const module = this.#module;
    const name = copied(module, textToBytes(mainName));
    const code = await this.#call("sqlite3_open_v2", name, this.#out, openReadOnly, 0);
    module._sqlite3_free(name);
    this.#database = this.#pointer();
    if (code !== result.ok) throw this.#error(code);
    for (const [setting, value] of settings) {
      new Int32Array(module.HEAPU8.buffer, this.#out, 2).set([value, 0]);
      module._sqlite3_db_config(this.#database, setting, this.#out);
    }
    for (const [limit, most] of Object.entries(sqliteLimits))
      module._sqlite3_limit(this.#database, limitNumbers[limit as keyof typeof sqliteLimits], most);
    // Without others, the index of the log is kept in memory instead of in a file shared with them.
    await this.run("PRAGMA locking_mode = EXCLUSIVE");
  }

  async run(sql: string): Promise<void> {
    for (const statement of sql.split(";"))
      if (statement.trim() !== "") for await (const _ of this.rows(statement, []));
  }

  guard(isAllowed: SqliteGuard): void {
    const text = (pointer: number | undefined): string => this.#module.UTF8ToString(pointer ?? 0);
    this.#module.set_authorizer(
      this.#database,
      (...[, action, name, , , inner]) => (isAllowed(action ?? 0, text(name), text(inner)) ? 0 : 1),
      0,
    );
  }

  async *rows(sql: string, parameters: readonly SqliteValue[]): AsyncGenerator<readonly SqliteRow[]> {
    const statement = await this.#gate.pass(undefined, () => this.#prepare(sql, parameters));
    try {
      for (;;) {
        const { batch, code } = await this.#gate.pass(undefined, () => this.#take(statement));
        if (batch.length > 0) yield batch;
        await this.#letOthers();
        if (code === result.done) return;
        if (code !== result.row) throw this.#error(code);
      }
    } finally {
      await this.#gate.pass(undefined, () => this.#finalize(statement));
    }
  }

  async close(): Promise<void> {
    await this.#gate.pass(undefined, async () => {
      for (const statement of this.#statements) await this.#finalize(statement);
      await this.#call("sqlite3_close", this.#database);
      this.#database = 0;
    });
  }

  async #prepare(sql: string, parameters: readonly SqliteValue[]): Promise<number> {
    const text = copied(this.#module, textToBytes(sql));
    const code = await this.#call("sqlite3_prepare_v2", this.#database, text, -1, this.#out, 0);
    this.#module._sqlite3_free(text);
    if (code !== result.ok) throw this.#error(code);
    const statement = this.#pointer();
    this.#statements.add(statement);
    for (const [i, value] of parameters.entries()) {
      const bound = bind(this.#module, statement, i + 1, value);
      if (bound !== result.ok) throw this.#error(bound);
    }
    return statement;
  }

  /** The next rows; a code other than `row` says why there are no more. */
  async #take(statement: number): Promise<{ readonly batch: readonly SqliteRow[]; readonly code: number }> {
    const batch: SqliteRow[] = [];
    let bytes = 0;
    if (!this.#statements.has(statement)) return { batch, code: result.done };
    const columns = this.#module._sqlite3_column_count(statement);
    while (batch.length < batchRows && bytes < batchBytes) {
      const stepped = this.#module.ccall("sqlite3_step", "number", ["number"], [statement]);
      const code = typeof stepped === "number" ? stepped : await stepped;
      if (code !== result.row) return { batch, code };
      const row = rowOf(this.#module, statement, columns);
      batch.push(row);
      bytes += rowBytes(row);
    }
    return { batch, code: result.row };
  }

  /** A file that is in memory never makes SQLite wait, so that timers and clicks would. */
  async #letOthers(): Promise<void> {
    if (performance.now() - this.#since < turnMs) return;
    await new Promise((resolve) => setTimeout(resolve));
    this.#since = performance.now();
  }

  async #finalize(statement: number): Promise<void> {
    if (this.#statements.delete(statement)) await this.#call("sqlite3_finalize", statement);
  }

  async #call(name: string, ...values: readonly number[]): Promise<number> {
    return this.#module.ccall(
      name,
      "number",
      values.map(() => "number"),
      values,
    );
  }

  #pointer(): number {
    return new DataView(this.#module.HEAPU8.buffer).getUint32(this.#out, true);
  }

  /** What the source threw, where it threw; else what the code says. */
  #error(code: number): unknown {
    const { failure } = this.#files;
    this.#files.failure = undefined;
    return failure ?? sqliteError(code);
  }
}
