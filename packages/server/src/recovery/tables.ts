/** A mailbox through which a new device and an old one find each other. What lies in it is sealed or public. */
export interface EnrolmentTable {
  readonly id: string;
  readonly untilMs: number;
  /** The key that the new device signs with. */
  readonly deviceKey: string;
  readonly platform: string;
  /** The member and the session of the old device, once it has come; else empty. */
  readonly member: string;
  readonly session: string;
  /** What the two say to each other, in order; empty until it is said. */
  readonly hello: string;
  readonly reveal: string;
  readonly package: string;
  /** The cell that the mailbox was handed over to; null where it is here. */
  readonly movedTo: number | null;
}

/** The key to which shares are sealed for a member who may help others. */
export interface FamilyKeyTable {
  readonly member: string;
  readonly publicKey: string;
  /** The generation of the helper's own root that the key comes from. */
  readonly epoch: number;
  readonly setMs: number;
}

/** A family slot as the server knows it: the share that it holds back, and the one that is sealed to the helper. */
export interface FamilyShareTable {
  readonly id: string;
  readonly member: string;
  /** A member, here or in another cell. */
  readonly helper: string;
  /** The helper's share, which the server cannot open. */
  readonly box: string;
  /** The server's share. */
  readonly sealed: Uint8Array;
  readonly waitDays: number;
  readonly state: "kept" | "waiting" | "released";
  /** How much of the wait has passed while this server ran. */
  readonly waitedMs: number;
  readonly tickedMs: number;
  /** How often the member was told since the wait began. */
  readonly notices: number;
}

/** A family slot of another cell's, in which a member of this one may help. All else of it lies there. */
export interface FamilyHelpTable {
  readonly share: string;
  readonly helper: string;
  readonly cell: number;
  readonly atMs: number;
}
