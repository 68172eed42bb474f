/** Adds the digests of files that a row names, wherever in it they stand. */
export function addDigests(value: unknown, digests: Set<string>): void {
  if (typeof value !== "object" || value === null) return;
  for (const [key, each] of Object.entries(value)) {
    if (key === "sha256" && typeof each === "string") digests.add(each);
    else addDigests(each, digests);
  }
}
