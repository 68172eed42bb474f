import {
  bytesToHex,
  hexToBytes,
  KeepsakeError,
  release,
  type Bytes,
  type Primitives,
} from "../base/index.ts";
import { PackReader, type PackWriter, type Ref } from "./pack/index.ts";
import {
  isCompressible,
  openObject,
  packContent,
  sealObject,
  storeContent,
  unpackContent,
  type ObjectContext,
  type ObjectType,
  type Sealable,
} from "./seal/index.ts";

/** No content is longer: a segment's lane, an attachment's part, a list of objects. */
const CONTENT_LIMIT_BYTES = 256 * 1024 * 1024;

/** What kind of object, and the key of the collection, delta or attachment that it belongs to. */
export interface ObjectSpec {
  readonly type: ObjectType;
  readonly vaultId: Bytes;
  readonly key: Bytes;
  readonly epoch: number;
  /** Hex; none for objects that belong to the vault as a whole. */
  readonly collection?: string;
}

export interface Content {
  readonly bytes: Bytes;
  readonly splits?: readonly number[];
  /** How hard zstd tries; 3 if absent. */
  readonly level?: number;
  /** The SHA-256 of the bytes, where it is known. */
  readonly digest?: Bytes;
  /** Whether the bytes may be compressed already; a sample is tried then. */
  readonly isMedia?: boolean;
  /** The week, counted since 1970, that it is from, where it may go by its age. */
  readonly week?: number | undefined;
}

/** Compresses an object and seals it in its pack; its id is the SHA-256 of its content. It is durable once the writer is flushed. */
export async function addObject(
  primitives: Primitives,
  writer: PackWriter,
  spec: ObjectSpec,
  content: Content,
): Promise<Ref> {
  const { sealable, digest } = sealableOf(primitives, spec, content);
  return writer.seal(spec.key, sealable, digest, content.week);
}

/** A sealed object that has no place yet. */
export interface SealedContent {
  readonly context: ObjectContext;
  readonly sealed: Bytes;
  readonly digest: string;
}

/** Compresses and seals a content, bound to what it is. */
export async function sealContent(
  primitives: Primitives,
  spec: ObjectSpec,
  content: Content,
): Promise<SealedContent> {
  const { sealable, digest } = sealableOf(primitives, spec, content);
  const sealed = await sealObject(primitives, spec.key, sealable);
  return { context: sealable.context, sealed, digest };
}

function sealableOf(
  primitives: Primitives,
  spec: ObjectSpec,
  content: Content,
): { sealable: Sealable; digest: string } {
  const { bytes, digest = primitives.sha256(bytes) } = content;
  const isStored = content.isMedia === true && !isCompressible(primitives, bytes);
  const plain = isStored ? storeContent(bytes) : [packContent(primitives, bytes, content)];
  return { sealable: { context: contextOf(spec, digest), plain }, digest: bytesToHex(digest) };
}

/** The content of an object. Throws `vault.corrupt` unless it is, to the bit, what its ref names. */
export async function readObject(
  primitives: Primitives,
  reader: PackReader,
  spec: ObjectSpec,
  ref: Ref,
): Promise<Bytes> {
  const digest = hexToBytes(ref[3]);
  if (digest === undefined) throw damaged(spec, "digest");
  const sealed = await reader.read(ref, isOfKeys(spec.type));
  const packed = await openObject(primitives, spec.key, contextOf(spec, digest), sealed);
  release(sealed);
  const content = unpackContent(primitives, packed, CONTENT_LIMIT_BYTES);
  if (content.buffer !== packed.buffer) release(packed);
  if (bytesToHex(await primitives.sha256Long(content)) !== ref[3]) throw damaged(spec, "content");
  return content;
}

/** Whether objects of a type are parts of the key directory, which lie in packs of their own. */
export function isOfKeys(type: ObjectType): boolean {
  return type === "directory" || type === "page";
}

/** From where to where an object goes, and the week that it is from, where it may go by its age. */
export interface Moving {
  readonly reader: PackReader;
  readonly writer: PackWriter;
  readonly week?: number | undefined;
}

/** Puts an object into another pack as it is; opened first, so that nothing damaged is carried along. */
export async function moveObject(
  primitives: Primitives,
  { reader, writer, week }: Moving,
  spec: ObjectSpec,
  ref: Ref,
): Promise<Ref> {
  await readObject(primitives, reader, spec, ref);
  return writer.add(contextOf(spec, hexToBytes(ref[3])!), await reader.read(ref), ref[3], week);
}

function contextOf(spec: ObjectSpec, id: Bytes): ObjectContext {
  const { type, vaultId, epoch, collection } = spec;
  if (collection === undefined) return { type, vaultId, epoch, id };
  const collectionId = hexToBytes(collection);
  if (collectionId?.length !== 16) throw damaged(spec, "collection");
  return { type, vaultId, epoch, id, collection: collectionId };
}

function damaged(spec: ObjectSpec, what: string): KeepsakeError {
  return new KeepsakeError("vault.corrupt", { details: { object: spec.type, what } });
}
