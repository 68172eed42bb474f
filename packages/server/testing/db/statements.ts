import { KeepsakeError } from "@keepsake/core/base";
import { expect, test } from "vitest";
import { isTaken } from "../../src/db/index.ts";
import { thing, type SetUp } from "./tables.ts";

/** What statements do alike. */
export function statements({ query }: SetUp): void {
  test("a conditional change says how many rows it changed", async () => {
    await query().insertInto("quota").values({ id: "a", used: 5, most: 10 }).execute();
    const add = async (bytes: number): Promise<bigint> =>
      (
        await query()
          .updateTable("quota")
          .set((row) => ({ used: row("used", "+", bytes) }))
          .where("id", "=", "a")
          .where((row) => row(row("used", "+", bytes), "<=", row.ref("most")))
          .executeTakeFirst()
      ).numUpdatedRows;
    expect([await add(5), await add(1)]).toEqual([1n, 0n]);
    const gone = await query().deleteFrom("quota").where("id", "=", "b").executeTakeFirst();
    expect(gone.numDeletedRows).toBe(0n);
  });

  test("what is taken is told from other failures", async () => {
    const put = (id: string, note: string): Promise<unknown> =>
      query().insertInto("thing").values(thing(id, { note })).execute();
    await put("a", "n");
    const failures = [
      put("a", "m"),
      put("b", "n"),
      query()
        .selectFrom("nothing" as "thing")
        .selectAll()
        .execute(),
    ];
    const told = await Promise.all(failures.map((work) => work.catch((error: unknown) => isTaken(error))));
    expect(told).toEqual([true, true, false]);
  });

  test("no error holds a value of a row", async () => {
    const secret = "marker-7c1f";
    const put = (): Promise<unknown> =>
      query()
        .insertInto("thing")
        .values(thing(secret, { note: secret }))
        .execute();
    await put();
    const wrong = query()
      .insertInto("thing")
      .values(thing("b", { number: secret as unknown as number }));
    for (const work of [put, () => wrong.execute()]) {
      const error = await work().catch((failure: unknown) => failure);
      expect(KeepsakeError.is(error)).toBe(true);
      const { cause, details } = error as KeepsakeError;
      expect(`${JSON.stringify(details)}${String(cause)}${JSON.stringify(cause)}`).not.toContain(secret);
    }
  });
}

/** What reading, and adding what may be there, do alike. */
export function rows({ db, query }: SetUp): void {
  test("ON CONFLICT does nothing or changes, and RETURNING gives the rows", async () => {
    const insert = query()
      .insertInto("thing")
      .values(thing("a", { number: 1 }));
    expect(await insert.returningAll().execute()).toEqual([thing("a", { number: 1 })]);
    const again = insert.onConflict((conflict) => conflict.column("id").doNothing());
    expect((await again.executeTakeFirst()).numInsertedOrUpdatedRows).toBe(0n);
    const more = insert.onConflict((conflict) =>
      conflict
        .column("id")
        .doUpdateSet((row) => ({ number: row("thing.number", "+", row.ref("excluded.number")) })),
    );
    expect(await more.returning("number").execute()).toEqual([{ number: 2 }]);
    expect(await query().deleteFrom("thing").returning("id").execute()).toEqual([{ id: "a" }]);
  });

  test("rows are counted up", async () => {
    const put = (note: string): Promise<{ id: number }> =>
      query().insertInto("counted").values({ note }).returning("id").executeTakeFirstOrThrow();
    const [first, second] = [await put("a"), await put("b")];
    expect(second.id).toBeGreaterThan(first.id);
  });

  test("text is ordered by its bytes, and pages go on after a row", async () => {
    const names = ["B", "a", "b", "ä", "中", "文", "𠮷", "\uffff"];
    const rows = names.flatMap((note, index) => [{ id: `${index}x`, used: index % 3, most: 0, note }]);
    for (const { id, used, note } of rows)
      await query()
        .insertInto("thing")
        .values(thing(id, { number: used, note }))
        .execute();
    const read: string[] = [];
    let after = { number: -1, note: "" };
    for (;;) {
      const page = await query()
        .selectFrom("thing")
        .select(["number", "note"])
        .where((row) => row(row.refTuple("number", "note"), ">", row.tuple(after.number, after.note)))
        .orderBy("number")
        .orderBy("note")
        .limit(3)
        .execute();
      const last = page.at(-1);
      if (last === undefined) break;
      read.push(...page.map(({ note }) => note ?? ""));
      after = { number: last.number ?? 0, note: last.note ?? "" };
    }
    const byBytes = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));
    const expected = [0, 1, 2].flatMap((rest) =>
      names.filter((_, index) => index % 3 === rest).toSorted(byBytes),
    );
    expect(read).toEqual(expected);
  });

  test("a list may be looked up at once", async () => {
    for (const id of ["a", "b", "c"]) await query().insertInto("thing").values(thing(id)).execute();
    const found = query().selectFrom("thing").select("id").where("id", "in", ["a", "c", "x"]).orderBy("id");
    expect(await found.execute()).toEqual([{ id: "a" }, { id: "c" }]);
  });

  test("the engine says its name", () => {
    expect(["sqlite", "postgres"]).toContain(db().engine);
  });
}
