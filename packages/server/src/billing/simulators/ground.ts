import { once } from "node:events";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** A request as a simulator reads it. */
export interface Asked {
  readonly method: string;
  readonly path: string;
  /** With the query, as it came. */
  readonly target: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

/** Does what is asked; undefined for what is nowhere. */
export type Handle = (asked: Asked) => Reply | undefined | Promise<Reply | undefined>;

/** How a provider fails: not at all, busy, without an answer, with an answer that is too long, or gone for ever. */
export type Trouble = "none" | "busy" | "silent" | "endless" | "gone";

const MOST_BYTES = 1_000_000;

/** An HTTP server of this machine, which fails as it is told. */
export class Ground implements AsyncDisposable {
  readonly #server: Server;
  trouble: Trouble = "none";
  /** What was asked, newest last: method and path. */
  readonly asked: string[] = [];

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(handle: Handle): Promise<Ground> {
    const server = createServer();
    const ground = new Ground(server);
    server.on("request", (request, response) => {
      void ground.#answer(request, handle).then(
        (reply) => {
          if (reply === undefined) return response.destroy();
          return response.writeHead(reply.status, reply.headers ?? {}).end(reply.body ?? "");
        },
        () => response.destroy(),
      );
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return ground;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async #answer(request: IncomingMessage, handle: Handle): Promise<Reply | undefined> {
    const target = request.url ?? "/";
    const { pathname: path, searchParams: query } = new URL(target, "http://simulator");
    const body = await bodyOf(request);
    this.asked.push(`${request.method} ${path}`);
    if (this.trouble === "busy") return { status: 503, body: "{}" };
    if (this.trouble === "endless") return { status: 200, body: Buffer.alloc(3 * MOST_BYTES, 32) };
    if (this.trouble !== "none") return undefined;
    const headers = Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
    );
    const asked = { method: request.method ?? "", path, target, query, headers, body };
    return (await handle(asked)) ?? { status: 404, body: "{}" };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = once(this.#server, "close");
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    length += part.length;
    if (length <= MOST_BYTES) parts.push(part);
  }
  return Buffer.concat(parts).toString("utf8");
}

export function jsonReply(value: unknown, status = 200): Reply {
  return { status, headers: { "content-type": "application/json" }, body: JSON.stringify(value) };
}
