import { FILMS, type FilmAnswer, type FilmAsked } from "./names.ts";

declare const self: ServiceWorkerGlobalScope;

/** Nothing of it is kept, taken for anything but a film, or run. */
const guards = {
  "cache-control": "no-store",
  "x-content-type-options": "nosniff",
  "content-security-policy": "default-src 'none'; sandbox",
  "cross-origin-resource-policy": "same-origin",
};

/**
 * Some bytes of a film that a page of ours shows. They are asked of that very page, whose worker holds what opens them:
 * here nothing is known of films, and nothing kept. For who comes by anything but a page that shows it, there is none.
 */
export async function answerForFilm({ request, clientId }: FetchEvent): Promise<Response> {
  const isAsked = request.method === "GET" && request.mode !== "navigate";
  const page = isAsked ? await self.clients.get(clientId) : undefined;
  return responseOf(page === undefined ? { status: 404 } : await ask(page, request));
}

function ask(page: Client, { url, headers }: Request): Promise<FilmAnswer> {
  const asked: FilmAsked = {
    film: new URL(url).pathname.slice(FILMS.length),
    range: headers.get("range"),
  };
  const { port1, port2 } = new MessageChannel();
  return new Promise((resolve) => {
    port1.addEventListener("message", ({ data }: MessageEvent<FilmAnswer>) => {
      port1.close();
      resolve(data);
    });
    port1.start();
    page.postMessage(asked, [port2]);
  });
}

function responseOf(answer: FilmAnswer): Response {
  const { status } = answer;
  if (status === 206) {
    const { mime, start, sizeBytes, bytes } = answer;
    const headers = {
      ...guards,
      "content-type": mime,
      "accept-ranges": "bytes",
      "content-range": `bytes ${start}-${start + bytes.length - 1}/${sizeBytes}`,
      "content-length": String(bytes.length),
    };
    return new Response(bytes, { status, headers });
  }
  const headers = { ...guards, "content-type": "text/plain" };
  const range = status === 416 ? { "content-range": `bytes */${answer.sizeBytes}` } : {};
  return new Response(undefined, { status, headers: { ...headers, ...range } });
}
