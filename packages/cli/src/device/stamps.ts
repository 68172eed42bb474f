import type { FileStamp, StampCache } from "@keepsake/core/history";
import { sealedFile, type SealedFileOptions } from "./sealed-file.ts";

type StampJson = readonly [
  path: string,
  sizeBytes: number,
  modifiedMs: number,
  sha256: string,
  changed?: string,
];

/** Stamps of a source's files, kept between runs in a file that is sealed with a key of this device. */
export interface SealedStamps extends StampCache {
  save(): Promise<void>;
}

/** Stamps that cannot be read count as none, and their files are read again. */
export function sealedStamps(options: Omit<SealedFileOptions, "kind">): SealedStamps {
  const file = sealedFile({ ...options, kind: "stamps" });
  const stamps = new Map<string, FileStamp>();
  let isChanged = false;
  return {
    async load() {
      const known = JSON.parse((await file.load()) ?? "[]") as readonly StampJson[];
      for (const [path, sizeBytes, modifiedMs, sha256, changed] of known)
        stamps.set(path, { sizeBytes, modifiedMs, sha256, changed });
    },
    get: (path) => stamps.get(path),
    set(path, stamp) {
      stamps.set(path, stamp);
      isChanged = true;
    },
    async save() {
      if (isChanged) await file.save(JSON.stringify([...stamps].map(stampJson)));
    },
  };
}

function stampJson([path, { sizeBytes, modifiedMs, sha256, changed }]: [string, FileStamp]): StampJson {
  return changed === undefined
    ? [path, sizeBytes, modifiedMs, sha256]
    : [path, sizeBytes, modifiedMs, sha256, changed];
}
