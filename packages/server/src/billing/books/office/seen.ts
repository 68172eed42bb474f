import { KeepsakeError } from "@keepsake/core/base";
import type { Db, Query } from "../../../db/index.ts";
import type { Secrets } from "../../../keys/secrets.ts";
import { indexOf, seal, unseal } from "../../../keys/sealed.ts";
import { dayOf } from "../../dealing/calendar.ts";
import type { Seen, SeenBook } from "../../providers/manual/provider.ts";
import { SEALED, type Books } from "../books.ts";
import type { Kept } from "../log/log.ts";
import { look } from "../look.ts";
import { chargeNumber, subscriptionRow } from "../subscriptions.ts";

type Parts = { readonly db: Db; readonly secrets: Secrets };

/** What the operator saw, as the manual provider asks for it. */
export function seenBook({ db, secrets }: Parts): SeenBook {
  const open = (rows: readonly { readonly sealed: Uint8Array }[]): readonly Seen[] =>
    rows.map(({ sealed }) => {
      const plain = unseal(secrets, SEALED, sealed);
      if (plain === undefined) throw new KeepsakeError("server.bad-secrets");
      return JSON.parse(Buffer.from(plain).toString()) as Seen;
    });
  const rows = (query: Query) =>
    query.selectFrom("seenPayment").select("sealed").orderBy("day").orderBy("id");
  return {
    of: async (subscription) => open(await rows(db.query).where("subscription", "=", subscription).execute()),
    within: async (fromMs, untilMs) => {
      const found = await rows(db.query)
        .where("day", ">=", dayOf(fromMs))
        .where("day", "<=", dayOf(untilMs))
        .execute();
      return open(found).filter(({ atMs }) => atMs >= fromMs && atMs < untilMs);
    },
  };
}

/**
 * Money that the operator saw for a charge: in is positive, paid back negative. The same name at the bank is the same
 * money. Throws `request.not-found`, and `pay.not-now` where it is not what was asked for.
 */
export async function tellSeen(
  books: Books,
  told: { readonly subscription: string; readonly name: string; readonly amountMinor: number },
): Promise<Kept> {
  const { db, secrets, clock } = books;
  const { subscription, name, amountMinor } = told;
  const row = await subscriptionRow(db.query, subscription);
  const charges = await db.query
    .selectFrom("charge")
    .select(["name", "amountMinor", "currency"])
    .where("subscription", "=", subscription)
    .execute();
  const charge = charges.toSorted((a, b) => chargeNumber(b.name) - chargeNumber(a.name))[0];
  if (row?.provider !== "manual" || charge === undefined) throw new KeepsakeError("request.not-found");
  if (amountMinor > 0 && amountMinor !== charge.amountMinor)
    throw new KeepsakeError("pay.not-now", { details: { why: "amount", askedMinor: charge.amountMinor } });
  const atMs = clock.now();
  const id = indexOf(secrets, "seen-payment", `${subscription} ${name}`);
  const seen: Seen = { id, atMs, subscription, charge: charge.name, amountMinor, currency: charge.currency };
  const sealed = seal(secrets, SEALED, Buffer.from(JSON.stringify(seen)));
  await db.query
    .insertInto("seenPayment")
    .values({ id, subscription, day: dayOf(atMs), sealed })
    .onConflict((conflict) => conflict.column("id").doNothing())
    .execute();
  return look(books, subscription);
}
