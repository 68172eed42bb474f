/** Every catalogue that was ever offered: who has something of it keeps its terms. */
export interface CatalogueTable {
  readonly version: number;
  /** JSON. */
  readonly text: string;
  readonly sinceMs: number;
}
