export { isCompressible, packContent, storeContent, unpackContent } from "./content.ts";
export { checkFileHeader, fileHeader, FORMAT_VERSION, HEADER_BYTES, SUITE, type FileKind } from "./format.ts";
export { deriveKey, hkdf } from "./hkdf.ts";
export {
  openedLength,
  openObject,
  SEAL_OVERHEAD_BYTES,
  sealedLength,
  sealObject,
  type ObjectContext,
  type ObjectType,
} from "./object.ts";
