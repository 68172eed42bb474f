import { STAND_BETWEEN, type FilmAsked } from "../../offline/names.ts";
import { desk } from "../../state/desk.ts";
import { keeper, workersHere } from "../../state/update.ts";

/**
 * How long is waited for the service worker to say that it stands between this page and the network: a slow device that
 * is at work takes seconds to start it, and without it a large film cannot be played at all.
 */
const PATIENCE_MS = 15_000;

/** Hands what the service worker is asked of a film on to the worker that has it open; it answers by itself. */
export function passFilmsOn(): void {
  workersHere()?.addEventListener("message", ({ data, ports: [port] }: MessageEvent<FilmAsked>) => {
    if (typeof data?.film === "string" && port !== undefined) void desk.films.answer(data, port);
  });
}

/**
 * Whether requests of this page go through a service worker that knows films. Where none does, a film's address would
 * go to the server. There is none in some private windows, and for a moment when the app comes for the first time.
 */
export async function canStream(): Promise<boolean> {
  const workers = workersHere();
  if (workers === undefined) return false;
  const late = new Promise<false>((resolve) => setTimeout(resolve, PATIENCE_MS, false));
  const isBetween = standsBetween(workers).catch(() => false);
  return Promise.race([isBetween, late]);
}

async function standsBetween(workers: ServiceWorkerContainer): Promise<boolean> {
  await keeper(workers);
  const { active } = await workers.ready;
  if (active === null) return false;
  await askToStandBetween(active);
  // The page hears of it by another way than the answer comes, at times later.
  if (workers.controller === null)
    await new Promise((resolve) => workers.addEventListener("controllerchange", resolve, { once: true }));
  return true;
}

/** One of an earlier version does not answer. */
function askToStandBetween(worker: ServiceWorker): Promise<void> {
  const { port1, port2 } = new MessageChannel();
  return new Promise((resolve) => {
    port1.addEventListener("message", () => {
      port1.close();
      resolve();
    });
    port1.start();
    worker.postMessage(STAND_BETWEEN, [port2]);
  });
}
