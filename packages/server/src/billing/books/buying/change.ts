import { KeepsakeError } from "@keepsake/core/base";
import type { Period } from "@keepsake/core/plans";
import { randomId } from "../../../keys/ids.ts";
import { dayOf } from "../../dealing/calendar.ts";
import { stateAt } from "../../dealing/state.ts";
import { renewalBy, type ProviderName } from "../../dealing/statements.ts";
import type { Account } from "../accounts.ts";
import type { Books } from "../books.ts";
import { addChoice, addEntries, type Kept } from "../log/log.ts";
import { look } from "../look.ts";
import { heldSubscription, knownOf, providerOf } from "../subscriptions.ts";
import { requireNext } from "./buy.ts";

/** Whether further terms are charged. Off takes effect here at once; a provider that charges by itself is told first. */
export async function setRenewal(books: Books, account: Account, id: string, isOn: boolean): Promise<Kept> {
  const { row, subscription } = await heldSubscription(books.db.query, account.id, id);
  const by = renewalBy[row.provider as ProviderName];
  if (isOn && (by !== "ours" || !subscription.isAgreed))
    throw new KeepsakeError("pay.no-renewal", { details: { provider: row.provider } });
  if (!isOn && by === "theirs")
    await providerOf(books, row.provider).stop(await knownOf(books, books.db.query, row));
  const kept = await choose(books, id, { kind: "renewal", id: randomId(), atMs: books.clock.now(), isOn });
  return by === "theirs" ? look(books, id) : kept;
}

/** Stops a subscription for a while, or lets it go on: the days between are not used up. Throws `pay.not-now`. */
export async function setPaused(
  books: Books,
  account: Account,
  id: string,
  isPaused: boolean,
): Promise<Kept> {
  const { row, subscription } = await heldSubscription(books.db.query, account.id, id);
  if (renewalBy[row.provider as ProviderName] === "theirs")
    throw new KeepsakeError("pay.not-now", { details: { why: "provider" } });
  const { graceDays } = (await books.catalogues.current()).lapse;
  const state = stateAt(subscription, dayOf(books.clock.now()), graceDays);
  if (isPaused ? !["active", "canceled"].includes(state) : state !== "paused")
    throw new KeepsakeError("pay.not-now", { details: { why: state } });
  const atMs = books.clock.now();
  return books.db.transaction((query) =>
    addEntries(books, query, id, [{ kind: isPaused ? "paused" : "resumed", id: randomId(), atMs }]),
  );
}

/** What the next term is of: a smaller plan from then on, and nothing that is stored goes. */
export async function setNext(
  books: Books,
  account: Account,
  id: string,
  wanted: { readonly plan: string; readonly period: Period } | undefined,
): Promise<Kept> {
  const { row, subscription } = await heldSubscription(books.db.query, account.id, id);
  if (wanted !== undefined && (renewalBy[row.provider as ProviderName] !== "ours" || !subscription.renews))
    throw new KeepsakeError("pay.not-now", { details: { why: "no-renewal" } });
  const catalogue = await books.catalogues.current();
  if (wanted !== undefined) requireNext(catalogue, row.plan, wanted);
  return choose(books, id, {
    kind: "next",
    id: randomId(),
    atMs: books.clock.now(),
    ...(wanted === undefined ? {} : { bought: { catalogue: catalogue.version, ...wanted } }),
  });
}

function choose(books: Books, id: string, choice: Parameters<typeof addChoice>[3]): Promise<Kept> {
  return books.db.transaction((query) => addChoice(books, query, id, choice));
}
