import { bytesToHex } from "../../base/index.ts";
import type { InventoryItem } from "./inventory.ts";

/** Files of a collection that were removed for their age. */
export interface GoneFiles {
  readonly collection: string;
  readonly files: number;
  /** As they were stored. */
  readonly bytes: number;
  /** Weeks are counted since 1970. */
  readonly firstWeek: number;
  readonly lastWeek: number;
}

/** Packs that are missing, and what lay in them. */
export class MissingPacks {
  readonly #packs = new Map<string, InventoryItem[]>();

  add(item: InventoryItem): void {
    const [pack] = item.ref;
    const items = this.#packs.get(pack);
    if (items === undefined) this.#packs.set(pack, [item]);
    else items.push(item);
  }

  /**
   * Those that hold nothing but files that may go by their age, where no more of them are missing than were removed for
   * that: what is missing beside them nobody removed for its age.
   */
  gone(removed: number): { readonly packs: ReadonlySet<string>; readonly files: readonly GoneFiles[] } {
    const dated = [...this.#packs].filter(([, items]) => items.every(({ week }) => week !== undefined));
    if (dated.length > removed) return { packs: new Set(), files: [] };
    const items = dated.flatMap(([, each]) => each);
    const byCollection = Map.groupBy(items, ({ collection = "" }) => collection);
    const files = [...byCollection].map(([collection, parts]): GoneFiles => {
      const weeks = parts.map(({ week = 0 }) => week);
      return {
        collection,
        files: new Set(parts.map(({ spec }) => bytesToHex(spec.key))).size,
        bytes: parts.reduce((sum, { ref }) => sum + ref[2], 0),
        firstWeek: weeks.reduce((first, week) => Math.min(first, week)),
        lastWeek: weeks.reduce((last, week) => Math.max(last, week)),
      };
    });
    return { packs: new Set(dated.map(([pack]) => pack)), files };
  }
}
