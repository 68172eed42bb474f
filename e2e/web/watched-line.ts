import { once } from "node:events";
import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";

/** Something that was asked of a server, and how much it answered. */
interface Passed {
  readonly path: string;
  bytes: number;
}

/** A line to a server on which all that passes is seen. */
interface WatchedLine extends AsyncDisposable {
  readonly url: string;
  /** Says where the server is. */
  readonly leadTo: (url: string) => void;
  readonly passed: Passed[];
}

export async function watchedLine(): Promise<WatchedLine> {
  let port = 0;
  const passed: Passed[] = [];
  const line = createServer((asked, answer) => {
    const { method, url: path = "", headers } = asked;
    const told = { path, bytes: 0 };
    passed.push(told);
    const further = request({ host: "127.0.0.1", port, method, path, headers }, (given) => {
      answer.writeHead(given.statusCode ?? 502, given.headers);
      given.on("data", (piece: Buffer) => (told.bytes += piece.length));
      given.pipe(answer);
    });
    further.on("error", () => answer.destroy());
    answer.on("close", () => further.destroy());
    asked.pipe(further);
  });
  line.listen(0, "127.0.0.1");
  await once(line, "listening");
  return {
    url: `http://127.0.0.1:${(line.address() as AddressInfo).port}`,
    leadTo: (url) => (port = Number(new URL(url).port)),
    passed,
    async [Symbol.asyncDispose]() {
      line.close();
      line.closeAllConnections();
      await once(line, "close");
    },
  };
}
