import { link, mkdir, mkdtemp, open, readdir, realpath, rm, stat, statfs, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { KeepsakeError } from "@keepsake/core/base";
import { folderStore } from "@keepsake/core/node/folder-store";
import { storeFolders } from "@keepsake/core/store";
import type { StoreHealth, StoreKind } from "./kind.ts";

/** A folder on a disk, a USB stick or a NAS. */
export const folderKind: StoreKind = {
  placeOf: folderPlace,
  async open(_, place, purpose) {
    if (purpose !== "use") await makeFolder(place);
    if (purpose === "new") await requireEmpty(place);
    return folderStore(place);
  },
  isReachable: (place) =>
    stat(join(place, "heads")).then(
      () => true,
      () => false,
    ),
  async writeTrial(_, place, bytes) {
    const folder = await mkdtemp(join(place, ".trial-"));
    try {
      const file = await open(join(folder, "trial"), "wx", 0o600);
      await file.writeFile(bytes);
      await file.sync();
      await file.close();
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
  look: (_, place) => look(place),
};

/** The one way in which a folder's place is written down. */
export async function folderPlace(path: string): Promise<string> {
  return realpath(path).catch(() => resolve(path));
}

async function makeFolder(place: string): Promise<void> {
  await mkdir(place, { recursive: true }).catch((cause: unknown) => {
    throw new KeepsakeError("store.unavailable", { cause });
  });
}

const ofStore: ReadonlySet<string> = new Set([...storeFolders, "tmp"]);

async function requireEmpty(place: string): Promise<void> {
  const names = (await readdir(place)).filter((name) => !isOfSystem(name) && !ofStore.has(name));
  if (names.length > 0) throw new KeepsakeError("cli.folder-not-empty");
}

function isOfSystem(name: string): boolean {
  return name.startsWith(".") || name === "System Volume Information" || name === "lost+found";
}

/** Throws `store.unavailable`. */
async function look(place: string): Promise<StoreHealth> {
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
