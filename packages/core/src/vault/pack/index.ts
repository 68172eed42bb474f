export { isLadderSize, ladderSize } from "./ladder.ts";
export { PackReader, readPackDirectory } from "./read.ts";
export { checkRef, type Ref } from "./ref.ts";
export { PackWriter, type PackWriterOptions, type StoredPack } from "./write.ts";
