import { expect } from "vitest";
import { findAccount, openAccount, type Account } from "../../src/billing/books/accounts.ts";
import { SEALED, type Books } from "../../src/billing/books/books.ts";
import { buy } from "../../src/billing/books/buying/buy.ts";
import { lookOn } from "../../src/billing/books/round/charges.ts";
import { markShown, sendBillNotice } from "../../src/billing/books/round/notices.ts";
import { ownSubscription } from "../../src/billing/books/subscriptions.ts";
import type { Simulator } from "../../src/billing/simulators/simulator.ts";
import { seal } from "../../src/keys/sealed.ts";
import type { Server } from "../../src/server.ts";
import { person } from "./person.ts";
import type { Still } from "./still.ts";

let count = 0;

/** Somebody who has a plan by the month that renews, and hears of charges by mail and on a device. */
export async function renewing(
  { books, simulator }: Still<Simulator>,
  {
    hasMail = true,
    plan = "gb-50",
    renews = true,
    coupon,
  }: {
    readonly hasMail?: boolean;
    readonly plan?: string;
    readonly renews?: boolean;
    readonly coupon?: string;
  } = {},
): Promise<{ account: Account; id: string }> {
  count += 1;
  const publicKey = count.toString(16).padStart(64, "0");
  const account = await findAccount(
    books,
    await openAccount(books, { publicKey, language: "zh", isNew: true }),
  );
  if (hasMail)
    await books.db.query
      .insertInto("accountContact")
      .values({
        id: `contact-${count}`,
        account: account.id,
        kind: "email",
        sealed: seal(books.secrets, SEALED, Buffer.from(`payer-${count}@example.org`)),
      })
      .execute();
  const { id, next } = await buy(books, account, {
    plan,
    period: "month",
    channel: "web",
    provider: simulator.name,
    renews,
    ...(coupon !== undefined && { coupon }),
    screen: "page",
    returnUrl: "https://keepsake.example/#/plan",
  });
  await person(simulator, next, "pay");
  const { subscription } = await lookOn(books, id);
  expect(subscription).toMatchObject({ renews, isPending: false });
  expect(subscription.terms).toHaveLength(1);
  return { account, id };
}

export const kept = (books: Books, { account, id }: { account: Account; id: string }) =>
  ownSubscription(books.db.query, account.id, id);

/** What is still to be sent is sent, and a device shows what there is. */
export async function deliver(
  books: Server,
  { account }: { account: Account },
  isDeviceOn = true,
): Promise<void> {
  const queued = await books.db.query
    .selectFrom("billNotice")
    .select(["id", "channel"])
    .where("account", "=", account.id)
    .where("state", "=", "queued")
    .execute();
  for (const { id, channel } of queued)
    if (channel !== "device")
      await sendBillNotice(books, { id, kind: "billing-notice", payload: { id }, tries: 1 });
  if (isDeviceOn)
    await markShown(
      books,
      account.id,
      queued.map(({ id }) => id),
    );
}

export const charges = (books: Books, id: string) =>
  books.db.query.selectFrom("charge").selectAll().where("subscription", "=", id).orderBy("name").execute();
export const sold = async (books: Books, id: string) => {
  const rows = await books.db.query
    .selectFrom("ledger")
    .select(["account", "amountMinor"])
    .where("subscription", "=", id)
    .execute();
  return rows
    .filter(({ account }) => account.startsWith("at/"))
    .reduce((sum, row) => sum + row.amountMinor, 0);
};

/** What each account of the ledger comes to. */
export async function balances({ db }: Pick<Books, "db">): Promise<Record<string, number>> {
  const lines = await db.query.selectFrom("ledger").select(["account", "amountMinor"]).execute();
  const sums: Record<string, number> = {};
  for (const { account, amountMinor } of lines) sums[account] = (sums[account] ?? 0) + amountMinor;
  return sums;
}
