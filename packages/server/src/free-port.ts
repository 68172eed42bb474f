import { randomInt } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:net";

const [LOWEST, COUNT] = [20_000, 10_000];

/**
 * A port that nothing listens on, for what has to be told its address before it listens, or comes back to it. Not one
 * that the system gives to others by itself: in the meantime one of these could take it.
 */
export async function freePort(host = "127.0.0.1"): Promise<number> {
  for (;;) {
    const port = LOWEST + randomInt(COUNT);
    const probe = createServer();
    const isFree = await new Promise<boolean>((tell, fail) => {
      probe.once("listening", () => tell(true));
      probe.once("error", (error: NodeJS.ErrnoException) =>
        error.code === "EADDRINUSE" ? tell(false) : fail(error),
      );
      probe.listen(port, host);
    });
    if (!isFree) continue;
    probe.close();
    await once(probe, "close");
    return port;
  }
}
