import { randomUUID } from "node:crypto";
import { sql, type RawBuilder } from "kysely";
import { claim, type Query } from "../db/index.ts";
import type { JobTable } from "./tables.ts";

/** Something to be done later, at least once. */
export interface NewJob {
  readonly kind: string;
  /** What the handler is given: values of JSON. */
  readonly payload?: unknown;
  /** Of the jobs of a kind with the same key, one waits: a second one brings its payload up to date. */
  readonly key?: string;
  /** Not before this time. */
  readonly dueAtMs: number;
}

/** A job that was claimed: it is the claimer's until the lease ends. */
export interface Job {
  readonly id: string;
  readonly kind: string;
  readonly payload: unknown;
  /** How often it was begun, this time counted. */
  readonly tries: number;
}

/** Whose jobs are taken, and for how long they are the taker's. */
export interface Take {
  readonly kinds: readonly string[];
  readonly nowMs: number;
  readonly leaseMs: number;
  readonly limit: number;
}

/**
 * Puts jobs into the queue, as a part of the transaction that `query` belongs to. One that has the key of a job
 * under way makes that run once more afterwards; one that has the key of a job given up brings it back.
 */
export async function enqueue(query: Query, ...jobs: readonly NewJob[]): Promise<void> {
  if (jobs.length === 0) return;
  await query
    .insertInto("job")
    .values(jobs.map(freshRow))
    .onConflict((conflict) =>
      conflict.columns(["kind", "key"]).doUpdateSet({
        payload: sql`excluded."payload"`,
        tries: caseOf({ givenUp: sql`0`, waiting: sql`0`, underWay: sql`"job"."tries"` }),
        dueAtMs: caseOf({
          givenUp: sql`excluded."dueAtMs"`,
          waiting: sql`case when "job"."dueAtMs" < excluded."dueAtMs" then "job"."dueAtMs" else excluded."dueAtMs" end`,
          underWay: sql`"job"."dueAtMs"`,
        }),
        againAtMs: caseOf({ givenUp: sql`null`, waiting: sql`null`, underWay: sql`excluded."dueAtMs"` }),
      }),
    )
    .execute();
}

/** Puts a job into the queue unless there is one of its kind and key, in whatever state. */
export async function enqueueOnce(query: Query, job: NewJob & { readonly key: string }): Promise<void> {
  await query
    .insertInto("job")
    .values(freshRow(job))
    .onConflict((conflict) => conflict.columns(["kind", "key"]).doNothing())
    .execute();
}

/** What the job of a kind and key is given; undefined where there is none. */
export async function waitingPayload(
  query: Query,
  { kind, key }: { readonly kind: string; readonly key: string },
): Promise<unknown> {
  const job = await query
    .selectFrom("job")
    .select("payload")
    .where("kind", "=", kind)
    .where("key", "=", key)
    .executeTakeFirst();
  return job && JSON.parse(job.payload);
}

/**
 * Makes a waiting job due now that would be due later than its kind can ask for, because the clock was ahead once.
 * `pauseMs` is the longest pause after a failure. Both are longer than that by what clocks of processes may differ.
 */
export async function bringBack(
  query: Query,
  { kind, key, everyMs, pauseMs }: { kind: string; key: string; everyMs: number; pauseMs: number },
  nowMs: number,
): Promise<void> {
  await query
    .updateTable("job")
    .set({ dueAtMs: nowMs })
    .where("kind", "=", kind)
    .where("key", "=", key)
    .where((row) =>
      row.or([
        row.and([row("tries", "=", 0), row("dueAtMs", ">", nowMs + everyMs)]),
        row("dueAtMs", ">", nowMs + Math.max(everyMs, pauseMs)),
      ]),
    )
    .execute();
}

/** Takes jobs that are due. Two takers never get the same one, unless the lease of the first has ended. */
export async function take(query: Query, taken: Take): Promise<readonly Job[]> {
  const rows = await claim(query, "job", taken);
  return rows.map(({ id, kind, payload, tries }) => ({ id, kind, payload: JSON.parse(payload), tries }));
}

