import { throwIfAborted } from "@keepsake/core/base";
import type { Expected, StoredBlob } from "../blobs/blobs.ts";
import type { Server } from "../server.ts";
import { isBlobKey, ownsBlobs } from "./ownership.ts";
import { buryBlob, isNamed } from "./sweep.ts";

/** What the rows and the blobs do not agree on. */
export interface Reconciled {
  /** Blobs that no row names; they are dead now, and go with the next sweeps. */
  readonly orphans: number;
  /** Objects whose bytes are not there, or of another size: lost data, for the operator to hear of at once. */
  readonly missing: number;
}

const BATCH = 500;
/** A blob that no row knows may be all that is left of what a lost row named: it is kept for as long as people look. */
const ORPHAN_MS: number = 30 * 24 * 60 * 60_000;

/** Compares the listing of all blobs with the rows, both ways, batch by batch in the order of keys. */
export async function reconcile(server: Server, signal?: AbortSignal): Promise<Reconciled> {
  const owners = new Owners(server);
  const mayBury = await ownsBlobs(server);
  let [orphans, missing] = [0, 0];
  for await (const blob of server.blobs.list()) {
    throwIfAborted(signal);
    if (!isBlobKey(blob.key)) continue;
    if (blob.isWhole) missing += await owners.missingBefore(blob.key);
    const owner = blob.isWhole ? await owners.take(blob.key) : undefined;
    if (owner !== undefined) missing += owner.sizeBytes === blob.sizeBytes ? 0 : 1;
    else if (mayBury && (await isOrphan(server, blob))) orphans++;
  }
  missing += await owners.missingBefore(undefined);
  return { orphans, missing };
}

async function isOrphan(server: Server, { key, storedMs }: StoredBlob): Promise<boolean> {
  const nowMs = server.clock.now();
  if (storedMs >= nowMs - ORPHAN_MS || (await isNamed(server, key))) return false;
  await buryBlob(server.db.query, key, nowMs);
  return true;
}

/** A blob, and what the row that names it says of it. */
export interface BlobOwner extends Expected {
  readonly blob: string;
}

/** All blobs that objects and the trash name, in the order of keys. */
export async function* blobOwners({ db }: Pick<Server, "db">): AsyncGenerator<BlobOwner> {
  for (let last = ""; ;) {
    const batch = await ownersAfter({ db }, last);
    yield* batch;
    if (batch.length < BATCH) return;
    last = batch.at(-1)!.blob;
  }
}

/** The blobs that objects and the trash name, in the order of keys, a batch at a time. */
class Owners {
  readonly #server: Server;
  #batch: readonly BlobOwner[] = [];
  #place = 0;
  #isEnd = false;

  constructor(server: Server) {
    this.#server = server;
  }

  /** Passes over all owners before a key, and counts those whose bytes are not there. */
  async missingBefore(key: string | undefined): Promise<number> {
    let missing = 0;
    for (let owner = await this.#current(); owner !== undefined; owner = await this.#current()) {
      if (key !== undefined && owner.blob >= key) break;
      if (await this.#isMissing(owner)) missing++;
      this.#place++;
    }
    return missing;
  }

  /** The owner of a key, which is passed over; undefined where there is none. */
  async take(key: string): Promise<BlobOwner | undefined> {
    const owner = await this.#current();
    if (owner?.blob !== key) return undefined;
    this.#place++;
    return owner;
  }

  async #current(): Promise<BlobOwner | undefined> {
    if (this.#place === this.#batch.length && !this.#isEnd) {
      this.#batch = await ownersAfter(this.#server, this.#batch.at(-1)?.blob ?? "");
      this.#isEnd = this.#batch.length < BATCH;
      this.#place = 0;
    }
    return this.#batch[this.#place];
  }

  /** Asked again of both sides: while the listing went on, an object may have come or gone. */
  async #isMissing({ blob, ...expected }: BlobOwner): Promise<boolean> {
    return !(await this.#server.blobs.has(blob, expected)) && (await isNamed(this.#server, blob));
  }
}

async function ownersAfter({ db }: Pick<Server, "db">, after: string): Promise<readonly BlobOwner[]> {
  const columns = ["blob", "sizeBytes", "sha256"] as const;
  return db.query
    .selectFrom("object")
    .select(columns)
    .where("blob", ">", after)
    .unionAll((query) => query.selectFrom("trash").select(columns).where("blob", ">", after))
    .orderBy("blob")
    .limit(BATCH)
    .execute();
}
