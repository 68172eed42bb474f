import type { Clock } from "@keepsake/core/base";
import type { Period } from "@keepsake/core/plans";
import type { Standing } from "../dealing/statements.ts";
import type { Known } from "./provider.ts";

/** What an adapter is given besides its settings. */
export interface ProviderParts {
  readonly clock: Clock;
  /** Whether no money moves. */
  readonly isTest: boolean;
  /** Where the provider's server calls us, without a query. */
  readonly hearsAt: string;
}

/** How a subscription stands, read now. */
export function standing(
  known: Pick<Known, "subscription">,
  nowMs: number,
  state: Partial<Omit<Standing, "kind" | "id" | "atMs">>,
): Standing {
  return {
    kind: "standing",
    id: `standing:${known.subscription}@${nowMs}`,
    atMs: nowMs,
    isPending: false,
    renews: false,
    ...state,
  };
}

const AT_ONCE = 6;

/** Asks for each, a few at once: a provider counts what it is asked in a second. */
export async function forEachOf<T, R>(
  items: readonly T[],
  ask: (item: T) => Promise<readonly R[]>,
): Promise<R[]> {
  const found: R[] = [];
  for (let at = 0; at < items.length; at += AT_ONCE)
    found.push(...(await Promise.all(items.slice(at, at + AT_ONCE).map(ask))).flat());
  return found;
}

/** What a store sells, by its names. */
export function productsOf(
  products: readonly { readonly product: string; readonly plan: string; readonly period: Period }[],
): ReadonlyMap<string, { readonly plan: string; readonly period: Period }> {
  return new Map(products.map(({ product, plan, period }) => [product, { plan, period }]));
}
