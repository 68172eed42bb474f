import type { Reduced } from "./reduction.ts";
import type { Bought, Statement } from "./statements.ts";

/** What was done here to a subscription, by its holder or by us. Its id tells it from all other entries. */
export type Deed = Asked | Renewal | Pause | Next | Replaced | Returned;

interface Done {
  readonly id: string;
  readonly atMs: number;
}

/** A charge was asked for: what it pays for, should it be paid. */
export interface Asked extends Done {
  readonly kind: "asked";
  readonly charge: string;
  readonly bought: Bought;
  /** What is to be paid, the store's fee included, and how much of it that is. */
  readonly amountMinor: number;
  readonly storeFeeMinor: number;
  /** What an earlier subscription was still worth, taken off the price. */
  readonly creditMinor: number;
  /** What was left of that, as days more. */
  readonly extraDays: number;
  /** What every further term of the same costs, as it was told. */
  readonly renewalMinor: number;
  /** What was taken off the price, and goes on to be. */
  readonly reduced?: Reduced;
}

/** Its holder chose whether further terms are charged. */
interface Renewal extends Done {
  readonly kind: "renewal";
  readonly isOn: boolean;
}

/** Its holder stopped it for a while, or lets it go on; the days between are not used up. */
interface Pause extends Done {
  readonly kind: "paused" | "resumed";
}

/** What the next term will be of; without `bought` the same again. */
interface Next extends Done {
  readonly kind: "next";
  readonly bought?: Bought;
}

/** Another subscription took its place: what it was still worth is paid for there. */
interface Replaced extends Done {
  readonly kind: "replaced";
  readonly by: string;
}

/** What an earlier subscription was still worth goes back to where that was paid: it counts here no more. */
export interface Returned extends Done {
  readonly kind: "returned";
  readonly charge: string;
  readonly amountMinor: number;
  readonly currency: string;
  /** The plan that it had been paid for. */
  readonly plan: string;
}

/** One entry of a subscription's log. */
export type Entry = Deed | (Statement & { readonly bought?: Bought });
