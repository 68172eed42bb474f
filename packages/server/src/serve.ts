import { mkdir } from "node:fs/promises";
import { KeepsakeError, systemClock, type Clock } from "@keepsake/core/base";
import { requireOneMode } from "./billing/books/mode.ts";
import { billingJobs } from "./billing/work.ts";
import { seenBook } from "./billing/books/office/seen.ts";
import { providersOf } from "./billing/providers/configured.ts";
import { startTestMode, type TestMode } from "./billing/simulators/test-mode.ts";
import { openBlobs } from "./blobs/open.ts";
import { cellsOf } from "./cells/cells.ts";
import { requireCell } from "./cells/fact.ts";
import { reconcileNames } from "./cells/reconcile.ts";
import type { Config } from "./config.ts";
import { migrate, openDb, requireMoved } from "./db/index.ts";
import { destroySpent, openGuard } from "./guards/index.ts";
import { startServer, type RunningServer } from "./http/app.ts";
import { enqueue, periodicKey, startJobs, type Job } from "./jobs/index.ts";
import { dayKeysOf } from "./keys/own-day-keys.ts";
import { secretsOf } from "./keys/secrets.ts";
import { stepLevels } from "./levels/step.ts";
import type { Log } from "./log.ts";
import { stepClosings } from "./members/closing/closing.ts";
import { removeClosed } from "./members/closing/remove.ts";
import { firstInvitation, invite } from "./members/invitations.ts";
import { openChannels } from "./notices/channels.ts";
import { NOTICE_JOB, sendNotice } from "./notices/queue.ts";
import { sweepMembers } from "./members/sweep.ts";
import { databaseOptions } from "./operator/database.ts";
import { recordCopies } from "./operator/copies.ts";
import { commandLine, RECORD_JOB, recordLeft } from "./operator/log.ts";
import { openCatalogues } from "./plans/catalogues.ts";
import { stepWaits } from "./recovery/family.ts";
import type { Server } from "./server.ts";
import { renewTokens } from "./vaults/key-tokens.ts";
import { receiptKey } from "./vaults/receipts.ts";
import { reconcile } from "./vaults/reconcile.ts";
import { sweep } from "./vaults/sweep.ts";

/** A server with all its parts. */
export interface Serving extends RunningServer {
  readonly server: Server;
  /** For who signs up first and becomes the operator; undefined where there is one. */
  readonly invitation: string | undefined;
  /** For a member with a sample history, where one is wanted. */
  readonly sampleInvitation: string | undefined;
  /** Whether things can be bought, and no money moves. */
  readonly isPaymentsTest: boolean;
}

/** Opens the parts that the configuration names, brings the tables up to date, and listens. */
export async function serve(
  config: Config,
  { log, clock = systemClock }: { log: Log; clock?: Clock },
): Promise<Serving> {
  const opened = await openServer(config, { log, clock });
  let test: TestMode | undefined;
  try {
    test = config.isPaymentsTest ? await startTestMode(opened) : undefined;
    const server = test?.server ?? opened;
    const invitation = await firstInvitation(server);
    const sample = { isOperator: false, quotaBytes: SAMPLE_BYTES, days: 1 };
    const sampleInvitation = config.sampleInvitation ? await invite(server, commandLine, sample) : undefined;
    // With the start: the directory may be a new one.
    if (config.cells.all.length > 0)
      await enqueue(server.db.query, { kind: NAMES_JOB, key: periodicKey, dueAtMs: clock.now() });
    const running = await startServer(server);
    const end = new AbortController();
    const jobs = doJobs(server, end.signal);
    return {
      server,
      invitation,
      sampleInvitation,
      isPaymentsTest: [...server.providers.values()].some(({ isTest }) => isTest),
      url: running.url,
      stop: async () => {
        end.abort();
        await running.stop();
        await jobs;
        await test?.[Symbol.asyncDispose]();
        await server.db.close();
      },
    };
  } catch (error) {
    await test?.[Symbol.asyncDispose]();
    await opened.db.close();
    throw error;
  }
}

