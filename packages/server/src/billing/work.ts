import { KeepsakeError } from "@keepsake/core/base";
import type { Job, JobHandler } from "../jobs/index.ts";
import type { Books } from "./books/books.ts";
import { STOP_JOB } from "./books/log/log.ts";
import { LOOK_JOB } from "./books/look.ts";
import { reconcileBooks } from "./books/office/reconcile.ts";
import { lookOn } from "./books/round/charges.ts";
import { payOwed, REFUND_JOB } from "./books/buying/refund.ts";
import { BILL_NOTICE_JOB, sendBillNotice } from "./books/round/notices.ts";
import { goRound } from "./books/round/round.ts";
import { knownOf, providerOf, subscriptionRow } from "./books/subscriptions.ts";

const HOUR_MS = 60 * 60_000;

/** The work of the billing side: what providers and members set off, the daily round, the nightly comparison. */
export function billingJobs(books: Books): Readonly<Record<string, JobHandler>> {
  const { log } = books;
  return {
    [BILL_NOTICE_JOB]: { run: (job) => sendBillNotice(books, job) },
    [LOOK_JOB]: { run: (job) => orGone(() => lookOn(books, idOf(job))) },
    [REFUND_JOB]: { run: (job) => payOwed(books, job) },
    [STOP_JOB]: { run: (job) => orGone(() => stop(books, idOf(job))) },
    "billing-round": {
      everyMs: HOUR_MS,
      run: async (_job, signal) => {
        const counts = await goRound(books, signal);
        if (Object.keys(counts).length > 0) log({ event: "billing-round", ...counts });
      },
    },
    "billing-compare": {
      everyMs: 24 * HOUR_MS,
      run: async (_job, signal) => void (await reconcileBooks(books, signal)),
    },
  };
}

/** Ends the renewal of a subscription that another one took the place of. */
async function stop(books: Books, id: string): Promise<void> {
  const row = await subscriptionRow(books.db.query, id);
  if (row === undefined) return;
  const provider = providerOf(books, row.provider);
  if (provider.manageUrl === undefined) await provider.stop(await knownOf(books, books.db.query, row));
}

/** A provider that is no longer there is not waited for. */
async function orGone(work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!KeepsakeError.is(error, "pay.no-provider")) throw error;
  }
}

function idOf({ payload }: Job): string {
  return (payload as { readonly id: string }).id;
}
