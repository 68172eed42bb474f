import { randomLetters } from "../../../keys/ids.ts";
import { monthsLater } from "../months.ts";
import { productOf, type Sold } from "../simulator.ts";

/* What Google Play keeps: subscriptions behind tokens, and their orders. */

export interface SimOrder {
  readonly id: string;
  readonly token: string;
  readonly product: string;
  readonly amount: number;
  readonly currency: string;
  readonly atMs: number;
  readonly fromMs: number;
  readonly untilMs: number;
  refundedMs?: number;
}

export interface SimSubscription {
  readonly token: string;
  readonly account: string;
  readonly sold: Sold;
  readonly sinceMs: number;
  readonly first: string;
  terms: number;
  expiryMs: number;
  renews: boolean;
  state: "ACTIVE" | "CANCELED" | "ON_HOLD" | "EXPIRED";
  isAcknowledged: boolean;
}

export class GoogleBooks {
  readonly subscriptions = new Map<string, SimSubscription>();
  readonly orders = new Map<string, SimOrder>();
  readonly sold: readonly Sold[];
  /** Whether cards are declined. */
  declines = false;
  readonly #now: () => number;
  readonly #tell: (type: number, subscription: SimSubscription) => void;

  constructor(
    sold: readonly Sold[],
    now: () => number,
    tell: (type: number, subscription: SimSubscription) => void,
  ) {
    this.sold = sold;
    this.#now = now;
    this.#tell = tell;
  }

  buy(product: string, account: string): SimSubscription | undefined {
    const sold = this.sold.find((each) => productOf(each) === product);
    if (sold === undefined) return undefined;
    const numbers = randomLetters(17).replace(/\D/g, "5");
    const subscription: SimSubscription = {
      token: `${randomLetters(24)}.AO-J1O${randomLetters(80)}`,
      account,
      sold,
      sinceMs: this.#now(),
      first: `GPA.${numbers.replace(/^(.{4})(.{4})(.{4})(.{5})$/, "$1-$2-$3-$4")}`,
      terms: 0,
      expiryMs: this.#now(),
      renews: true,
      state: "ACTIVE",
      isAcknowledged: false,
    };
    this.subscriptions.set(subscription.token, subscription);
    this.#charge(subscription);
    this.#tell(4, subscription);
    return subscription;
  }

  latestOrder({ first, terms }: SimSubscription): string {
    return terms <= 1 ? first : `${first}..${terms - 2}`;
  }

  stop(subscription: SimSubscription): void {
    subscription.renews = false;
    subscription.state = "CANCELED";
    this.#tell(3, subscription);
  }

  refund(order: SimOrder): void {
    order.refundedMs = this.#now();
    const subscription = this.subscriptions.get(order.token);
    if (subscription !== undefined) this.#tell(12, subscription);
  }

  /** Everything that falls due until now. */
  turn(): void {
    for (const subscription of this.subscriptions.values()) this.#step(subscription);
  }

  #step(subscription: SimSubscription): void {
    while (subscription.state !== "EXPIRED" && subscription.expiryMs <= this.#now()) {
      if (!subscription.renews) {
        subscription.state = "EXPIRED";
        this.#tell(13, subscription);
        return;
      }
      if (this.declines) {
        if (subscription.state !== "ON_HOLD") this.#tell(5, subscription);
        subscription.state = "ON_HOLD";
        return;
      }
      subscription.state = "ACTIVE";
      this.#charge(subscription);
      this.#tell(2, subscription);
    }
  }

  #charge(subscription: SimSubscription): void {
    const { sold, token, sinceMs, expiryMs } = subscription;
    subscription.terms++;
    subscription.expiryMs = monthsLater(sinceMs, (sold.period === "year" ? 12 : 1) * subscription.terms);
    const id = this.latestOrder(subscription);
    this.orders.set(id, {
      id,
      token,
      product: productOf(sold),
      amount: sold.amountMinor,
      currency: sold.currency,
      atMs: this.#now(),
      fromMs: expiryMs,
      untilMs: subscription.expiryMs,
    });
  }
}
