import { computed, signal, type ReadonlySignal } from "@preact/signals";
import { TAKE_OVER } from "../offline/names.ts";
import { trustedUrl } from "./trusted.ts";

const waiting = signal<ServiceWorker | undefined>(undefined);

/** Whether a new version of the app waits to be used. */
export const hasUpdate: ReadonlySignal<boolean> = computed(() => waiting.value !== undefined);

/** How often is asked for a new one, where the page stays open. */
const AGAIN_MS = 60 * 60_000;

/** What browsers have for an app that is kept; some private windows have nothing. */
export const workersHere = (): ServiceWorkerContainer | undefined => navigator.serviceWorker;

/** What keeps the app; where it did not come to it, on a bad line, it is tried again. Throws where a browser keeps none. */
export function keeper(workers: ServiceWorkerContainer): Promise<ServiceWorkerRegistration> {
  return workers.register(trustedUrl("/offline.js"), { scope: "/", updateViaCache: "none" });
}

/** Has the app be kept in this browser, so that it opens without a server, and watches for new versions. */
export async function keepApp(): Promise<void> {
  const workers = workersHere();
  if (workers === undefined) return;
  const registration = await keeper(workers);
  const look = (): void => {
    // The first one of all is no update: it is what this page came as.
    if (workers.controller !== null) waiting.value = registration.waiting ?? undefined;
  };
  look();
  registration.addEventListener("updatefound", () => {
    registration.installing?.addEventListener("statechange", look);
  });
  setInterval(() => void registration.update().catch(() => undefined), AGAIN_MS);
}

/** Uses the version that waits. The page begins anew, and what is open is locked. */
export function takeUpdate(): void {
  navigator.serviceWorker.addEventListener("controllerchange", () => location.reload(), { once: true });
  waiting.value?.postMessage(TAKE_OVER);
}
