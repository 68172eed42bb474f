/** What client and server say to each other. It imports nothing that could read a chat: the server uses it too. */
export { isAlarming, type AlarmingKind, type MemberEventKind } from "./events.ts";
export { eventText, type EventText } from "./event-texts.ts";
export {
  accessText,
  deletionText,
  OBJECT_DIGEST,
  operatorText,
  receiptText,
  requestText,
  type DeletionReceipt,
  type OperatorEntry,
  type Receipt,
} from "./signed.ts";
export type { Routes } from "./routes/index.ts";
