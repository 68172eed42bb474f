import {
  concatBytes,
  equalBytes,
  KeepsakeError,
  release,
  textToBytes,
  u32ToBytes,
  type Bytes,
  type Primitives,
} from "../../base/index.ts";
import { SUITE } from "./format.ts";
import { hkdf } from "./hkdf.ts";

/** FORMAT.md, "Sealed objects". What an object is; the name separates its keys from every other kind's. */
export type ObjectType =
  | "attachment"
  | "attachments"
  | "delta"
  | "directory"
  | "head"
  | "journal"
  | "lane"
  | "manifest"
  | "pack"
  | "page"
  | "root"
  | "slot"
  | "spill"
  | "trailer"
  | "tree";

/** All that an object is bound to. Opening it under any other value fails. */
export interface ObjectContext {
  readonly type: ObjectType;
  readonly vaultId: Uint8Array;
  /** 16 bytes; none for objects that belong to the vault as a whole. */
  readonly collection?: Uint8Array;
  /** Generation of the sealing key. */
  readonly epoch: number;
  /** What this object is among its kind: a digest, a name or a part's number. */
  readonly id: Uint8Array;
}

const SALT_BYTES = 32;
const COMMITMENT_BYTES = 32;
const TAG_BYTES = 16;
const FRAME_BYTES = 64 * 1024;
const SEALED_FRAME_BYTES = FRAME_BYTES + TAG_BYTES;
const PREFIX_BYTES = SALT_BYTES + COMMITMENT_BYTES;
/** What sealing adds to an object of one frame. */
export const SEAL_OVERHEAD_BYTES: number = PREFIX_BYTES + TAG_BYTES;

/** What is to be sealed: the pieces of a plaintext, one after the other, and what they are together. */
export interface Sealable {
  readonly context: ObjectContext;
  readonly plain: readonly Bytes[];
}

/** The length of the object that is made of it. */
export function sealedLength({ plain }: Pick<Sealable, "plain">): number {
  return lengthFor(plain.reduce((sum, piece) => sum + piece.length, 0));
}

function lengthFor(plainBytes: number): number {
  const frames = Math.max(1, Math.ceil(plainBytes / FRAME_BYTES));
  return PREFIX_BYTES + plainBytes + frames * TAG_BYTES;
}

/** The length of the plaintext of a sealed object; undefined where no object has that length. */
export function openedLength(sealedBytes: number): number | undefined {
  const body = sealedBytes - PREFIX_BYTES;
  const plain = body - Math.ceil(body / SEALED_FRAME_BYTES) * TAG_BYTES;
  return body >= TAG_BYTES && plain >= 0 && lengthFor(plain) === sealedBytes ? plain : undefined;
}

/**
 * Seals `plain` under a fresh key of its own, derived from `key` and 32 random bytes.
 * Result: salt, key commitment, then AES-256-GCM frames of 64 KiB; nothing in it is readable or recognisable.
 */
export async function sealObject(
  primitives: Primitives,
  key: Uint8Array,
  sealable: Sealable,
): Promise<Bytes> {
  const object = new Uint8Array(sealedLength(sealable));
  await sealInto(primitives, key, sealable, object);
  return object;
}

/** As `sealObject`, into a place of exactly the object's length. */
export async function sealInto(
  primitives: Primitives,
  key: Uint8Array,
  { context, plain }: Sealable,
  object: Bytes,
): Promise<void> {
  const salt = primitives.random(SALT_BYTES);
  const bound = contextBytes(context);
  const { objectKey, commitment } = objectKeys(primitives, key, salt, bound);
  object.set(salt);
  object.set(commitment, SALT_BYTES);
  const frames = framesOf(plain);
  for (const [frame, pieces] of frames.entries()) {
    const start = PREFIX_BYTES + frame * SEALED_FRAME_BYTES;
    const target = object.subarray(start, start + SEALED_FRAME_BYTES);
    const nonce = frameNonce(frame, frame === frames.length - 1);
    await primitives.sealGcm(objectKey, nonce, { pieces, aad: bound }, target);
  }
}

/** Pieces cut into frames of 64 KiB, the last one shorter; one empty frame for nothing at all. */
function framesOf(plain: readonly Bytes[]): Bytes[][] {
  let frame: Bytes[] = [];
  let room = FRAME_BYTES;
  const frames = [frame];
  for (const piece of plain) {
    for (let rest = piece; rest.length > 0; rest = rest.subarray(frame.at(-1)!.length)) {
      if (room === 0) {
        frames.push((frame = []));
        room = FRAME_BYTES;
      }
      frame.push(rest.subarray(0, room));
      room -= frame.at(-1)!.length;
    }
  }
  return frames;
}

/** The plaintext. Throws `vault.corrupt` if the key, the context or any bit of the object is not what was sealed. */
export async function openObject(
  primitives: Primitives,
  key: Uint8Array,
  context: ObjectContext,
  object: Bytes,
): Promise<Bytes> {
  const plainBytes = openedLength(object.length);
  if (plainBytes === undefined) throw damaged(context, "length");
  const bound = contextBytes(context);
  const { objectKey, commitment } = objectKeys(primitives, key, object.subarray(0, SALT_BYTES), bound);
  if (!equalBytes(commitment, object.subarray(SALT_BYTES, PREFIX_BYTES)))
    throw damaged(context, "commitment");
  const last = Math.max(0, Math.ceil(plainBytes / FRAME_BYTES) - 1);
  const open = async (frame: number): Promise<Bytes> => {
    const start = PREFIX_BYTES + frame * SEALED_FRAME_BYTES;
    const sealed = object.subarray(start, start + SEALED_FRAME_BYTES);
    const part = await primitives.openGcm(objectKey, frameNonce(frame, frame === last), sealed, bound);
    if (part === undefined) throw damaged(context, "frame");
    return part;
  };
  if (last === 0) return open(0);
  const plain = new Uint8Array(plainBytes);
  for (let frame = 0; frame <= last; frame++) {
    const part = await open(frame);
    plain.set(part, frame * FRAME_BYTES);
    release(part);
  }
  return plain;
}

function objectKeys(
  primitives: Primitives,
  key: Uint8Array,
  salt: Uint8Array,
  bound: Uint8Array,
): { objectKey: Bytes; commitment: Bytes } {
  const keys = hkdf(primitives, key, { salt, info: bound, length: 64 });
  return { objectKey: keys.slice(0, 32), commitment: keys.slice(32) };
}

/** Suite, type, vault, collection, epoch and id, each of fixed length or with its length. */
function contextBytes(context: ObjectContext): Bytes {
  const type = textToBytes(`keepsake/1/object/${context.type}`);
  return concatBytes(
    new Uint8Array([SUITE, type.length]),
    type,
    context.vaultId,
    context.collection ?? new Uint8Array(16),
    u32ToBytes(context.epoch),
    u32ToBytes(context.id.length),
    context.id,
  );
}

/** Eleven bytes of frame number, one byte that says whether it is the last. */
function frameNonce(frame: number, isLast: boolean): Bytes {
  const nonce = new Uint8Array(12);
  new DataView(nonce.buffer).setUint32(7, frame);
  nonce[11] = isLast ? 1 : 0;
  return nonce;
}

function damaged(context: ObjectContext, what: string): KeepsakeError {
  return new KeepsakeError("vault.corrupt", { details: { object: context.type, what } });
}
