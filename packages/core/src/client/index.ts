/** The SDK's front door: a server's members, and their vaults there as stores. */
export { Connection, type ConnectionOptions, type Credentials } from "./connection.ts";
export { addContact, proveContact, type AskCode, type Contact, type ContactLine } from "./safety/contacts.ts";
export {
  answerEnrolment,
  awaitOldDevice,
  forgetFamily,
  forgetGuards,
  offerEnrolment,
  offerHelp,
  openGuarded,
  setFamily,
  setGuardedPassword,
  takeHelp,
  type Candidate,
  type Enrolled,
  type Offer,
} from "./recovery/index.ts";
export { tryLine, type LineSpeed } from "./line.ts";
export { memberEvents, type EventAnchor, type MemberEvent } from "./events.ts";
export { changePassword, logIn, signUp, type Membership, type Platform } from "./member.ts";
export { describeServer } from "./describe-server.ts";
export { checkDeletion, closeMembership, type Closing } from "./safety/closing.ts";
export { operatorLog, type OperatorAnchor } from "./operator-log.ts";
export {
  addAccessKey,
  proveAccess,
  replaceAccessKey,
  resetPassword,
  type AccessKey,
} from "./safety/access.ts";
export {
  addPasskey,
  askPasskey,
  logInByPasskey,
  putPasskey,
  type Authenticator,
  type PasskeyAnswer,
  type PasskeyResult,
} from "./safety/passkeys.ts";
export { isSlotOf, passkeyOpens, passkeySalt } from "./safety/passkey-slots.ts";
export { checkReceipt, followReceipt, type ReceiptAnchor } from "./receipts.ts";
export { bringBack, trashLines, type TrashLine } from "./safety/trash.ts";
export { serverStore, type ServerStoreOptions } from "./server-store.ts";
