/** What a guard holds of one guarded password. */
export interface GuardRecordTable {
  /** 16 bytes in hex that the member chose. */
  readonly id: string;
  /** The receipt key of the server whose member it is, and that server's name for the member. */
  readonly issuer: string;
  readonly owner: string;
  /** The key of the OPRF, sealed; without bytes once it was destroyed. */
  readonly share: Uint8Array;
  /** Its public key, in hex. */
  readonly key: string;
  /** SHA-256 of what only who found the seed can say. */
  readonly openedHash: string;
  /** Evaluations since somebody last proved to have found the seed. */
  readonly attempts: number;
  /** No evaluation before this time; after the last one: when the key is destroyed. */
  readonly nextMs: number;
  /** The generation of the guard that it belongs to: those of older ones answer no more. */
  readonly generation: number;
  readonly madeMs: number;
  /** When it was first proven to be in use; 0 until then. */
  readonly keptMs: number;
}

/** One row: what the fence beside the database is compared with. */
export interface GuardStateTable {
  readonly id: number;
  /** Grows when the database turned out to be an older one. */
  readonly generation: number;
  /** How many evaluations and removals there were. */
  readonly count: number;
}
