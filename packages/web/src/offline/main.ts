/*
 * Stands between the app and the network: serves the app's own files as they were built, with and without a server,
 * takes what other apps share, and hands films from a page to the browser's player. What goes to /v1 it never sees to
 * keep.
 */
import { answerForFilm } from "./film.ts";
import { answerTo, forgetOld, keepAll } from "./kept.ts";
import { FILMS, STAND_BETWEEN, TAKE_OVER } from "./names.ts";
import { keepShared } from "./share-target.ts";

declare const self: ServiceWorkerGlobalScope;

self.addEventListener("install", (event) => event.waitUntil(keepAll()));
self.addEventListener("activate", (event) => event.waitUntil(forgetOld()));

// A new version waits until the person wants it.
self.addEventListener("message", (event) => {
  if (event.data === TAKE_OVER) event.waitUntil(self.skipWaiting());
  // A page that came before this script, or past it, asks for nothing here until it is taken in.
  if (event.data === STAND_BETWEEN)
    event.waitUntil(self.clients.claim().then(() => event.ports[0]?.postMessage(STAND_BETWEEN)));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== self.location.origin) return;
  if (url.pathname.startsWith(FILMS)) return event.respondWith(answerForFilm(event));
  if (request.method === "POST" && url.pathname === "/share")
    return event.respondWith(
      keepShared(request).then((place) => Response.redirect(new URL(place, self.location.origin), 303)),
    );
  if (request.method !== "GET") return;
  const answer = answerTo(url);
  if (answer !== undefined) event.respondWith(answer);
});
