import { equalBytes, KeepsakeError, textToBytes, type Bytes, type Primitives } from "../base/index.ts";
import { randomName, storeFolders } from "../vault/store/index.ts";
import { S3Bucket, type CallOptions, type S3Options } from "./bucket.ts";

const ROUNDS = 4;
const AT_ONCE = 8;
/** Where the trial puts lie: in none of the folders of a store. */
const FOLDER = "tmp";

/**
 * Tries out whether the service lets exactly one of many win that put one name at the same time, and takes away what
 * it put. Throws `store.unsafe` where it does not: two devices could overwrite each other's versions there.
 */
export async function requireExclusivePuts(
  options: S3Options,
  primitives: Primitives,
  call: CallOptions = {},
): Promise<void> {
  const bucket = new S3Bucket(options, primitives);
  for (let round = 0; round < ROUNDS; round++) {
    const name = `${FOLDER}/${randomName(primitives)}`;
    try {
      await tryOne(bucket, name, call);
    } finally {
      await bucket.remove(name, call);
    }
  }
}

async function tryOne(bucket: S3Bucket, name: string, call: CallOptions): Promise<void> {
  const bodies = Array.from({ length: AT_ONCE }, (_, i) => textToBytes(`trial ${i}`));
  const ended = await Promise.allSettled(bodies.map((body) => bucket.put(name, body, call)));
  const failed = ended.find((each) => each.status === "rejected" && !isContended(each.reason));
  if (failed?.status === "rejected") throw failed.reason;
  const winners = bodies.filter((_, i) => {
    const end = ended[i]!;
    return end.status === "fulfilled" && end.value === "stored";
  });
  const there = await bucket.get(name, undefined, call);
  const isKept = winners.length === 1 && there !== undefined && equalBytes(there, winners[0]!);
  if (!isKept) throw new KeepsakeError("store.unsafe", { details: { winners: winners.length } });
  await requireTaken(bucket, name, { bytes: winners[0]!, ...call });
}

/** Puts the very same bytes again: the name must be taken. Throws `store.unsafe` where it is not. */
export async function requireTaken(
  bucket: S3Bucket,
  name: string,
  { bytes, signal }: { readonly bytes: Bytes } & CallOptions,
): Promise<void> {
  const outcome = await bucket.put(name, bytes, { signal }).catch((error: unknown) => {
    if (isContended(error)) return "exists";
    throw error;
  });
  if (outcome !== "exists") throw new KeepsakeError("store.unsafe", { details: { winners: 2 } });
}

/** Some services tell those who come at the same moment to come again. */
function isContended(error: unknown): boolean {
  return KeepsakeError.is(error, "store.unavailable") && error.details["status"] === 409;
}

/** Whether anything but a vault lies under the address. */
export async function holdsOtherThings(
  options: S3Options,
  primitives: Primitives,
  call: CallOptions = {},
): Promise<boolean> {
  const bucket = new S3Bucket(options, primitives);
  const ours = new Set([...storeFolders, FOLDER].map((folder) => `${folder}/`));
  const { objects, folders, next } = await bucket.list({ prefix: "", delimiter: "/" }, call);
  // Some consoles put an empty object in place of a folder.
  const others = objects.filter(({ name }) => name !== "");
  return others.length > 0 || folders.some((folder) => !ours.has(folder)) || next !== undefined;
}
