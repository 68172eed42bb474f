/** A reset of a password that can still be cancelled: what the password was before. */
export interface ResetTable {
  readonly member: string;
  readonly credential: string;
  readonly record: string;
  readonly beganMs: number;
  /** When the sessions that came of it become full, and it can be cancelled no longer. */
  readonly untilMs: number;
}

/** A public key that a device derives from what opens the member's vault. */
export interface AccessKeyTable {
  readonly id: string;
  readonly member: string;
  readonly publicKey: string;
  readonly kind: string;
  readonly addedMs: number;
}
