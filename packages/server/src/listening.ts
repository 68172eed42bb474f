import type { IncomingMessage, Server as HttpServer } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { slowLineMs } from "@keepsake/core/base";
import { MOST_BYTES } from "./vaults/uploads.ts";

/* What a server and a gateway have in common in the way they listen. */

export const HEADERS_TIMEOUT_MS = 10_000;
/** A connection over which nothing goes for so long is cut; streams of events beat more often. */
export const SILENT_MS = 120_000;
/** Clients wait for as long on a slow line: what they send is cut by silence, and by this only where it drips. */
export const REQUEST_TIMEOUT_MS = SILENT_MS + slowLineMs(MOST_BYTES);
/** What is left of a body that was refused is taken for so long. */
export const LINGER_MS = 10_000;
const IDLE_CLOSE_MS = 250;

/** Ends a request of which not all has come after a time. */
export function cutAfter(request: IncomingMessage, timeMs: number): void {
  if (request.complete) return;
  const cut = setTimeout(() => {
    if (!request.complete) request.destroy();
  }, timeMs);
  request.once("end", () => clearTimeout(cut)).once("close", () => clearTimeout(cut));
}

/** Where something listens. */
export function urlOf({ address, family, port }: AddressInfo): string {
  return `http://${family === "IPv6" ? `[${address}]` : address}:${port}`;
}

/**
 * A way to stop a server that listens: requests under way may end, for so long, and are then cut. `close` stops to
 * listen and waits for all connections; `onCut` hears when it took too long. To be called before the first connection.
 */
export function stoppable(
  server: HttpServer,
  { withinMs, onCut, close }: { withinMs: number; onCut: () => void; close: () => Promise<void> },
): () => Promise<void> {
  const silent = silentConnections(server);
  return async () => {
    // A client that keeps its connection would hold the server for as long as it likes.
    const idle = setInterval(() => {
      server.closeIdleConnections();
      for (const socket of silent) if (socket.bytesRead === 0) socket.destroy();
    }, IDLE_CLOSE_MS);
    const cut = setTimeout(() => {
      onCut();
      server.closeAllConnections();
    }, withinMs);
    await close();
    clearInterval(idle);
    clearTimeout(cut);
  };
}

/** Connections that have asked for nothing yet: Node does not count them among the idle ones. */
function silentConnections(server: HttpServer): ReadonlySet<Socket> {
  const silent = new Set<Socket>();
  server.on("connection", (socket) => {
    silent.add(socket);
    socket.once("close", () => silent.delete(socket));
  });
  server.on("request", ({ socket }) => silent.delete(socket));
  return silent;
}
