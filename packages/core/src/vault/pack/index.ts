export { isLadderSize, ladderSize, LARGEST_PACK_BYTES } from "./ladder.ts";
export { PackReader, readPackDirectory, type PackedObject, type PackKey } from "./read.ts";
export { checkRef, type Ref } from "./ref.ts";
export { PackWriter, putOnce, type PackWriterOptions, type StoredPack } from "./write.ts";
