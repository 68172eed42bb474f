/* What is read of what Apple signs. */

export interface Transaction {
  readonly transactionId: string;
  readonly originalTransactionId: string;
  readonly bundleId: string;
  readonly environment: string;
  readonly productId: string;
  readonly purchaseDate: number;
  readonly expiresDate?: number;
  readonly appAccountToken?: string;
  readonly inAppOwnershipType?: string;
  readonly offerDiscountType?: string;
  /** In thousandths of the currency. */
  readonly price?: number;
  readonly currency?: string;
  readonly revocationDate?: number;
  /** How much of it went back, in thousandths of a percent; all of it where it is not said. */
  readonly revocationPercentage?: number;
}

export interface Renewal {
  readonly originalTransactionId: string;
  readonly environment: string;
  readonly autoRenewStatus?: number;
  readonly gracePeriodExpiresDate?: number;
}

/** 1 active, 2 expired, 3 tried again, 4 in its grace, 5 revoked. */
export interface Status {
  readonly originalTransactionId: string;
  readonly status: 1 | 2 | 3 | 4 | 5;
  readonly signedTransactionInfo: string;
  readonly signedRenewalInfo: string;
}

export interface Notification {
  readonly notificationType: string;
  readonly notificationUUID: string;
  readonly signedDate: number;
  readonly data?: {
    readonly appAppleId?: number;
    readonly bundleId: string;
    readonly environment: string;
    readonly signedTransactionInfo?: string;
  };
}
