/** An address or a number that a member has shown to be theirs. Its keyed hash is also in `memberName`. */
export interface ContactTable {
  readonly id: string;
  readonly member: string;
  readonly kind: string;
  readonly nameIndex: string;
  readonly sealed: Uint8Array;
  readonly language: string;
  readonly addedMs: number;
}

/** A code that was sent to a contact and not yet given back. */
export interface CodeTable {
  readonly id: string;
  readonly purpose: string;
  /** The member that it is for; empty where there is none yet. */
  readonly subject: string;
  readonly kind: string;
  /** The contact. */
  readonly sealed: Uint8Array;
  readonly language: string;
  readonly codeHash: string;
  readonly triesLeft: number;
  readonly untilMs: number;
}
