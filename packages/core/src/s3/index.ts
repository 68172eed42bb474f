/** S3 as a store, and as what a server signs requests to: portable, with nothing of any vendor's. */
export { formatS3Address, isS3Address, parseS3Address, type S3Address } from "./address.ts";
export {
  S3Bucket,
  type CallOptions,
  type ObjectInfo,
  type ObjectPromise,
  type PresignedRequest,
  type S3Options,
} from "./bucket.ts";
export type { ListPage } from "./list-page.ts";
export { holdsOtherThings, requireExclusivePuts } from "./probe.ts";
export type { S3Credentials } from "./sign.ts";
export { s3Store } from "./store.ts";
