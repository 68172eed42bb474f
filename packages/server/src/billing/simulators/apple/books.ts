import { monthsLater } from "../months.ts";
import { productOf, type Sold } from "../simulator.ts";

/* What the App Store keeps: subscriptions, and their transactions. */

export interface SimTransaction {
  readonly transactionId: string;
  readonly originalTransactionId: string;
  readonly productId: string;
  readonly purchaseDate: number;
  readonly expiresDate: number;
  readonly appAccountToken: string;
  readonly price: number;
  readonly currency: string;
  revocationDate?: number;
}

export interface SimSubscription {
  readonly id: string;
  readonly sold: Sold;
  readonly token: string;
  readonly sinceMs: number;
  readonly transactions: SimTransaction[];
  autoRenewStatus: 0 | 1;
  /** 1 active, 2 expired, 3 tried again, 5 revoked. */
  status: 1 | 2 | 3 | 5;
}

export type Tell = (type: string, transaction: SimTransaction, subscription: SimSubscription) => void;

let count = 2_000_000_000_000_000;

export class AppleBooks {
  readonly subscriptions = new Map<string, SimSubscription>();
  readonly sold: readonly Sold[];
  /** Whether cards are declined. */
  declines = false;
  readonly #now: () => number;
  readonly #tell: Tell;

  constructor(sold: readonly Sold[], now: () => number, tell: Tell) {
    this.sold = sold;
    this.#now = now;
    this.#tell = tell;
  }

  buy(product: string, token: string): SimTransaction | undefined {
    const sold = this.sold.find((each) => productOf(each) === product);
    if (sold === undefined) return undefined;
    const subscription: SimSubscription = {
      id: String(count++),
      sold,
      token,
      sinceMs: this.#now(),
      transactions: [],
      autoRenewStatus: 1,
      status: 1,
    };
    this.subscriptions.set(subscription.id, subscription);
    return this.#charge(subscription, "SUBSCRIBED");
  }

  /** By any of its transactions. */
  find(transaction: string): SimSubscription | undefined {
    return [...this.subscriptions.values()].find(
      ({ id, transactions }) =>
        id === transaction || transactions.some((each) => each.transactionId === transaction),
    );
  }

  /** Everything that falls due until now. */
  turn(): void {
    for (const subscription of this.subscriptions.values())
      while (this.#step(subscription)) if (subscription.status === 2) break;
  }

  /** Whether there may be more. */
  #step(subscription: SimSubscription): boolean {
    const last = subscription.transactions.at(-1)!;
    if (subscription.status === 2 || subscription.status === 5 || last.expiresDate > this.#now())
      return false;
    if (subscription.autoRenewStatus === 0) {
      subscription.status = 2;
      this.#tell("EXPIRED", last, subscription);
      return false;
    }
    if (this.declines) {
      if (subscription.status !== 3) this.#tell("DID_FAIL_TO_RENEW", last, subscription);
      subscription.status = 3;
      return false;
    }
    subscription.status = 1;
    this.#charge(subscription, "DID_RENEW");
    return true;
  }

  /** What the person does in the settings of their phone. */
  setRenewal(subscription: SimSubscription, status: 0 | 1): void {
    subscription.autoRenewStatus = status;
    this.#tell("DID_CHANGE_RENEWAL_STATUS", subscription.transactions.at(-1)!, subscription);
  }

  /** What Apple does when the person asks for their money, and it agrees. */
  refund(subscription: SimSubscription): void {
    const last = subscription.transactions.at(-1)!;
    last.revocationDate = this.#now();
    subscription.status = 5;
    this.#tell("REFUND", last, subscription);
  }

  #charge(subscription: SimSubscription, type: string): SimTransaction {
    const { sold, transactions, sinceMs } = subscription;
    const months = sold.period === "year" ? 12 : 1;
    const transaction: SimTransaction = {
      transactionId: transactions.length === 0 ? subscription.id : String(count++),
      originalTransactionId: subscription.id,
      productId: productOf(sold),
      purchaseDate: transactions.at(-1)?.expiresDate ?? sinceMs,
      expiresDate: monthsLater(sinceMs, months * (transactions.length + 1)),
      appAccountToken: subscription.token,
      price: sold.amountMinor * 10,
      currency: sold.currency,
    };
    transactions.push(transaction);
    this.#tell(type, transaction, subscription);
    return transaction;
  }
}

export function isUuid(text: string): boolean {
  return /^[0-9a-f-]{36}$/.test(text);
}
