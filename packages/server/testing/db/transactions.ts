import { KeepsakeError } from "@keepsake/core/base";
import { expect, test } from "vitest";
import type { Query } from "../../src/db/index.ts";
import { codeOf, on, thing, type SetUp } from "./tables.ts";

/** What transactions promise. */
export function transactions({ db, query }: SetUp): void {
  const ids = async (): Promise<readonly string[]> =>
    (await query().selectFrom("thing").select("id").orderBy("id").execute()).map(({ id }) => id);
  const put = (inner: Query, id: string): Promise<unknown> =>
    on(inner).insertInto("thing").values(thing(id)).execute();

  test("a transaction is kept whole, and gives what its work gave", async () => {
    const given = await db().transaction(async (inner) => {
      await put(inner, "a");
      await put(inner, "b");
      return "given";
    });
    expect([given, await ids()]).toEqual(["given", ["a", "b"]]);
  });

  test("a transaction whose work throws leaves nothing, and throws the same", async () => {
    const failure = new KeepsakeError("base.limit");
    const work = db().transaction(async (inner) => {
      await put(inner, "a");
      throw failure;
    });
    await expect(work).rejects.toBe(failure);
    expect(await ids()).toEqual([]);
  });

  test("a failed statement ends its transaction even if the work goes on", async () => {
    await put(db().query, "a");
    const work = db().transaction(async (inner) => {
      await put(inner, "b");
      await put(inner, "a").catch(() => undefined);
      await put(inner, "c").catch(() => undefined);
    });
    expect(await codeOf(work)).toBe("server.taken");
    expect(await ids()).toEqual(["a"]);
    await db().transaction((inner) => put(inner, "d"));
    expect(await ids()).toEqual(["a", "d"]);
  });

  test("a statement beside its transaction is refused, and does not wait for ever", async () => {
    expect(await codeOf(db().transaction(() => put(db().query, "a")))).toBe("base.unexpected");
    expect(await codeOf(db().transaction(() => db().transaction((inner) => put(inner, "a"))))).toBe(
      "base.unexpected",
    );
    expect(await ids()).toEqual([]);
  });

  test("many transactions at the same time are all kept", async () => {
    const names = Array.from({ length: 60 }, (_, index) => `n${String(index).padStart(2, "0")}`);
    await Promise.all(names.map((id) => db().transaction((inner) => put(inner, id))));
    expect(await ids()).toEqual(names);
  });

  test("what a transaction locked by reading, others change after it", async () => {
    await query().insertInto("quota").values({ id: "a", used: 0, most: 0 }).execute();
    await Promise.all(
      Array.from({ length: 20 }, () =>
        db().transaction(async (inner) => {
          const row = on(inner).selectFrom("quota").selectAll().where("id", "=", "a").forUpdate();
          const { used } = await row.executeTakeFirstOrThrow();
          await on(inner)
            .updateTable("quota")
            .set({ used: used + 1 })
            .execute();
        }),
      ),
    );
    expect(await query().selectFrom("quota").select("used").executeTakeFirstOrThrow()).toEqual({ used: 20 });
  });
}
