const from = 3;
const most = 300;

/**
 * Names for prepared statements, which halve what a small statement costs PostgreSQL. Only statements that come again
 * get one, and only so many, because each connection keeps them: inserts of n rows are another statement for each n.
 */
export class StatementNames {
  readonly #seen = new Map<string, number>();
  readonly #names = new Map<string, string | undefined>();

  /** The name of a statement, if it has one. */
  of(sql: string): string | undefined {
    if (this.#names.has(sql) || this.#names.size >= most) return this.#names.get(sql);
    const times = (this.#seen.get(sql) ?? 0) + 1;
    this.#seen.set(sql, times);
    if (times >= from) {
      this.#names.set(sql, `keepsake_${this.#names.size}`);
      this.#seen.delete(sql);
    }
    if (this.#seen.size > most) this.#seen.clear();
    return this.#names.get(sql);
  }

  /** From now on it has none. */
  forbid(sql: string): void {
    this.#names.set(sql, undefined);
  }
}
