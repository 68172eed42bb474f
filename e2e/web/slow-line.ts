import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Socket } from "node:net";
import { setTimeout as wait } from "node:timers/promises";

/** How a line is: what passes in a second in each direction, and how long each piece is under way. */
interface LineOptions {
  readonly bytesPerSecond: number;
  readonly delayMs: number;
}

/** A line to a server, as slow as a bad telephone's. */
interface SlowLine extends AsyncDisposable {
  readonly url: string;
  /** Says where the server is. */
  readonly leadTo: (url: string) => void;
}

/** Everything shares the line: pages, workers, and what is fetched for later. */
export async function slowLine({ bytesPerSecond, delayMs }: LineOptions): Promise<SlowLine> {
  let target = 0;
  const sockets = new Set<Socket>();
  const way = (): ((bytes: number) => Promise<void>) => {
    let freeMs = 0;
    return (bytes) => {
      const now = Date.now();
      freeMs = Math.max(now, freeMs) + (bytes * 1000) / bytesPerSecond;
      return wait(freeMs - now);
    };
  };
  const [up, down] = [way(), way()];
  const pass = async (from: Socket, to: Socket, takeTurn: ReturnType<typeof way>): Promise<void> => {
    try {
      for await (const piece of from as AsyncIterable<Buffer>) {
        await takeTurn(piece.length);
        setTimeout(() => to.write(piece), delayMs);
      }
      setTimeout(() => to.end(), delayMs);
    } catch {
      to.destroy();
    }
  };
  const server = createServer({ allowHalfOpen: true }, (near) => {
    const far = connect({ port: target, host: "127.0.0.1", allowHalfOpen: true });
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on("error", () => undefined);
      socket.once("close", () => sockets.delete(socket));
    }
    near.once("close", () => far.destroy());
    void pass(near, far, up);
    void pass(far, near, down);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    leadTo: (url) => (target = Number(new URL(url).port)),
    async [Symbol.asyncDispose]() {
      server.close();
      for (const socket of sockets) socket.destroy();
      await once(server, "close");
    },
  };
}
