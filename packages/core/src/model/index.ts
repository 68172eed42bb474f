export type { Account, AccountKind, AccountName, NameKind, Person } from "./account.ts";
export type { Chat, ChatKind, ChatSettings, ChatTitle, Member } from "./chat.ts";
export { checkMessage, type CheckedMessage, type MessageContext } from "./check/message.ts";
export { canonicalBytes, canonicalText, canonicalTextWithout } from "./canonical/canonical.ts";
export {
  contentBytes,
  contentDigest,
  contentText,
  contentTextIn,
  type Hashing,
} from "./canonical/content.ts";
export { describeAccount, describeChat, uniteVersions, type Version } from "./identity/describe.ts";
export { matchText, nativeKeys } from "./identity/match.ts";
export { ordinals } from "./identity/ordinal.ts";
export {
  mergeSets,
  recordSet,
  seenRecord,
  withoutSource,
  type Provenance,
  type RecordSet,
  type SeenRecord,
} from "./identity/record.ts";
export { sameMessages } from "./identity/same.ts";
export { compareShown, isTakenBack, shownRecord } from "./identity/shown.ts";
export { accountId, chatId, idParts, type AccountIdParts, type ChatClass, type ChatIdParts } from "./ids.ts";
export type { Draft, JsonArray, JsonObject, JsonValue } from "./json.ts";
export {
  isOfKind,
  type Fidelity,
  type Message,
  type MessageContent,
  type MessageOf,
  type Raw,
} from "./message.ts";
export {
  eventsOf,
  type Aside,
  type ByteRange,
  type ReadEvent,
  type ReadMemory,
  type ReadSteps,
  type SourceFile,
  type SourceInfo,
  type Stretch,
} from "./reading.ts";
export { limits } from "./limits.ts";
export { compareMessages, compareOrderKeys } from "./order.ts";
export { compareText } from "./text/compare.ts";
export { fold, foldedPattern, foldTable, foldUnits } from "./text/fold.ts";
export { accountName, chatTitle } from "./text/names.ts";
export { placeholder, type Language } from "./text/placeholder.ts";
export { searchTexts, type SearchField, type SearchText } from "./text/search-text.ts";
export { kindEntry, kinds } from "./kinds/table.ts";
export type { KindEntry, Label } from "./kinds/kind.ts";
export type { Kind, PayloadOf, Payloads } from "./kinds/payloads.ts";
export type * from "./parts/attachment.ts";
export type * from "./parts/body.ts";
export type * from "./parts/changes.ts";
export type * from "./parts/links.ts";
export type * from "./parts/marks.ts";
export type * from "./parts/time.ts";
export type { CardField, CardPayload } from "./kinds/cards/card.ts";
export type { ContactPayload } from "./kinds/cards/contact.ts";
export type { EventPayload } from "./kinds/cards/event.ts";
export type { GamePayload } from "./kinds/cards/game.ts";
export type { LinkPayload } from "./kinds/cards/link.ts";
export type { LiveLocationPayload } from "./kinds/cards/live-location.ts";
export type { LocationPayload } from "./kinds/cards/location.ts";
export type { MiniProgramPayload } from "./kinds/cards/mini-program.ts";
export type { MusicPayload } from "./kinds/cards/music.ts";
export type { PostPayload } from "./kinds/cards/post.ts";
export type { CallPayload, CallResult } from "./kinds/events/call.ts";
export type { GiftPayload } from "./kinds/events/gift.ts";
export type { InvoicePayload } from "./kinds/events/invoice.ts";
export type { RedPacketPayload } from "./kinds/events/red-packet.ts";
export type { SystemMeaning, SystemPayload } from "./kinds/events/system.ts";
export type { TransferPayload } from "./kinds/events/transfer.ts";
export type { AudioPayload } from "./kinds/media/audio.ts";
export type { BundleItem, ForwardBundlePayload } from "./kinds/talk/forward-bundle.ts";
export type { PollOption, PollPayload } from "./kinds/talk/poll.ts";
export type { StickerPayload } from "./kinds/talk/sticker.ts";
export type { StoryReplyPayload } from "./kinds/talk/story-reply.ts";
export type { TodoPayload, TodoTask } from "./kinds/talk/todo.ts";
export type { UnknownPayload } from "./kinds/talk/unknown.ts";
