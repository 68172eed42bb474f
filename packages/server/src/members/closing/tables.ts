/** A membership that is being ended: first it waits, and anybody who may can take it back; then what it holds goes. */
export interface ClosingTable {
  readonly member: string;
  /** Who asked for it: only the operator takes back what the operator asked for. */
  readonly by: "member" | "operator";
  /** The name under which the deletion receipt will be found. */
  readonly receipt: string;
  readonly beganMs: number;
  /** How much of the wait has passed while this server ran. */
  readonly waitedMs: number;
  readonly tickedMs: number;
  /** How often the member was told. */
  readonly notices: number;
  readonly state: "waiting" | "removing";
  /** What was removed so far. */
  readonly vaults: number;
  readonly objects: number;
  readonly bytes: number;
}

/** The server's word that a membership and all it held are gone. The only row that stays. */
export interface DeletionTable {
  readonly receipt: string;
  readonly member: string;
  readonly vaults: number;
  readonly objects: number;
  readonly bytes: number;
  /** How many entries the member's log had, and the hash of the last. */
  readonly events: number;
  readonly eventHash: string;
  readonly beganMs: number;
  readonly endedMs: number;
  /** For how many days copies that the operator made before may still hold it. */
  readonly backupDays: number;
  readonly signature: string;
}
