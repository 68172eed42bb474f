import type { Kysely } from "kysely";
import type { DirectoryNameTable } from "../gateway/directory/tables.ts";
import type { SpentTrialTable, TicketIssueTable } from "../billing/tickets/tables.ts";
import type { GuardRecordTable, GuardStateTable } from "../guards/tables.ts";
import type { JobTable } from "../jobs/tables.ts";
import type {
  GivenTrialTable,
  HoldTable,
  IdleRuleTable,
  LapseNoticeTable,
  LapseTable,
  LevelTable,
  PaidWeekTable,
  RemovalTable,
  SpentLevelTable,
} from "../levels/tables.ts";
import type {
  AccessKeyTable,
  PasskeyTable,
  ResetTable,
  TotpTable,
  TryTable,
} from "../members/access/tables.ts";
import type { ClosingTable, DeletionTable } from "../members/closing/tables.ts";
import type { CodeTable, ContactTable } from "../members/contacts/tables.ts";
import type {
  InvitationTable,
  MemberEventTable,
  MemberNameTable,
  MemberTable,
  SessionTable,
  SpentTicketTable,
} from "../members/tables.ts";
import type {
  AccountContactTable,
  AccountTable,
  BillNoticeTable,
  ChargeTable,
  GiftCodeTable,
  HeardCallTable,
  InvoiceTable,
  LedgerTable,
  ProofCodeTable,
  ReconciliationTable,
  SeatTable,
  SeenPaymentTable,
  SubscriptionEntryTable,
  SubscriptionTable,
} from "../billing/books/tables.ts";
import type { CatalogueTable } from "../plans/tables.ts";
import type { NoticeTable } from "../notices/tables.ts";
import type { OperatorEndTable, OperatorEventTable } from "../operator/tables.ts";
import type {
  EnrolmentTable,
  FamilyHelpTable,
  FamilyKeyTable,
  FamilyShareTable,
} from "../recovery/tables.ts";
import type {
  DeadBlobTable,
  KeyTokenTable,
  ObjectTable,
  ReceiptTable,
  TrashTable,
  UploadTable,
  VaultTable,
} from "../vaults/tables.ts";

/** The tables by name. Dates are milliseconds since 1970, booleans 0 or 1, JSON is text, bytes are Uint8Array. */
export interface Tables {
  /** Which migrations were done. */
  readonly migration: MigrationTable;
  readonly fact: FactTable;
  readonly job: JobTable;
  readonly account: AccountTable;
  readonly accountContact: AccountContactTable;
  readonly subscription: SubscriptionTable;
  readonly subscriptionEntry: SubscriptionEntryTable;
  readonly charge: ChargeTable;
  readonly ledger: LedgerTable;
  readonly billNotice: BillNoticeTable;
  readonly giftCode: GiftCodeTable;
  readonly proofCode: ProofCodeTable;
  readonly invoice: InvoiceTable;
  readonly seat: SeatTable;
  readonly seenPayment: SeenPaymentTable;
  readonly heardCall: HeardCallTable;
  readonly reconciliation: ReconciliationTable;
  readonly member: MemberTable;
  readonly memberName: MemberNameTable;
  readonly memberEvent: MemberEventTable;
  readonly session: SessionTable;
  readonly contact: ContactTable;
  readonly code: CodeTable;
  readonly notice: NoticeTable;
  readonly reset: ResetTable;
  readonly accessKey: AccessKeyTable;
  readonly totp: TotpTable;
  readonly passkey: PasskeyTable;
  readonly try: TryTable;
  readonly operatorEvent: OperatorEventTable;
  readonly operatorEnd: OperatorEndTable;
  readonly closing: ClosingTable;
  readonly deletion: DeletionTable;
  readonly invitation: InvitationTable;
  readonly spentTicket: SpentTicketTable;
  readonly guardRecord: GuardRecordTable;
  readonly guardState: GuardStateTable;
  readonly enrolment: EnrolmentTable;
  readonly familyKey: FamilyKeyTable;
  readonly familyShare: FamilyShareTable;
  readonly familyHelp: FamilyHelpTable;
  readonly directoryName: DirectoryNameTable;
  readonly vault: VaultTable;
  readonly object: ObjectTable;
  readonly trash: TrashTable;
  readonly upload: UploadTable;
  readonly deadBlob: DeadBlobTable;
  readonly receipt: ReceiptTable;
  readonly keyToken: KeyTokenTable;
  readonly catalogue: CatalogueTable;
  readonly ticketIssue: TicketIssueTable;
  readonly spentTrial: SpentTrialTable;
  readonly givenTrial: GivenTrialTable;
  readonly spentLevel: SpentLevelTable;
  readonly level: LevelTable;
  readonly paidWeek: PaidWeekTable;
  readonly lapse: LapseTable;
  readonly lapseNotice: LapseNoticeTable;
  readonly hold: HoldTable;
  readonly removal: RemovalTable;
  readonly idleRule: IdleRuleTable;
}

/** Statements: Kysely's builder over our tables. */
export type Query = Kysely<Tables>;

interface MigrationTable {
  readonly name: string;
  /** SHA-256 of its statements, as hex. */
  readonly digest: string;
  readonly doneAtMs: number;
}

/** One thing that a database says of the server that it belongs to. */
interface FactTable {
  readonly name: string;
  readonly value: string;
}