/** Makes the lease of a taken job end later; false if it is the taker's no longer. */
export function renew(query: Query, job: Job, untilMs: number): Promise<boolean> {
  return change(query, job, { dueAtMs: untilMs });
}

/** Ends a job that was done. It goes, or runs once more if that was asked for meanwhile. */
export async function finish(query: Query, job: Job): Promise<void> {
  const { numDeletedRows } = await query
    .deleteFrom("job")
    .where("id", "=", job.id)
    .where("tries", "=", job.tries)
    .where("againAtMs", "is", null)
    .executeTakeFirst();
  if (numDeletedRows > 0n) return;
  await query
    .updateTable("job")
    .set((row) => ({ dueAtMs: row.ref("againAtMs"), againAtMs: null, tries: 0, lastError: null }))
    .where("id", "=", job.id)
    .where("tries", "=", job.tries)
    .execute();
}

/** Ends a periodic job, whether it was done or given up: it runs again at `dueAtMs`. */
export async function repeat(
  query: Query,
  job: Job,
  dueAtMs: number,
  lastError: string | null,
): Promise<void> {
  await change(query, job, { dueAtMs, tries: 0, lastError });
}

/** Puts a job back that failed, to be tried again; with null it is given up, and kept to be looked at. */
export async function putBack(
  query: Query,
  job: Job,
  dueAtMs: number | null,
  lastError: string,
): Promise<void> {
  await change(query, job, { dueAtMs, lastError });
}

/** Puts a job back as if it had not been taken, because its taker stops. */
export async function giveBack(query: Query, job: Job, nowMs: number): Promise<void> {
  await change(query, job, { dueAtMs: nowMs, tries: job.tries - 1 });
}

/** The jobs that were given up, the oldest first. */
export async function givenUp(query: Query, limit: number): Promise<readonly JobTable[]> {
  return query
    .selectFrom("job")
    .selectAll()
    .where("dueAtMs", "is", null)
    .orderBy("madeAtMs")
    .limit(limit)
    .execute();
}

/** A job whose last try failed, without what it is about. */
export interface FailedJob {
  readonly kind: string;
  readonly madeMs: number;
  /** The code of the last failure. */
  readonly code: string;
  /** Whether it is not tried again by itself. */
  readonly isGivenUp: boolean;
}

/** Jobs that failed when they were tried last, the oldest first. */
export async function failedJobs(query: Query, limit: number): Promise<readonly FailedJob[]> {
  const rows = await query
    .selectFrom("job")
    .select(["kind", "madeAtMs", "lastError", "dueAtMs"])
    .where("lastError", "is not", null)
    .orderBy("madeAtMs")
    .limit(limit)
    .execute();
  return rows.map(({ kind, madeAtMs, lastError, dueAtMs }) => ({
    kind,
    madeMs: madeAtMs,
    code: lastError ?? "",
    isGivenUp: dueAtMs === null,
  }));
}

function freshRow({ kind, payload, key, dueAtMs }: NewJob): JobTable {
  return {
    id: randomUUID(),
    kind,
    key: key ?? null,
    payload: JSON.stringify(payload ?? null),
    dueAtMs,
    againAtMs: null,
    tries: 0,
    madeAtMs: dueAtMs,
    lastError: null,
  };
}

interface Cases {
  readonly givenUp: RawBuilder<unknown>;
  readonly waiting: RawBuilder<unknown>;
  readonly underWay: RawBuilder<unknown>;
}

/** A value by the state that the job with the same key is in. */
function caseOf({ givenUp: one, waiting, underWay }: Cases): RawBuilder<number> {
  return sql`case when "job"."dueAtMs" is null then ${one} when "job"."tries" = 0 then ${waiting} else ${underWay} end`;
}

async function change(query: Query, job: Job, values: Partial<JobTable>): Promise<boolean> {
  const { numUpdatedRows } = await query
    .updateTable("job")
    .set(values)
    .where("id", "=", job.id)
    .where("tries", "=", job.tries)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}
