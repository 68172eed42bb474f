/** A reset of a password that can still be cancelled: what the password was before. */
export interface ResetTable {
  readonly member: string;
  readonly credential: string;
  readonly record: string;
  readonly beganMs: number;
  /** When the sessions that came of it become full, and it can be cancelled no longer. */
  readonly untilMs: number;
}

/** A member's authenticator app. */
export interface TotpTable {
  readonly member: string;
  readonly sealed: Uint8Array;
  /** The half minute of the last code that was taken: no older one is. */
  readonly lastStep: number;
  readonly addedMs: number;
}

/** A passkey of a member. */
export interface PasskeyTable {
  /** The credential's own id, base64url. */
  readonly id: string;
  readonly member: string;
  /** COSE. */
  readonly publicKey: Uint8Array;
  readonly counter: number;
  readonly addedMs: number;
  readonly usedMs: number;
}

/** How often something was tried. */
export interface TryTable {
  readonly id: string;
  readonly count: number;
  readonly lastMs: number;
  /** From when on the next try is looked at. */
  readonly freeMs: number;
}

/** A public key that a device derives from what opens the member's vault. */
export interface AccessKeyTable {
  readonly id: string;
  readonly member: string;
  readonly publicKey: string;
  readonly kind: string;
  readonly addedMs: number;
}
