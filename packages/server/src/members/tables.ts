/** A person registered here. What the person is called lies in `memberName`, as keyed hashes only. */
export interface MemberTable {
  readonly id: string;
  /** The name under which OPAQUE knows the password: random. */
  readonly credential: string;
  readonly record: string;
  readonly isOperator: number;
  readonly state: "active" | "closing";
  readonly createdMs: number;
  /** What may be stored now: a level while it lasts, or else `ownBytes`. */
  readonly quotaBytes: number;
  /** What the operator grants, without anything paid. */
  readonly ownBytes: number;
  readonly usedBytes: number;
  /** Of uploads under way. */
  readonly reservedBytes: number;
  readonly trashedBytes: number;
  /** How many events there are, and the hash of the last. */
  readonly events: number;
  readonly eventHash: string;
  /** Whether a login by password waits for another device. */
  readonly deviceApproval: number;
  /** The percentage of the room that the member was last told of (0, 80, 95), and whether of a refusal. */
  readonly roomStep: number;
  readonly roomRefused: number;
}

export interface MemberNameTable {
  readonly nameIndex: string;
  readonly member: string;
}

export interface SessionTable {
  readonly id: string;
  readonly member: string;
  readonly tokenHash: string;
  readonly deviceKey: string;
  readonly platform: string;
  readonly way: string;
  readonly createdMs: number;
  readonly seenMs: number;
  readonly fullFromMs: number;
  /** The number of the last event that this device has fetched: of those it was told. */
  readonly heardEvents: number;
}

export interface InvitationTable {
  readonly id: string;
  readonly codeHash: string;
  readonly isOperator: number;
  readonly quotaBytes: number;
  readonly untilMs: number;
}

/** Tickets that may be used once only, until they would be too old anyway. */
export interface SpentTicketTable {
  readonly id: string;
  readonly untilMs: number;
}

export interface MemberEventTable {
  readonly member: string;
  readonly number: number;
  readonly atMs: number;
  readonly kind: string;
  readonly session: string;
  /** JSON. */
  readonly details: string;
  readonly hash: string;
}
