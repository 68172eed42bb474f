import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { migrate, type Db } from "../../src/db/index.ts";
import { codeOf, on, testMigration, thing, type Engine } from "./tables.ts";

/** An engine that goes away, and comes back. */
export interface LeavingEngine extends Engine {
  /** Ends it; what it gives starts it again. */
  leave(): Promise<() => Promise<void>>;
}

const loadMs = 300;

/** What holds when the engine goes away under load, as for an update of it. */
export function dbOutage(name: string, start: () => Promise<LeavingEngine>): void {
  describe(name, () => {
    let engine: LeavingEngine;
    let db: Db;
    beforeAll(async () => {
      engine = await start();
      db = await engine.fresh();
      await migrate(db, undefined, [testMigration]);
    });
    afterAll(async () => {
      await db.close();
      await engine[Symbol.asyncDispose]();
    });

    test("calls fail with a code, then work again, and nothing acknowledged is lost", async () => {
      const acknowledged: string[] = [];
      const codes = new Set<string>();
      const end = new AbortController();
      const writer = async (writerName: string): Promise<void> => {
        for (let number = 0; !end.signal.aborted; number += 1) {
          const id = `${writerName}-${number}`;
          const write = db.transaction((inner) => on(inner).insertInto("thing").values(thing(id)).execute());
          const code = await codeOf(write);
          if (code === "done") acknowledged.push(id);
          else codes.add(code);
        }
      };
      const writers = Promise.all(["a", "b", "c"].map(writer));
      const read = (): Promise<unknown> => on(db.query).selectFrom("thing").select("id").limit(1).execute();
      await new Promise((resolve) => setTimeout(resolve, loadMs));
      const back = await engine.leave();
      expect(await codeOf(read())).toBe("server.database-unavailable");
      const before = acknowledged.length;
      await back();
      await read();
      await new Promise((resolve) => setTimeout(resolve, loadMs));
      end.abort();
      await writers;
      expect([...codes].filter((code) => code !== "server.database-unavailable")).toEqual([]);
      const rows = await on(db.query).selectFrom("thing").select("id").execute();
      const stored = new Set(rows.map(({ id }) => id));
      expect(acknowledged.filter((id) => !stored.has(id))).toEqual([]);
      expect(before).toBeGreaterThan(10);
      expect(acknowledged.length - before).toBeGreaterThan(10);
    });

    test("a transaction that begins while the engine comes back is only slower", async () => {
      const back = await engine.leave();
      const write = db.transaction((inner) => on(inner).insertInto("thing").values(thing("z")).execute());
      await back();
      expect(await codeOf(write)).toBe("done");
    });
  });
}
