import { KeepsakeError } from "@keepsake/core/base";
import type { Catalogue } from "@keepsake/core/plans";
import type { Query } from "../../../db/index.ts";
import { randomId, randomLetters } from "../../../keys/ids.ts";
import { indexOf } from "../../../keys/sealed.ts";
import { dayOf } from "../../dealing/calendar.ts";
import type { Reduced } from "../../dealing/reduction.ts";
import type { Account } from "../accounts.ts";
import type { Books } from "../books.ts";
import { subscriptionRow } from "../subscriptions.ts";
import type { ProofCodeTable } from "../tables.ts";

const LETTERS = 20;
const MOST_PROOFS = 1000;

type Reduction = Catalogue["reductions"][number];

/** Proofs as they are made: for which reduction, and how many. */
export interface ProofBatch {
  readonly reduction: string;
  readonly count: number;
  /** To be used within so many days. */
  readonly days: number;
}

/**
 * Makes proof codes for those who have shown the operator that they study, or are a family: whoever types one pays less.
 * They are shown once; only their hashes are kept. Throws `pay.no-coupon` for a reduction that needs no proof.
 */
export async function makeProofs(
  books: Books,
  { reduction, count, days }: ProofBatch,
): Promise<readonly string[]> {
  const { reductions } = await books.catalogues.current();
  if (!reductions.some(({ id, needs }) => id === reduction && needs !== "coupon"))
    throw new KeepsakeError("pay.no-coupon");
  if (count > MOST_PROOFS) throw new KeepsakeError("base.limit", { details: { most: MOST_PROOFS } });
  const codes = Array.from({ length: count }, () => randomLetters(LETTERS).match(/.{5}/g)!.join("-"));
  const of = { batch: randomId(), reduction, untilDay: dayOf(books.clock.now()) + days, usedBy: "" };
  await books.db.transaction(async (query) => {
    for (const code of codes)
      await query
        .insertInto("proofCode")
        .values({ ...of, codeHash: hashOf(books, code) })
        .execute();
  });
  return codes;
}

/** What was typed to pay less: what it takes off, and the proof code that is used up by it. */
export interface Typed {
  readonly reduced: Reduced;
  readonly proof?: string;
}

/**
 * Finds what was typed: a coupon of the catalogue's, or a proof code. A proof with which nothing was paid, or all was
 * paid back, is good again for its own account. Throws `pay.no-coupon` for what there is not, or no longer.
 */
export async function typedReduction(
  books: Books,
  account: Account,
  { catalogue, typed }: { readonly catalogue: Catalogue; readonly typed: string },
): Promise<Typed> {
  const nowMs = books.clock.now();
  const reductionOf = (id: string, isCoupon: boolean): Reduction | undefined =>
    catalogue.reductions.find(
      (each) =>
        each.id === id && (each.needs === "coupon") === isCoupon && (each.untilMs ?? Infinity) > nowMs,
    );
  const coupon = reductionOf(typed, true);
  if (coupon !== undefined) return { reduced: reducedBy(coupon) };
  const proof = hashOf(books, typed);
  const row = await goodProof(books.db.query, account, { proof, today: dayOf(nowMs) });
  const found = row === undefined ? undefined : reductionOf(row.reduction, false);
  if (found === undefined) throw new KeepsakeError("pay.no-coupon");
  return { reduced: reducedBy(found), proof };
}

function reducedBy({ percentOff, periods }: Reduction): Reduced {
  return { percentOff, ...(periods !== undefined && { terms: periods - 1 }) };
}

/** A proof that nobody used, or that this account used for something that it has not paid. */
async function goodProof(
  query: Query,
  account: Account,
  { proof, today }: { readonly proof: string; readonly today: number },
): Promise<Pick<ProofCodeTable, "reduction" | "usedBy"> | undefined> {
  const row = await query
    .selectFrom("proofCode")
    .select(["reduction", "usedBy"])
    .where("codeHash", "=", proof)
    .where("untilDay", ">=", today)
    .executeTakeFirst();
  if (row === undefined || row.usedBy === "") return row;
  const used = await subscriptionRow(query, row.usedBy);
  return used?.account === account.id && used.untilDay === 0 ? row : undefined;
}

/** Uses a proof for a subscription, as a part of a transaction. Throws `pay.no-coupon` where somebody was faster. */
export async function useProof(
  query: Query,
  account: Account,
  given: { readonly proof: string; readonly subscription: string; readonly today: number },
): Promise<void> {
  const found = await goodProof(query, account, given);
  if (found === undefined) throw new KeepsakeError("pay.no-coupon");
  const { numUpdatedRows } = await query
    .updateTable("proofCode")
    .set({ usedBy: given.subscription })
    .where("codeHash", "=", given.proof)
    .where("usedBy", "=", found.usedBy)
    .executeTakeFirst();
  if (numUpdatedRows === 0n) throw new KeepsakeError("pay.no-coupon");
}

/** However it was typed. */
function hashOf({ secrets }: Books, code: string): string {
  return indexOf(secrets, "proof-code", code.toLowerCase().replace(/[^0-9a-v]/g, ""));
}
