/** The port to where objects lie, and what can be laid around any store. It knows no vault and no chat. */
export { limitStore, type LimitOptions } from "./limit.ts";
export { memoryStore, type MemoryStore } from "./memory.ts";
export { meterStore, type Count, type MeteredStore, type Verb } from "./meter.ts";
export { nameNumber, numberName, randomName } from "./names.ts";
export { retryStore, type RetryOptions } from "./retry.ts";
export {
  ALIGN_BYTES,
  isStoreName,
  storeFolders,
  type ListOptions,
  type ObjectOptions,
  type PutOptions,
  type Range,
  type Store,
  type StoredObject,
  type StoreOptions,
} from "./store.ts";
