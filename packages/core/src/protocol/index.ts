/** What client and server say to each other. It imports nothing that could read a chat: the server uses it too. */
export { isAlarming, type AlarmingKind, type MemberEventKind } from "./events.ts";
export { eventText, type EventText } from "./event-texts.ts";
export {
  accessText,
  deletionText,
  OBJECT_DIGEST,
  OBJECT_WEEK,
  operatorText,
  receiptText,
  removalText,
  requestText,
  type DeletionReceipt,
  type OperatorEntry,
  type Receipt,
  type RemovalReceipt,
} from "./signed.ts";
export {
  dayOf,
  firstDay,
  periodOf,
  quarterOf,
  ticketInfo,
  TICKETS_AT_ONCE,
  TRIAL_INFO,
  ticketsAhead,
  weekOf,
  type TicketKind,
  type TicketTerms,
} from "./tickets.ts";
export type { Routes } from "./routes/index.ts";
