/*
 * The files of this build, kept in the browser. Each is compared with the hash that stands in this very script: a
 * server cannot mix another file in, and an app that was once kept stays what it is until the next one is whole.
 */

const PREFIX = "keepsake-app-";
const LIST = "hashes.json";
/** The script that runs here, which cannot hold its own hash. */
const OWN = "offline.js";

/** What this build consists of: the SHA-256 of each file by its path. */
declare const KEEPSAKE_FILES: Readonly<Record<string, string>>;

/** Those of them that are fetched when they are first needed: large, and for few. */
declare const KEEPSAKE_LATER: readonly string[];

const files = KEEPSAKE_FILES;

/** Fetches what is not there yet. Throws where anything is not as it was built; then the one before stays. */
export async function keepAll(): Promise<void> {
  const cache = await caches.open(await cacheName());
  for (const path of Object.keys(files)) {
    if (!KEEPSAKE_LATER.includes(path)) await keepOne(cache, path);
  }
  await keepList(cache);
}

/** Forgets older builds but the last one, whose pages may be open still. */
export async function forgetOld(): Promise<void> {
  const own = await cacheName();
  const others = (await caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== own);
  await Promise.all(others.slice(0, -1).map((name) => caches.delete(name)));
}

/** What is kept of an address; fetched, and kept if it is ours. Undefined for what is no file of the app. */
export function answerTo({ pathname }: URL): Promise<Response> | undefined {
  const path = pathname === "/" ? "index.html" : pathname.slice(1);
  if (Object.hasOwn(files, path) || path === LIST) return kept(path);
  // Of the build before, for a page that is open since then.
  return path.startsWith("assets/") ? elsewhere(path) : undefined;
}

async function kept(path: string): Promise<Response> {
  const cache = await caches.open(await cacheName());
  const found = await cache.match(`/${path}`);
  return found ?? (path === LIST ? fetch(`/${path}`) : keepOne(cache, path));
}

async function elsewhere(path: string): Promise<Response> {
  return (await caches.match(`/${path}`)) ?? fetch(`/${path}`);
}

async function keepOne(cache: Cache, path: string): Promise<Response> {
  const wanted = files[path];
  // Most files of a build were in the one before.
  for (const response of [await caches.match(`/${path}`), undefined]) {
    const candidate = response ?? (await fetch(`/${path}`, { cache: "no-cache" }));
    const hash = await sha256(await candidate.clone().arrayBuffer());
    if (!candidate.ok || hash !== wanted) continue;
    await cache.put(`/${path}`, candidate.clone());
    return candidate;
  }
  throw new TypeError(`not the file that was built: ${path}`);
}

/** The list of the whole build, for who wants to compare it: the same as stands in here, and this script. */
async function keepList(cache: Cache): Promise<void> {
  const response = await fetch(`/${LIST}`, { cache: "no-cache" });
  const listed = (await response.clone().json()) as { files: Record<string, string> };
  const { [OWN]: _own, ...others } = listed.files;
  const isSame =
    Object.keys(others).length === Object.keys(files).length &&
    Object.entries(others).every(([path, hash]) => files[path] === hash);
  if (!isSame) throw new TypeError("not the list of this build");
  await cache.put(`/${LIST}`, response);
}

async function cacheName(): Promise<string> {
  const all = new TextEncoder().encode(JSON.stringify(files));
  return `${PREFIX}${(await sha256(all)).slice(0, 16)}`;
}

async function sha256(bytes: BufferSource): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
