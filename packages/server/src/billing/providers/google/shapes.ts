import { decimalsOf, whole } from "../amounts.ts";
import { away } from "../problems.ts";

/* What is read of Google Play's objects. */

export interface PlaySubscription {
  readonly subscriptionState: string;
  readonly startTime?: string;
  readonly latestOrderId?: string;
  readonly acknowledgementState: string;
  readonly externalAccountIdentifiers?: { readonly obfuscatedExternalAccountId?: string };
  /** There where a tester bought, who pays nothing. */
  readonly testPurchase?: object;
  readonly pausedStateContext?: { readonly autoResumeTime?: string };
  readonly lineItems: readonly {
    readonly productId: string;
    readonly expiryTime?: string;
    readonly autoRenewingPlan?: { readonly autoRenewEnabled?: boolean };
  }[];
}

export interface Money {
  readonly currencyCode: string;
  readonly units?: string;
  readonly nanos?: number;
}

export interface PlayOrder {
  readonly orderId: string;
  readonly purchaseToken: string;
  readonly state: string;
  readonly createTime: string;
  readonly total: Money;
  readonly orderHistory?: {
    readonly processedEvent?: { readonly eventTime: string };
    readonly refundEvent?: {
      readonly eventTime: string;
      readonly refundReason?: string;
      readonly refundDetails: { readonly total: Money };
    };
    readonly partialRefundEvents?: readonly {
      readonly createTime: string;
      readonly processTime?: string;
      readonly state: string;
      readonly refundDetails: { readonly total: Money };
    }[];
  };
  readonly lineItems: readonly {
    readonly productId: string;
    readonly subscriptionDetails?: {
      readonly offerPhase?: string;
      readonly servicePeriodStartTime?: string;
      readonly servicePeriodEndTime?: string;
    };
  }[];
}

/** What a push says. */
export interface Push {
  readonly message: { readonly messageId: string; readonly data: string };
}

export interface PlayNotice {
  readonly packageName: string;
  readonly subscriptionNotification?: { readonly purchaseToken: string };
  readonly voidedPurchaseNotification?: { readonly purchaseToken: string };
}

/** Google's money, units and billionths, in the smallest unit of its currency. */
export function minorOf({ currencyCode, units = "0", nanos = 0 }: Money): number {
  const decimals = decimalsOf(currencyCode);
  if (!/^-?\d{1,12}$/.test(units)) throw away("answer");
  return Number(units) * 10 ** decimals + Math.round(whole(nanos) / 10 ** (9 - decimals));
}