const SAMPLE_BYTES = 1_000_000_000;
const SWEEP_MS = 10 * 60_000;
const RENEW_MS = 60 * 60_000;
const COPIES_MS = 60_000;
const NAMES_MS = 60 * 60_000;
const NAMES_JOB = "reconcile-names";
const DAY_MS = 24 * 60 * 60_000;

/** What is done again and again, by one process at a time. */
function doJobs(server: Server, signal: AbortSignal): Promise<void> {
  const { db, clock, config, guard, log } = server;
  return startJobs({
    db,
    clock,
    signal,
    report: (event) => log({ ...event }),
    handlers: {
      [NOTICE_JOB]: { run: (job) => sendNotice(server, job) },
      ...(guard === undefined
        ? {}
        : { "sweep-guard": { everyMs: SWEEP_MS, run: async () => void (await destroySpent(guard)) } }),
      "family-waits": { everyMs: SWEEP_MS, run: () => stepWaits(server) },
      [RECORD_JOB]: { run: (job) => recordLeft(server, job) },
      // A database that several share is copied by its own means.
      ...(config.postgres === "" ? { copies: { everyMs: COPIES_MS, run: () => recordCopies(server) } } : {}),
      closings: {
        everyMs: SWEEP_MS,
        run: async (_job, stop) => {
          await stepClosings(server);
          const removed = await removeClosed(server, stop);
          if (removed > 0) log({ event: "closed", members: removed });
        },
      },
      "sweep-members": { everyMs: SWEEP_MS, run: () => sweepMembers(server) },
      sweep: {
        everyMs: SWEEP_MS,
        run: async (_job, stop) => log({ event: "swept", ...(await sweep(server, stop)) }),
      },
      "key-tokens": {
        everyMs: RENEW_MS,
        run: async (_job, stop) => log({ event: "tokens-renewed", ...(await renewTokens(server, stop)) }),
      },
      ...(config.cells.all.length === 0
        ? {}
        : {
            [NAMES_JOB]: {
              everyMs: NAMES_MS,
              run: async (_job: Job, stop: AbortSignal) =>
                log({ event: "names-reconciled", ...(await reconcileNames(server, stop)) }),
            },
          }),
      ...billingJobs(server),
      levels: { everyMs: SWEEP_MS, run: (_job, stop) => stepLevels(server, stop) },
      reconcile: {
        everyMs: DAY_MS,
        run: async (_job, stop) => log({ event: "reconciled", ...(await reconcile(server, stop)) }),
      },
    },
  });
}

/** Opens the parts that the configuration names, and brings the tables up to date. The caller closes the database. */
export async function openServer(
  config: Config,
  { log, clock }: { log: Log; clock: Clock },
): Promise<Server> {
  await mkdir(config.data, { recursive: true, mode: 0o700 }).catch((cause: unknown) => {
    throw new KeepsakeError("base.invalid", { cause, details: { name: "KEEPSAKE_DATA" } });
  });
  const db = await openDb(databaseOptions(config));
  try {
    await migrate(db);
    await requireMoved(db);
    const cell = config.cells.own;
    await requireCell(db, cell);
    // All cells have those of the first.
    const secrets = await secretsOf(db, config.secretsFile, { mayMake: cell === 0 });
    const dayKeys = await dayKeysOf(db.query, config.dayKeys, clock.now());
    const { fence, issuers: others } = config.guard;
    const issuers = [receiptKey(secrets), ...others];
    const guard = fence === "" ? undefined : await openGuard({ db, clock, secrets, log, issuers }, fence);
    const channels = openChannels(config.notices, clock);
    const cells = cellsOf(config.cells);
    const blobs = openBlobs(config);
    const catalogues = await openCatalogues({ db, clock, log, file: config.plans });
    const providers = await providersOf(config, { clock, seen: seenBook({ db, secrets }) });
    await requireOneMode(db, providers);
    return {
      config,
      db,
      channels,
      catalogues,
      providers,
      guard,
      cell,
      cells,
      blobs,
      secrets,
      dayKeys,
      clock,
      log,
    };
  } catch (error) {
    await db.close();
    throw error;
  }
}
