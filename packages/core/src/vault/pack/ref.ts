import { KeepsakeError } from "../../base/index.ts";

/** Where a sealed object lies, and the SHA-256 of its content: [pack, offset, length, digest in hex]. */
export type Ref = readonly [pack: string, offset: number, length: number, digest: string];

/** The same for a kind whose content is not named by its digest. */
export function checkRef(value: unknown): Ref {
  if (!Array.isArray(value) || value.length !== 4) throw damaged();
  const [pack, offset, length, digest] = value as unknown[];
  const isPlace =
    typeof pack === "string" && /^[0-9a-z]{26}$/.test(pack) && isCount(offset) && isCount(length);
  if (!isPlace || typeof digest !== "string" || !/^[0-9a-f]{64}$/.test(digest)) throw damaged();
  return [pack, offset as number, length as number, digest];
}

function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}

function damaged(): KeepsakeError {
  return new KeepsakeError("vault.corrupt", { details: { what: "ref" } });
}
