import { namedContents } from "../rows/kept.ts";
import type { Row } from "../rows/row.ts";

/** Adds the digests of the contents that a row names, wherever in it they stand. */
export function addDigests(row: Row, digests: Set<string>): void {
  if ("kept" in row) for (const digest of namedContents(row.kept)) digests.add(digest);
  else addWithin(row, digests);
}

function addWithin(value: unknown, digests: Set<string>): void {
  if (typeof value !== "object" || value === null) return;
  for (const [key, each] of Object.entries(value)) {
    if (key === "sha256" && typeof each === "string") digests.add(each);
    else addWithin(each, digests);
  }
}
