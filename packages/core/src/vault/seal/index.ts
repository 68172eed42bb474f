export { isCompressible, packContent, storeContent, unpackContent } from "./content.ts";
export { checkFileHeader, fileHeader, FORMAT_VERSION, HEADER_BYTES } from "./format.ts";
export { deriveKey } from "./hkdf.ts";
export {
  openObject,
  SEAL_OVERHEAD_BYTES,
  sealedLength,
  sealInto,
  sealObject,
  type ObjectContext,
  type ObjectType,
  type Sealable,
} from "./object.ts";
