import { createServer, request, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";

/** An answer on its way back to the client. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** A request on its way to the server. */
interface Asked {
  readonly method: string;
  readonly path: string;
  readonly body: Buffer;
}

/** What a malicious server does: sees each request, may answer by itself, ask the true server, and alter what either says. */
export type Malice = (
  asked: Asked,
  askTrueServer: (altered?: {
    readonly body: Buffer;
    readonly headers: IncomingHttpHeaders;
  }) => Promise<Answer>,
) => Promise<Answer>;

/** Our real server, behind somebody who alters what goes over the line. */
export interface EvilServer extends AsyncDisposable {
  readonly url: string;
  malice: Malice;
}

export const honest: Malice = (_, askTrueServer) => askTrueServer();

export async function evilServer(target: string): Promise<EvilServer> {
  const evil = { malice: honest };
  const server = createServer((incoming, outgoing) => {
    void (async () => {
      const body = await buffer(incoming);
      const asked = { method: incoming.method ?? "", path: incoming.url ?? "", body };
      const answer = await evil.malice(asked, (altered) =>
        forward(
          target,
          { ...asked, body: altered?.body ?? asked.body },
          { ...incoming.headers, ...altered?.headers },
        ),
      );
      const { "transfer-encoding": _, "content-length": __, connection: ___, ...headers } = answer.headers;
      outgoing.writeHead(answer.status, { ...headers, "content-length": answer.body.length });
      outgoing.end(answer.body);
    })().catch(() => outgoing.destroy());
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return Object.assign(evil, {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  });
}

function forward(
  target: string,
  { method, path, body }: Asked,
  headers: IncomingHttpHeaders,
): Promise<Answer> {
  return new Promise((done, fail) => {
    const outgoing = request(target + path, { method, headers }, (response) => {
      buffer(response).then(
        (bytes) => done({ status: response.statusCode ?? 0, headers: response.headers, body: bytes }),
        fail,
      );
    });
    outgoing.once("error", fail);
    outgoing.end(body);
  });
}

/** The same answer with another body. */
export function withBody(answer: Answer, body: Uint8Array | object): Answer {
  const bytes = body instanceof Uint8Array ? Buffer.from(body) : Buffer.from(JSON.stringify(body));
  return { ...answer, body: bytes };
}
