import { KeepsakeError } from "@keepsake/core/base";
import { sql } from "kysely";
import { expect } from "vitest";
import type { Db } from "../../src/db/index.ts";
import { on, thing } from "./tables.ts";

/** Writers that go on until they are disposed of, whatever becomes of the engine. */
export interface Load extends AsyncDisposable {
  /** What was acknowledged so far. */
  readonly acknowledged: readonly string[];
  /** What ended a writer. */
  readonly failure: () => unknown;
}

/** One transaction over two tables. */
export async function write(db: Db, id: string): Promise<void> {
  await db.transaction(async (query) => {
    await on(query).insertInto("thing").values(thing(id)).execute();
    await on(query)
      .insertInto("quota")
      .values({ id: "written", used: 1, most: 0 })
      .onConflict((conflict) =>
        conflict.column("id").doUpdateSet((row) => ({ used: row("quota.used", "+", 1) })),
      )
      .execute();
  });
}

/** Starts to write; a database that is away is tried again, other failures come out when it is disposed of. */
export function startLoad(db: Db, name: string, writers: number): Load {
  const acknowledged: string[] = [];
  const end = new AbortController();
  const writer = async (index: number): Promise<void> => {
    for (let number = 0; !end.signal.aborted; number += 1) {
      const id = `${name}-${index}-${number}`;
      try {
        await write(db, id);
        acknowledged.push(id);
      } catch (error) {
        if (!KeepsakeError.is(error, "server.database-unavailable")) throw error;
      }
    }
  };
  let failure: unknown;
  const all = Promise.all(Array.from({ length: writers }, (_, index) => writer(index)));
  all.catch((error: unknown) => (failure = error));
  const dispose = async (): Promise<void> => {
    end.abort();
    await all;
  };
  return { acknowledged, failure: () => failure, [Symbol.asyncDispose]: dispose };
}

/** All that was acknowledged is there, and no transaction is there in part. */
export async function expectWhole(db: Db, acknowledged: readonly string[]): Promise<void> {
  const rows = await on(db.query).selectFrom("thing").select("id").execute();
  const stored = new Set(rows.map(({ id }) => id));
  expect(acknowledged.filter((id) => !stored.has(id))).toEqual([]);
  const counted = await on(db.query).selectFrom("quota").select("used").execute();
  expect(counted.map(({ used }) => used)).toEqual(stored.size === 0 ? [] : [stored.size]);
  if (db.engine === "sqlite") {
    const { rows: found } = await sql`pragma integrity_check`.execute(db.query);
    expect(found).toEqual([{ integrity_check: "ok" }]);
  }
}

/** Until as many were acknowledged, or a writer failed, which disposing of the load tells. */
export async function untilAcknowledged({ acknowledged, failure }: Load, count: number): Promise<void> {
  while (acknowledged.length < count && failure() === undefined)
    await new Promise((resolve) => setTimeout(resolve, 5));
}
