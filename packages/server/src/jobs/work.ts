import { KeepsakeError, timerSleep, type Clock } from "@keepsake/core/base";
import type { Db } from "../db/index.ts";
import { bringBack, enqueueOnce, finish, giveBack, putBack, renew, repeat, take, type Job } from "./queue.ts";

/** Does the jobs of one kind. */
export interface JobHandler {
  /**
   * Does a job, perhaps not for the first time: what it does twice must come to the same. Stops with `base.aborted`
   * when the signal fires: this process is to end, or the job is another's by now.
   */
  run(job: Job, signal: AbortSignal): Promise<void>;
  /** Does one such job again and again, this long after the last one, and first at once. */
  readonly everyMs?: number;
}

/** What became of a job, for the log. */
export interface JobEvent {
  readonly event: "job-failed" | "job-given-up" | "jobs-waiting-for-database";
  readonly kind?: string;
  readonly tries?: number;
  /** The code of the error. */
  readonly code: string;
}

export interface JobsOptions {
  readonly db: Db;
  readonly clock: Clock;
  readonly handlers: Readonly<Record<string, JobHandler>>;
  readonly signal: AbortSignal;
  /** How many run at the same time (4). */
  readonly concurrency?: number;
  /** After how long without a sign of life a job is given to another (60 s). Clocks of processes may differ by a part of it. */
  readonly leaseMs?: number;
  /** How long an idle worker waits before it looks again (1 s). */
  readonly pollMs?: number;
  /** After how many failures a job is given up (10). */
  readonly maxTries?: number;
  /** The pause after the first failure; each one doubles it, up to an hour (10 s). */
  readonly firstPauseMs?: number;
  readonly report?: (event: JobEvent) => void;
}

const maxPauseMs = 3_600_000;
/** Pauses differ by so much at most. */
const pauseSpread = 0.25;
/** After so many looks for jobs it is looked whether a periodic one is due at a time that cannot be. */
const LOOKS = 60;
/** The key of what is done again and again. */
export const periodicKey = "periodic";

/**
 * Does jobs until the signal fires; returns once those under way have ended or given back their job. Any number of
 * processes do so at the same time. A database that is away is waited for.
 */
export async function startJobs(options: JobsOptions): Promise<void> {
  const worker = new Worker(options);
  await worker.work();
}

class Worker {
  readonly #options: Required<JobsOptions>;
  readonly #running = new Set<Promise<void>>();

  constructor(options: JobsOptions) {
    const {
      concurrency = 4,
      leaseMs = 60_000,
      pollMs = 1_000,
      maxTries = 10,
      firstPauseMs = 10_000,
    } = options;
    const report = options.report ?? (() => undefined);
    this.#options = { ...options, concurrency, leaseMs, pollMs, maxTries, firstPauseMs, report };
  }

  async work(): Promise<void> {
    const { signal } = this.#options;
    let looks = 0;
    while (!signal.aborted) {
      try {
        if (looks === 0) await this.#schedule();
        looks = (looks + 1) % LOOKS;
        await this.#beginDue();
      } catch (error) {
        this.#options.report({ event: "jobs-waiting-for-database", code: codeOf(error) });
      }
      await this.#pause();
    }
    await Promise.all(this.#running);
  }

  async #schedule(): Promise<void> {
    const { db, clock, handlers, leaseMs } = this.#options;
    for (const [kind, { everyMs }] of Object.entries(handlers)) {
      if (everyMs === undefined) continue;
      const [key, nowMs] = [periodicKey, clock.now()];
      await enqueueOnce(db.query, { kind, key, dueAtMs: nowMs });
      const longest = { everyMs: everyMs + leaseMs, pauseMs: maxPauseMs * (1 + pauseSpread) + leaseMs };
      await bringBack(db.query, { kind, key, ...longest }, nowMs);
    }
  }

  async #beginDue(): Promise<void> {
    const { db, clock, handlers, leaseMs, concurrency } = this.#options;
    const limit = concurrency - this.#running.size;
    if (limit === 0) return;
    const taken = { kinds: Object.keys(handlers), nowMs: clock.now(), leaseMs, limit };
    for (const job of await take(db.query, taken)) {
      const run = this.#run(job).finally(() => this.#running.delete(run));
      this.#running.add(run);
    }
  }

  /** Until a job has ended, or it is time to look for others. */
  async #pause(): Promise<void> {
    const { signal, pollMs } = this.#options;
    if (signal.aborted) return;
    const stop = new AbortController();
    const timer = timerSleep(pollMs, AbortSignal.any([signal, stop.signal])).catch(() => undefined);
    await Promise.race([timer, ...this.#running]);
    stop.abort();
  }

  /** Never throws: what cannot be written down now is tried again after the lease. */
  async #run(job: Job): Promise<void> {
    const { report } = this.#options;
    try {
      await this.#runOnce(job);
    } catch (error) {
      report({ event: "job-failed", kind: job.kind, tries: job.tries, code: codeOf(error) });
    }
  }

  async #runOnce(job: Job): Promise<void> {
    const { db, clock, handlers, signal, maxTries, report } = this.#options;
    const handler = handlers[job.kind];
    if (handler === undefined) return;
    // It was begun so often and never ended: it takes the process with it.
    if (job.tries > maxTries) return this.#giveUp(job, handler, "base.unexpected");
    const lease = this.#keep(job);
    try {
      await handler.run(job, lease.signal);
    } catch (error) {
      const code = codeOf(error);
      if (code === "base.aborted" && signal.aborted) return await giveBack(db.query, job, clock.now());
      report({ event: "job-failed", kind: job.kind, tries: job.tries, code });
      if (job.tries >= maxTries) return await this.#giveUp(job, handler, code);
      return await putBack(db.query, job, clock.now() + this.#pauseAfter(job.tries), code);
    } finally {
      lease.end();
    }
    if (handler.everyMs === undefined) await finish(db.query, job);
    else await repeat(db.query, job, clock.now() + handler.everyMs, null);
  }

  async #giveUp(job: Job, { everyMs }: JobHandler, code: string): Promise<void> {
    const { db, clock, report } = this.#options;
    report({ event: "job-given-up", kind: job.kind, tries: job.tries, code });
    if (everyMs === undefined) await putBack(db.query, job, null, code);
    else await repeat(db.query, job, clock.now() + everyMs, code);
  }

  /** Renews the lease of a job until `end`; its signal fires when the job is lost or the process is to end. */
  #keep(job: Job): { readonly signal: AbortSignal; end(): void } {
    const { db, clock, leaseMs, signal } = this.#options;
    const lost = new AbortController();
    const timer = setInterval(() => {
      renew(db.query, job, clock.now() + leaseMs).then(
        (isOurs) => isOurs || lost.abort(),
        () => undefined, // The database is away: the next renewal may come in time.
      );
    }, leaseMs / 3);
    return { signal: AbortSignal.any([signal, lost.signal]), end: () => clearInterval(timer) };
  }

  #pauseAfter(tries: number): number {
    const pauseMs = Math.min(maxPauseMs, this.#options.firstPauseMs * 2 ** (tries - 1));
    return Math.round(pauseMs * (1 + pauseSpread * (2 * Math.random() - 1)));
  }
}

function codeOf(error: unknown): string {
  return KeepsakeError.is(error) ? error.code : "base.unexpected";
}
