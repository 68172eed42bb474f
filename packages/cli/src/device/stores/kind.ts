import type { Bytes } from "@keepsake/core/base";
import type { Store } from "@keepsake/core/store";
import type { Context } from "../../context.ts";

/** What opening a store may need: a key that is given, kept or typed. */
export type Opening = Pick<Context, "input" | "env" | "output" | "prompt" | "primitives" | "signal">;

/** What a store is opened for: to be used, to become a vault's first place, or to hold a copy of one. */
export type Purpose = "use" | "new" | "copy";

/** What a look at a store came to, as far as that can be found out. */
export interface StoreHealth {
  readonly isWritable: boolean;
  /** Of a folder only: whether its file system has hard links; a store works without, a little slower. */
  readonly hasLinks?: boolean;
  /** Of a folder only. */
  readonly freeBytes?: number;
}

/** A kind of place that a store can lie in: a folder, a bucket. */
export interface StoreKind {
  /** The one way in which an address is written down: two that are the same mean the same place. */
  placeOf(address: string): Promise<string>;
  /** Where a new vault goes that is to be made at a place: a server that has one already makes room beside it. */
  newPlace?(opening: Opening, place: string): Promise<string>;
  /**
   * The store at a place. For `new` and `copy` the place is made ready; `new` throws `cli.folder-not-empty` where
   * anything else lies there.
   */
  open(opening: Opening, place: string, purpose: Purpose): Promise<Store>;
  /** Whether it makes sense to look at a copy now: its drive is plugged in. */
  isReachable(place: string): Promise<boolean>;
  /** Writes so many bytes as the store's own are written, and takes them away again. */
  writeTrial(opening: Opening, place: string, bytes: Bytes): Promise<void>;
  /** Tries the store out; what that writes it takes away again. */
  look(opening: Opening, place: string): Promise<StoreHealth>;
}
