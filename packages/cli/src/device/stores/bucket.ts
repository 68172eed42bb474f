import { KeepsakeError } from "@keepsake/core/base";
import {
  formatS3Address,
  holdsOtherThings,
  parseS3Address,
  requireExclusivePuts,
  S3Bucket,
  s3Store,
  type S3Options,
} from "@keepsake/core/s3";
import { randomName, retryStore, type Store } from "@keepsake/core/store";
import { keepIfWanted, s3Credentials, type FoundCredentials } from "./s3-credentials.ts";
import type { Opening, StoreKind } from "./kind.ts";

/** A bucket of one's own at a storage service. */
export const bucketKind: StoreKind = {
  placeOf: (address) => Promise.resolve(formatS3Address(parseS3Address(address))),
  async open(opening, place, purpose) {
    const { input, primitives, signal } = opening;
    const { options, found } = await optionsOf(opening, place);
    if (purpose === "new" && (await holdsOtherThings(options, primitives, { signal })))
      throw new KeepsakeError("cli.folder-not-empty");
    const store = retryStore(s3Store(options, primitives));
    if (purpose !== "use" && !(await holdsVault(store)))
      await requireExclusivePuts(options, primitives, { signal });
    if (purpose !== "use" || found.from === "typed" || input.flag("keepS3Credentials")) {
      // Nothing is kept that was not tried.
      await holdsVault(store);
      await keepIfWanted(opening, options, found);
    }
    return store;
  },
  // Whether there is a network is found out by whoever needs it.
  isReachable: () => Promise.resolve(true),
  async writeTrial(opening, place, bytes) {
    const { primitives, signal } = opening;
    const { options } = await optionsOf(opening, place);
    const bucket = new S3Bucket(options, primitives);
    const name = `tmp/${randomName(primitives)}`;
    await bucket.put(name, bytes, { signal });
    await bucket.remove(name, { signal });
  },
  async look(opening, place) {
    const { options } = await optionsOf(opening, place);
    const { primitives, signal } = opening;
    try {
      await requireExclusivePuts(options, primitives, { signal });
      return { isWritable: true };
    } catch (error) {
      if (KeepsakeError.is(error, "store.denied")) return { isWritable: false };
      throw error;
    }
  },
};

async function optionsOf(
  opening: Opening,
  place: string,
): Promise<{ readonly options: S3Options; readonly found: FoundCredentials }> {
  const address = parseS3Address(place);
  const found = await s3Credentials(opening, address);
  return { options: { ...address, credentials: found.credentials }, found };
}

async function holdsVault(store: Store): Promise<boolean> {
  for await (const _ of store.list("slots/")) return true;
  return false;
}
