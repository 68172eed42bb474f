import { createHash } from "node:crypto";
import { KeepsakeError } from "@keepsake/core/base";
import { TRIAL_INFO } from "@keepsake/core/protocol";
import type { Query } from "../../../db/index.ts";
import { isTicket } from "../../../keys/tickets.ts";
import { dayOf, startOf } from "../../dealing/calendar.ts";
import { mayUpload, stateAt } from "../../dealing/state.ts";
import { newSubscription } from "../../providers/names.ts";
import type { Account } from "../accounts.ts";
import type { Books } from "../books.ts";
import { addEntries, read, type Kept } from "../log/log.ts";
import { keptBy } from "../sold.ts";
import { subscriptionRow, subscriptionsOf } from "../subscriptions.ts";
import { insertSubscription } from "./insert.ts";

/** A ticket of the storing side, as an account shows it, in hex. */
interface TrialTicket {
  readonly input: string;
  readonly output: string;
}

/**
 * Begins a trial of a plan: days of it for nothing, which end by themselves. The ticket says that a member may have one,
 * and not which member; each is good once, and the same again from the same account goes on with the trial that it
 * began. Throws `ticket.bad`, `ticket.no-trial`, `pay.already`, `pay.no-such-offer`.
 */
export async function startTrial(
  books: Books,
  account: Account,
  { plan: wanted, ticket }: { readonly plan: string; readonly ticket: TrialTicket },
): Promise<Kept> {
  const { db, secrets, clock, catalogues, providers } = books;
  const catalogue = await catalogues.current();
  const plan = catalogue.plans.find(({ id }) => id === wanted);
  const period = plan?.offers.at(-1)?.period;
  // Who sells nothing gives room by hand, and to nobody for trying.
  if (providers.size === 0 || plan === undefined || period === undefined || plan.trialDays === 0)
    throw new KeepsakeError("pay.no-such-offer");
  if (!isTicket(secrets, TRIAL_INFO, ticket)) throw new KeepsakeError("ticket.bad");
  const atMs = clock.now();
  const today = dayOf(atMs);
  const [id, charge] = [newSubscription(), `trial`];
  const bought = { catalogue: catalogue.version, plan: plan.id, period };
  return db.transaction(async (query) => {
    const begun = await spend(query, ticket, id);
    if (begun !== id) return goOn(query, account, { begun, today });
    const active = (await keptBy(books, query, account.id)).plans.find(({ subscription }) =>
      holds(stateAt(subscription, today, catalogue.lapse.graceDays)),
    );
    if (active !== undefined)
      throw new KeepsakeError("pay.already", { details: { subscription: active.row.id } });
    const by = { provider: "manual", channel: "other", replaces: "" } as const;
    await insertSubscription(query, { id, account, by, bought, nowMs: atMs });
    // The day that has begun is given.
    const term = { fromMs: startOf(today), untilMs: startOf(today + 1 + plan.trialDays) };
    const paid = { charge: `${id}-${charge}`, amountMinor: 0, currency: catalogue.currency, bought, term };
    return addEntries(books, query, id, [{ kind: "paid", id: charge, atMs, ...paid, isTrial: true }]);
  });
}

function holds(state: ReturnType<typeof stateAt>): boolean {
  return mayUpload(state) || state === "paused" || state === "past-due";
}

/** Marks a ticket as used for a subscription; gives the one that it was used for first. */
async function spend(query: Query, { input, output }: TrialTicket, subscription: string): Promise<string> {
  const ticketHash = createHash("sha256").update(`${input} ${output}`).digest("hex");
  await query
    .insertInto("spentTrial")
    .values({ ticketHash, subscription })
    .onConflict((conflict) => conflict.column("ticketHash").doNothing())
    .execute();
  const spent = await query
    .selectFrom("spentTrial")
    .select("subscription")
    .where("ticketHash", "=", ticketHash)
    .executeTakeFirstOrThrow();
  return spent.subscription;
}

/** The answer was lost, and the account asks again: its trial goes on. One that is over is not begun again. */
async function goOn(
  query: Query,
  account: Account,
  { begun, today }: { readonly begun: string; readonly today: number },
): Promise<Kept> {
  const row = await subscriptionRow(query, begun);
  const subscription = row === undefined ? undefined : read(row);
  if (
    row?.account !== account.id ||
    subscription === undefined ||
    stateAt(subscription, today, 0) !== "trial"
  )
    throw new KeepsakeError("ticket.no-trial");
  return { row, subscription };
}

/** The trial of ours that an account has on a day: it gives way to whatever is bought. */
export async function trialOf(query: Query, account: Account, today: number): Promise<Kept | undefined> {
  return (await subscriptionsOf(query, account.id)).find((kept) => isOwnTrial(kept, today));
}

/** A store's own trial becomes a charge of the store's; ours never does. */
export function isOwnTrial({ row, subscription }: Kept, today: number): boolean {
  return row.provider === "manual" && stateAt(subscription, today, 0) === "trial";
}
