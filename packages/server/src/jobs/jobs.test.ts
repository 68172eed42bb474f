import { KeepsakeError, throwIfAborted } from "@keepsake/core/base";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { hasNpmPostgres } from "../../../../tools/parts/postgres-programs.ts";
import { postgresForTests } from "../../../../tools/parts/postgres.ts";
import { freshDatabase } from "../../testing/db/fresh.ts";
import { migrate, openDb, type Db } from "../db/index.ts";
import { enqueue, givenUp, startJobs, type JobEvent, type JobHandler, type JobsOptions } from "./index.ts";
import { finish, take } from "./queue.ts";

describe("on SQLite", () => {
  queue(() => openDb({ sqlite: ":memory:" }));
});

describe.skipIf(!hasNpmPostgres())("on PostgreSQL", () => {
  let shared: Awaited<ReturnType<typeof postgresForTests>>;
  beforeAll(async () => {
    shared = await postgresForTests();
  });
  afterAll(() => shared[Symbol.asyncDispose]());
  queue(async () => openDb({ postgres: await freshDatabase(shared.url) }));
});

function queue(open: () => Promise<Db>): void {
  let db: Db;
  let nowMs: number;
  let workers: (() => Promise<void>)[];
  const clock = { now: () => nowMs };
  beforeEach(async () => {
    db = await open();
    await migrate(db);
    nowMs = 1_000_000;
    workers = [];
  });
  afterEach(async () => {
    for (const stop of workers) await stop();
    await db.close();
  });

  const start = (
    handlers: Readonly<Record<string, JobHandler>>,
    options: Partial<JobsOptions> = {},
  ): { readonly events: readonly JobEvent[]; stop(): Promise<void> } => {
    const end = new AbortController();
    const events: JobEvent[] = [];
    const report = (event: JobEvent): void => void events.push(event);
    const work = startJobs({ db, clock, handlers, signal: end.signal, pollMs: 5, report, ...options });
    const stop = (): Promise<void> => {
      end.abort();
      return work;
    };
    workers.push(stop);
    return { events, stop };
  };
  const until = async (isSo: () => boolean | Promise<boolean>): Promise<void> => {
    while (!(await isSo())) await pause(2);
  };
  const waiting = async (): Promise<number> =>
    (await db.query.selectFrom("job").select("id").where("dueAtMs", "is not", null).execute()).length;
  const recording = (): { readonly runs: unknown[]; readonly handler: JobHandler } => {
    const runs: unknown[] = [];
    const handler = {
      run: ({ payload }: { readonly payload: unknown }) => Promise.resolve(void runs.push(payload)),
    };
    return { runs, handler };
  };

  test("a job runs once with its payload, and goes", async () => {
    const { runs, handler } = recording();
    const payload = { text: "保存", list: [1, null, "a"] };
    await enqueue(db.query, { kind: "a", payload, dueAtMs: nowMs });
    for (let worker = 0; worker < 3; worker += 1) start({ a: handler });
    await until(async () => (await waiting()) === 0);
    await pause(30);
    expect(runs).toEqual([payload]);
  });

  test("a job of a transaction that was not kept never runs", async () => {
    const { runs, handler } = recording();
    const work = db.transaction(async (query) => {
      await enqueue(query, { kind: "a", dueAtMs: nowMs });
      throw new KeepsakeError("base.limit");
    });
    await expect(work).rejects.toThrow();
    start({ a: handler });
    await pause(40);
    expect(runs).toEqual([]);
  });

  test("a job waits for its time, and for a process that knows its kind", async () => {
    const { runs, handler } = recording();
    await enqueue(db.query, { kind: "a", payload: 1, dueAtMs: nowMs + 1 });
    await enqueue(db.query, { kind: "other", payload: 2, dueAtMs: nowMs });
    start({ a: handler });
    await pause(40);
    expect(runs).toEqual([]);
    nowMs += 1;
    await until(() => runs.length === 1);
    start({ other: handler });
    await until(() => runs.length === 2);
    expect(runs).toEqual([1, 2]);
  });

  test("a job that fails is tried again after a growing pause, then given up and kept", async () => {
    const begun: number[] = [];
    const run = (): Promise<void> => {
      begun.push(nowMs);
      return Promise.reject(new KeepsakeError("store.unavailable"));
    };
    await enqueue(db.query, { kind: "a", key: "k", payload: "p", dueAtMs: nowMs });
    const { events } = start({ a: { run } }, { maxTries: 3, firstPauseMs: 1_000 });
    await until(async () => {
      nowMs += 50;
      await pause(4);
      return (await waiting()) === 0;
    });
    const pauses = begun.slice(1).map((at, index) => at - (begun[index] ?? 0));
    expect(pauses).toHaveLength(2);
    expect(pauses[0]).toBeGreaterThanOrEqual(750);
    expect(pauses[1]).toBeGreaterThan(pauses[0] ?? 0);
    const failed = { event: "job-failed", kind: "a", code: "store.unavailable" };
    expect(events).toEqual([
      { ...failed, tries: 1 },
      { ...failed, tries: 2 },
      { ...failed, tries: 3 },
      { ...failed, event: "job-given-up", tries: 3 },
    ]);
    expect(await givenUp(db.query, 10)).toMatchObject([
      { kind: "a", key: "k", payload: '"p"', lastError: "store.unavailable" },
    ]);
    await enqueue(db.query, { kind: "a", key: "k", dueAtMs: nowMs });
    await until(() => begun.length === 4);
    expect(await givenUp(db.query, 10)).toEqual([]);
  });

  test("of jobs with the same key one waits, with the newest payload and the earliest time", async () => {
    const { runs, handler } = recording();
    await enqueue(db.query, { kind: "a", key: "k", payload: 1, dueAtMs: nowMs });
    await enqueue(db.query, { kind: "a", key: "k", payload: 2, dueAtMs: nowMs + 5_000 });
    await enqueue(db.query, { kind: "b", key: "k", payload: 3, dueAtMs: nowMs });
    start({ a: handler, b: handler });
    await until(async () => (await waiting()) === 0);
    expect(new Set(runs)).toEqual(new Set([2, 3]));
  });

  test("a job that is asked for while it runs runs once more", async () => {
    const runs: unknown[] = [];
    const gate = Promise.withResolvers<void>();
    const run: JobHandler["run"] = async ({ payload }) => {
      runs.push(payload);
      await gate.promise;
    };
    await enqueue(db.query, { kind: "a", key: "k", payload: 1, dueAtMs: nowMs });
    start({ a: { run } });
    await until(() => runs.length === 1);
    for (const payload of [2, 3]) await enqueue(db.query, { kind: "a", key: "k", payload, dueAtMs: nowMs });
    gate.resolve();
    await until(async () => (await waiting()) === 0);
    expect(runs).toEqual([1, 3]);
  });

  test("a periodic job runs at once and then at its pace, however often processes start", async () => {
    const { runs, handler } = recording();
    const every = { a: { ...handler, everyMs: 60_000 } };
    const first = start(every);
    await until(() => runs.length === 1);
    await pause(20);
    await first.stop();
    start(every);
    start(every);
    nowMs += 59_000;
    await pause(40);
    expect(runs).toHaveLength(1);
    nowMs += 1_000;
    await until(() => runs.length === 2);
    await pause(40);
    expect(runs).toHaveLength(2);
  });

  test("a periodic job goes on at its pace once a clock that was ahead is right again", async () => {
    const { runs, handler } = recording();
    const every = { a: { ...handler, everyMs: 60_000 } };
    const first = start(every);
    await until(() => runs.length === 1);
    nowMs += 8 * 24 * 3_600_000;
    await until(() => runs.length === 2);
    nowMs -= 8 * 24 * 3_600_000;
    // By the process that runs, and by one that starts.
    await until(() => runs.length === 3);
    await pause(500);
    expect(runs).toHaveLength(3);
    await first.stop();
    nowMs -= 24 * 3_600_000;
    start(every);
    await until(() => runs.length === 4);
  });

  test("a periodic job that fails each time is never given up", async () => {
    let begun = 0;
    const run = (): Promise<void> => {
      begun += 1;
      return Promise.reject(new KeepsakeError("store.unavailable"));
    };
    start({ a: { run, everyMs: 60_000 } }, { maxTries: 2, firstPauseMs: 1_000 });
    await until(async () => {
      nowMs += 1_000;
      await pause(3);
      return begun >= 5;
    });
    expect(await givenUp(db.query, 10)).toEqual([]);
  });

  test("a job whose worker died is another's after the lease, and the dead one ends nothing", async () => {
    const { runs, handler } = recording();
    await enqueue(db.query, { kind: "a", payload: 1, dueAtMs: nowMs });
    const [dead] = await take(db.query, { kinds: ["a"], nowMs, leaseMs: 60_000, limit: 1 });
    if (dead === undefined) throw new Error("no job");
    start({ a: handler });
    nowMs += 59_999;
    await pause(40);
    expect(runs).toEqual([]);
    const [none] = await take(db.query, { kinds: ["a"], nowMs, leaseMs: 60_000, limit: 1 });
    expect(none).toBeUndefined();
    nowMs += 1;
    await until(() => runs.length === 1);
    await until(async () => (await waiting()) === 0);

    await enqueue(db.query, { kind: "b", dueAtMs: nowMs });
    const taken = { kinds: ["b"], nowMs, leaseMs: 10, limit: 1 };
    const [late] = await take(db.query, taken);
    const [next] = await take(db.query, { ...taken, nowMs: nowMs + 10 });
    if (late === undefined || next === undefined) throw new Error("no job");
    await finish(db.query, late);
    expect(await waiting()).toBe(1);
    await finish(db.query, next);
    expect(await waiting()).toBe(0);
  });

  test("a job that takes its process with it each time is given up", async () => {
    const { runs, handler } = recording();
    await enqueue(db.query, { kind: "a", dueAtMs: nowMs });
    for (let death = 0; death < 3; death += 1) {
      await take(db.query, { kinds: ["a"], nowMs, leaseMs: 10, limit: 1 });
      nowMs += 10;
    }
    start({ a: handler }, { maxTries: 3 });
    await until(async () => (await givenUp(db.query, 1)).length === 1);
    expect(runs).toEqual([]);
  });

  test("a job that lasts longer than its lease stays its worker's", async () => {
    let begun = 0;
    const run = (): Promise<void> => {
      begun += 1;
      return pause(700);
    };
    const options = { clock: { now: () => Date.now() }, leaseMs: 300 };
    await enqueue(db.query, { kind: "a", dueAtMs: 0 });
    for (let worker = 0; worker < 3; worker += 1) start({ a: { run } }, options);
    await until(async () => (await waiting()) === 0);
    expect(begun).toBe(1);
  });

  test("a worker that stops gives its job back, and it does not count as a try", async () => {
    let tries = 0;
    const run: JobHandler["run"] = async (job, signal) => {
      tries = job.tries;
      await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
      throwIfAborted(signal);
    };
    await enqueue(db.query, { kind: "a", dueAtMs: nowMs });
    for (let round = 0; round < 2; round += 1) {
      const worker = start({ a: { run } });
      await until(() => tries === 1);
      await worker.stop();
      tries = 0;
      expect(await waiting()).toBe(1);
    }
  });

  test("no more jobs run at the same time than are wanted", async () => {
    let running = 0;
    let most = 0;
    const run = async (): Promise<void> => {
      most = Math.max(most, (running += 1));
      await pause(3);
      running -= 1;
    };
    for (let job = 0; job < 30; job += 1) await enqueue(db.query, { kind: "a", dueAtMs: nowMs });
    start({ a: { run } }, { concurrency: 3 });
    await until(async () => (await waiting()) === 0);
    expect(most).toBe(3);
  });

  test("a database that fails is waited for", async () => {
    const { runs, handler } = recording();
    await migrate(db, null);
    const { events } = start({ a: handler });
    await until(() => events.length > 0);
    expect(events[0]?.event).toBe("jobs-waiting-for-database");
    await migrate(db);
    await enqueue(db.query, { kind: "a", dueAtMs: nowMs });
    await until(() => runs.length === 1);
  });
}

function pause(delayMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, delayMs));
}
