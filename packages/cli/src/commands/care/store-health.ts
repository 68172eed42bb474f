import { link, mkdtemp, rm, statfs, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { KeepsakeError } from "@keepsake/core/base";

export interface StoreHealth {
  readonly isWritable: boolean;
  /** Whether the file system has hard links; the store works without, a little slower. */
  readonly hasLinks: boolean;
  readonly freeBytes: number;
}

/** Tries the folder of a store; what it writes for that, it takes away again. Throws `store.unavailable`. */
export async function look(place: string): Promise<StoreHealth> {
  const { bavail, bsize } = await statfs(place).catch((cause: unknown) => {
    throw new KeepsakeError("store.unavailable", { cause, retry: "later" });
  });
  const freeBytes = bavail * bsize;
  const folder = await mkdtemp(join(place, ".doctor-")).catch(() => undefined);
  if (folder === undefined) return { isWritable: false, hasLinks: false, freeBytes };
  try {
    await writeFile(join(folder, "a"), "a");
    const hasLinks = await link(join(folder, "a"), join(folder, "b")).then(
      () => true,
      () => false,
    );
    return { isWritable: true, hasLinks, freeBytes };
  } catch {
    return { isWritable: false, hasLinks: false, freeBytes };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
