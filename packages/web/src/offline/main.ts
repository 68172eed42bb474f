/*
 * Stands between the app and the network: serves the app's own files as they were built, with and without a server,
 * and takes what other apps share. What goes to /v1 it never sees to keep.
 */
import { answerTo, forgetOld, keepAll } from "./kept.ts";
import { TAKE_OVER } from "./names.ts";
import { keepShared } from "./share-target.ts";

declare const self: ServiceWorkerGlobalScope;

self.addEventListener("install", (event) => event.waitUntil(keepAll()));
self.addEventListener("activate", (event) => event.waitUntil(forgetOld()));

// A new version waits until the person wants it.
self.addEventListener("message", (event) => {
  if (event.data === TAKE_OVER) event.waitUntil(self.skipWaiting());
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== self.location.origin) return;
  if (request.method === "POST" && url.pathname === "/share")
    return event.respondWith(
      keepShared(request).then((place) => Response.redirect(new URL(place, self.location.origin), 303)),
    );
  if (request.method !== "GET") return;
  const answer = answerTo(url);
  if (answer !== undefined) event.respondWith(answer);
});
