import { agentCodes, type AgentCode } from "./agent.ts";
import { baseCodes, type BaseCode } from "./base.ts";
import { cellCodes, type CellCode } from "./server/cells.ts";
import { cliCodes, type CliCode } from "./cli.ts";
import { formatCodes, type FormatCode } from "./format.ts";
import { guardCodes, type GuardCode } from "./server/guard.ts";
import { historyCodes, type HistoryCode } from "./history.ts";
import { keysCodes, type KeysCode } from "./keys.ts";
import { memberCodes, type MemberCode } from "./server/member.ts";
import { mediaCodes, type MediaCode } from "./media.ts";
import { operatorCodes, type OperatorCode } from "./server/operator.ts";
import { payCodes, type PayCode } from "./server/pay.ts";
import { reachCodes, type ReachCode } from "./server/reach.ts";
import { recoveryCodes, type RecoveryCode } from "./server/recovery.ts";
import { requestCodes, type RequestCode } from "./server/request.ts";
import { databaseCodes, type DatabaseCode } from "./server/database.ts";
import { safetyCodes, type SafetyCode } from "./server/safety.ts";
import { storeCodes, type StoreCode } from "./store.ts";
import { ticketCodes, type TicketCode } from "./server/ticket.ts";
import { uploadCodes, type UploadCode } from "./server/upload.ts";
import { vaultCodes, type VaultCode } from "./vault.ts";
import { webCodes, type WebCode } from "./web.ts";
import { knowSentences } from "../sentences.ts";
import type { CodeEntry } from "./entry.ts";

export type { CodeEntry } from "./entry.ts";

/** Dotted by area: a file each. */
export type Code =
  | AgentCode
  | BaseCode
  | CellCode
  | CliCode
  | DatabaseCode
  | FormatCode
  | GuardCode
  | HistoryCode
  | KeysCode
  | MediaCode
  | MemberCode
  | OperatorCode
  | PayCode
  | ReachCode
  | RecoveryCode
  | RequestCode
  | SafetyCode
  | StoreCode
  | TicketCode
  | UploadCode
  | VaultCode
  | WebCode;

/** Every code that Keepsake gives to people and programs, in both languages. */
export const codes: Readonly<Record<Code, CodeEntry>> = {
  ...agentCodes,
  ...baseCodes,
  ...cellCodes,
  ...cliCodes,
  ...databaseCodes,
  ...formatCodes,
  ...guardCodes,
  ...historyCodes,
  ...keysCodes,
  ...mediaCodes,
  ...memberCodes,
  ...operatorCodes,
  ...payCodes,
  ...reachCodes,
  ...recoveryCodes,
  ...requestCodes,
  ...safetyCodes,
  ...storeCodes,
  ...ticketCodes,
  ...uploadCodes,
  ...vaultCodes,
  ...webCodes,
};

knowSentences(codes);
