import { KeepsakeError, throwIfAborted } from "../base/index.ts";
import {
  isStoreName,
  type ListOptions,
  type Store,
  type StoredObject,
  type StoreOptions,
} from "../vault/store/index.ts";
import { S3Bucket, type S3Options } from "./bucket.ts";
import type { Hashing } from "./canonical.ts";
import { requireTaken } from "./probe.ts";

/**
 * The store of a bucket, or of a prefix in one. It is a store only where the service keeps to `If-None-Match: *`, also
 * when many ask at once: `requireExclusivePuts` finds out. Some forget it once they keep old versions of objects, so
 * each head and slot document is put twice. docs/decisions/0018 has the reasons.
 */
export function s3Store(options: S3Options, hashing: Hashing): Store {
  const bucket = new S3Bucket(options, hashing);
  return {
    async put(name, bytes, more) {
      check(name, more);
      const outcome = await bucket.put(name, bytes, more);
      if (outcome === "stored" && isDecisive(name)) await requireTaken(bucket, name, { bytes, ...more });
      return outcome;
    },
    async get(name, range, more) {
      check(name, more);
      return bucket.get(name, range, more);
    },
    async remove(name, more) {
      check(name, more);
      return bucket.remove(name, more);
    },
    list: (prefix, more) => listAll(bucket, prefix, more),
  };
}

async function* listAll(
  bucket: S3Bucket,
  prefix: string,
  options: ListOptions | undefined,
): AsyncGenerator<StoredObject> {
  throwIfAborted(options?.signal);
  let last = "";
  for (let from: string | undefined; ;) {
    const { objects, next } = await bucket.list({ prefix, from, after: options?.after }, options);
    for (const object of objects.filter(({ name }) => isStoreName(name))) {
      throwIfAborted(options?.signal);
      if (object.name <= last) throw new KeepsakeError("store.bad-answer", { details: { what: "order" } });
      last = object.name;
      yield object;
    }
    if (next === undefined) return;
    if (next === from) throw new KeepsakeError("store.bad-answer", { details: { what: "continuation" } });
    from = next;
  }
}

/** Of these names, two devices may want the same. */
function isDecisive(name: string): boolean {
  return name.startsWith("heads/") || name.startsWith("slots/");
}

function check(name: string, options: StoreOptions | undefined): void {
  if (!isStoreName(name)) throw new KeepsakeError("store.bad-name");
  throwIfAborted(options?.signal);
}
