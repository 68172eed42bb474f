import { sql } from "kysely";
import { expect, test } from "vitest";
import { codeOf, thing, type SetUp, type TestTables } from "./tables.ts";

/** What may be kept, and comes back as it was. */
export function values({ query }: SetUp): void {
  const kept: Keep = async (row) => {
    await query().insertInto("thing").values(thing("a", row)).execute();
    return query().selectFrom("thing").selectAll().executeTakeFirstOrThrow();
  };
  numbers(query, kept);
  bytesAndText(query, kept);
}

/** Keeps a row, and gives what then is there. */
type Keep = (row: Partial<TestTables["thing"]>) => Promise<TestTables["thing"]>;

function numbers(query: SetUp["query"], kept: Keep): void {
  test.each([0, -1, 2 ** 31, 8_600_000_000, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER])(
    "the number %d comes back as it was",
    async (number) => {
      expect((await kept({ number })).number).toBe(number);
      const found = query().selectFrom("thing").select("id").where("number", "=", number);
      expect(await found.execute()).toEqual([{ id: "a" }]);
    },
  );

  test("numbers that are not whole or not exact are refused", async () => {
    for (const number of [0.5, 2 ** 53, Number.NaN, Number.POSITIVE_INFINITY])
      expect(await codeOf(kept({ number }))).toBe("base.invalid");
  });

  test("a number that has grown beyond what is exact is refused when it is read", async () => {
    await kept({ number: Number.MAX_SAFE_INTEGER });
    await query()
      .updateTable("thing")
      .set((row) => ({ number: row("number", "+", 1) }))
      .execute();
    expect(await codeOf(query().selectFrom("thing").selectAll().execute())).toBe("base.limit");
  });

  test("counts, sums and conditions come back as numbers", async () => {
    await kept({ number: 5 });
    const row = await query()
      .selectFrom("thing")
      .select(({ fn }) => [fn.countAll<number>().as("count"), fn.sum<number>("number").as("sum")])
      .select([sql<number>`max("number") = ${5}`.as("isFive"), sql<number>`max("number") / ${2}`.as("half")])
      .executeTakeFirstOrThrow();
    expect(row).toEqual({ count: 1, sum: 5, isFive: 1, half: 2 });
  });
}

function bytesAndText(query: SetUp["query"], kept: Keep): void {
  test.each([
    ["none", new Uint8Array(0)],
    ["a zero", new Uint8Array([0])],
    ["zeros within", new Uint8Array([1, 0, 255, 0, 128])],
    ["each once", Uint8Array.from({ length: 256 }, (_, index) => index)],
    ["a million", Uint8Array.from({ length: 1_000_000 }, (_, index) => (index * 7) & 255)],
  ])("bytes come back as they were: %s", async (_, data) => {
    const { data: back } = await kept({ data });
    expect(back?.constructor).toBe(Uint8Array);
    expect(Buffer.compare(back ?? new Uint8Array(1), data)).toBe(0);
    const found = query().selectFrom("thing").select("id").where("data", "=", data);
    expect(await found.execute()).toEqual([{ id: "a" }]);
  });

  test.each([
    "",
    "保存",
    "👨‍👩‍👧‍👦 𠮷",
    "a'b\"c\\d\n\t",
    "\u0001\uffff",
    " ".repeat(3),
    "null",
    "x".repeat(100_000),
  ])("text comes back as it was: %j", async (note) => {
    expect((await kept({ note })).note).toBe(note);
  });

  test.each(["a\0b", "\0", "\ud800", "a\udc00b"])("text that cannot be kept is refused: %j", async (note) => {
    expect(await codeOf(kept({ note }))).toBe("base.invalid");
    expect(await query().selectFrom("thing").selectAll().execute()).toEqual([]);
  });

  test("other values are refused", async () => {
    for (const value of [true, new Date(0), { a: 1 }, [1]])
      expect(await codeOf(kept({ number: value as unknown as number }))).toBe("base.invalid");
  });

  test("a value of another type than its column's is refused", async () => {
    expect(await codeOf(kept({ number: "x" as unknown as number }))).toBe("base.unexpected");
  });
}
