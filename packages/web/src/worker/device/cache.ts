import { cachedStore, type CachedStore } from "@keepsake/core/browser";
import type { Store } from "@keepsake/core/store";

/** The folder of this origin in which lies what was read; a folder of its own for each vault. */
const FOLDER = "cache";
/** All text of some millions of messages, and some thousand pictures; the browser may allow less. */
const MOST_BYTES = 1024 * 1024 * 1024;

/** A key for what is kept: it cannot be taken out of the browser. */
export function newCacheKey(): Promise<CryptoKey> {
  return crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
}

/** The store, with what was read of it kept in this browser. Undefined where the browser keeps no files for us. */
export async function withCache(
  store: Store,
  { vault, key }: { readonly vault: string; readonly key: CryptoKey },
): Promise<CachedStore | undefined> {
  try {
    const root = await navigator.storage.getDirectory();
    const folder = await root.getDirectoryHandle(FOLDER, { create: true });
    const directory = await folder.getDirectoryHandle(vault, { create: true });
    return cachedStore(store, { directory, key, mostBytes: MOST_BYTES });
  } catch {
    return undefined;
  }
}

/** How often, and how long after each other, is tried to remove what another tab still reads. */
const [ATTEMPTS, PAUSE_MS] = [20, 50];

/** Forgets all that is kept. Its key is gone already. */
export async function forgetCache(): Promise<void> {
  const root = await navigator.storage.getDirectory().catch(() => undefined);
  for (let attempt = 0; root !== undefined && attempt < ATTEMPTS; attempt++) {
    const isGone = await root.removeEntry(FOLDER, { recursive: true }).then(
      () => true,
      (error: unknown) => error instanceof DOMException && error.name === "NotFoundError",
    );
    if (isGone) return;
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}
