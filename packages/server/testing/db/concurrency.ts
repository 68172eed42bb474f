import { expect, test } from "vitest";
import { claim, migrate, type Db, type Query } from "../../src/db/index.ts";
import { enqueue } from "../../src/jobs/index.ts";
import { on, type Engine, type SetUp } from "./tables.ts";

/** What holds when many do it at the same time. */
export function concurrency({ db, query, engine }: SetUp): void {
  test("a hundred claims on a quota at the same time: none above it, none lost", async () => {
    await query().insertInto("quota").values({ id: "a", used: 0, most: 700 }).execute();
    const tries = Array.from({ length: 100 }, () =>
      db().transaction(async (inner) => {
        const { numUpdatedRows } = await on(inner)
          .updateTable("quota")
          .set((row) => ({ used: row("used", "+", 10) }))
          .where("id", "=", "a")
          .where((row) => row(row("used", "+", 10), "<=", row.ref("most")))
          .executeTakeFirst();
        return Number(numUpdatedRows);
      }),
    );
    const granted = (await Promise.all(tries)).reduce((sum, rows) => sum + rows, 0);
    const { used } = await query().selectFrom("quota").select("used").executeTakeFirstOrThrow();
    expect([granted, used]).toEqual([70, 700]);
  });

  test("transactions that lock each other's rows both come through", async () => {
    for (const id of ["a", "b"]) await query().insertInto("quota").values({ id, used: 0, most: 0 }).execute();
    const touch = (inner: Query, id: string): Promise<unknown> =>
      on(inner)
        .updateTable("quota")
        .set((row) => ({ used: row("used", "+", 1) }))
        .where("id", "=", id)
        .execute();
    const both = (order: readonly string[]): Promise<void> =>
      db().transaction(async (inner) => {
        for (const id of order) {
          await touch(inner, id);
          await new Promise((resolve) => setTimeout(resolve, 20));
        }
      });
    await Promise.all([both(["a", "b"]), both(["b", "a"])]);
    const rows = await query().selectFrom("quota").select("used").execute();
    expect(rows).toEqual([{ used: 2 }, { used: 2 }]);
  });

  test("nothing is claimed twice, and all is claimed", async () => {
    await using fresh = await withQueue(engine());
    const { query } = fresh.db;
    const nowMs = 1_000;
    for (let job = 0; job < 200; job += 1)
      await enqueue(query, { kind: job % 2 === 0 ? "even" : "odd", dueAtMs: job < 190 ? job : 5_000 });
    const claimed: string[] = [];
    const worker = async (): Promise<void> => {
      for (;;) {
        const options = { kinds: ["even", "odd"], nowMs, leaseMs: 1_000, limit: 7 };
        const rows = await claim(query, "job", options);
        expect(rows.length).toBeLessThanOrEqual(7);
        if (rows.length === 0) return;
        claimed.push(...rows.map(({ id }) => id));
      }
    };
    await Promise.all(Array.from({ length: 8 }, worker));
    expect([claimed.length, new Set(claimed).size]).toEqual([190, 190]);
    const options = { kinds: ["odd"], nowMs: nowMs + 1_000, leaseMs: 1_000, limit: 500 };
    const again = await claim(query, "job", options);
    expect(again.length).toBe(95);
    expect(again.every(({ tries, kind }) => tries === 2 && kind === "odd")).toBe(true);
  });
}

async function withQueue(engine: Engine): Promise<AsyncDisposable & { readonly db: Db }> {
  const db = await engine.fresh();
  await migrate(db);
  return { db, [Symbol.asyncDispose]: () => db.close() };
}
