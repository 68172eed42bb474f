export { createVault, type CreateOptions } from "./create.ts";
export { isDamage } from "./damage.ts";
export { type Head, type HeadBody } from "./heads/head.ts";
export { allHeads, headNumbers, readHead } from "./heads/heads.ts";
export {
  directoryEntries,
  directoryRefs,
  entryKey,
  newestKey,
  type Directory,
  type KeyEntry,
} from "./keys/directory.ts";
export { dropEntries, putEntries } from "./keys/change-directory.ts";
export { hasOfflinePassword } from "./keys/document.ts";
export { openBox, sealBox } from "./keys/hybrid.ts";
export { checkNewPassword, passwordParameters } from "./keys/password.ts";
export {
  familySeed,
  guardedSeed,
  guardInput,
  openedToken,
  passkeySeed,
  payerSeeds,
  type GuardOutputs,
} from "./keys/seeds.ts";
export { type Slot, type SlotGuard } from "./keys/slot.ts";
export { hasNewerKeys, type Secret } from "./keys/unlock.ts";
export { seedToWords, wordsToSeed, type WordLanguage } from "./keys/words.ts";
export {
  appendLeaves,
  appendNodes,
  contentRoot,
  emptyLog,
  leafHash,
  leafSalts,
  rootsOfRows,
  logFromJson,
  logRoot,
  logToJson,
  SALT_BYTES,
  type LogJson,
  type LogNode,
  type LogState,
} from "./log/log.ts";
export { readJournals, writeJournal, type StoredJournal } from "./journal.ts";
export {
  addObject,
  isOfKeys,
  moveObject,
  readObject,
  sealContent,
  type Content,
  type ObjectSpec,
  type SealedContent,
} from "./objects.ts";
export {
  addDevice,
  addOtherDevice,
  dropSlots,
  newDeviceOf,
  putSlot,
  replaceWords,
  rescueVault,
  revokeDevice,
  rotateRoot,
  setPassword,
  type MadeSlot,
  type NewDevice,
} from "./manage.ts";
export { nameDevice } from "./name-device.ts";
export {
  headKeyPacks,
  newestSnapshot,
  openVault,
  snapshotAsItWas,
  snapshotAt,
  type OpenOptions,
} from "./open.ts";
export {
  checkRef,
  isLadderSize,
  PackReader,
  PackWriter,
  readPackDirectory,
  type Ref,
  type StoredPack,
} from "./pack/index.ts";
export { publish, publishSame, type Publication } from "./publish.ts";
export { deriveKey } from "./seal/index.ts";
export {
  type PutOptions,
  type Range,
  type Store,
  type StoredObject,
  type StoreOptions,
} from "./store/store.ts";
export { numberName } from "./store/names.ts";
export { memoryStore, type MemoryStore } from "./store/memory.ts";
export {
  decodeTable,
  decodeUtf8,
  encodeTable,
  laneTexts,
  NONE,
  ONLY,
  TableColumns,
  type ColumnOf,
  type Json,
  type Lane,
  type LaneOf,
  type TextColumn,
  type Utf8Column,
} from "./table/index.ts";
export { stateSpec, type Anchor, type DeviceKey, type Snapshot, type Vault } from "./vault.ts";
export { SharedRoom, type Room } from "./room.ts";
export { packWriter } from "./pack-writer.ts";
