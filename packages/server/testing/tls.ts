import { readFileSync } from "node:fs";
import { connect } from "node:net";
import { once } from "node:events";
import { join } from "node:path";
import { createServer, getCACertificates, setDefaultCACertificates } from "node:tls";
import type { AddressInfo } from "node:net";

const folder = join(import.meta.dirname, "fixtures/tls");

/** Who vouches for the certificates of tests, as a file: for NODE_EXTRA_CA_CERTS of other processes. */
export const testAuthorityFile: string = join(folder, "ca.pem");

/** A certificate and its key: for this machine, or for another one. */
export interface TestCertificate {
  readonly cert: string;
  readonly key: string;
}

export function testCertificate(name: "here" | "elsewhere"): TestCertificate {
  const read = (ending: string): string => readFileSync(join(folder, `${name}.${ending}`), "utf8");
  return { cert: read("pem"), key: read("key") };
}

/** Until it is disposed of, this process takes certificates of tests, as one does whose operator set it up so. */
export function trustTestAuthority(): Disposable {
  const before = getCACertificates("default");
  setDefaultCACertificates([...before, readFileSync(testAuthorityFile, "utf8")]);
  return { [Symbol.dispose]: () => setDefaultCACertificates(before) };
}

/** TLS in front of a server of this machine, as a proxy has it. */
export interface TlsFront extends AsyncDisposable {
  readonly port: number;
  /** How many connections came over which anything was said. */
  readonly count: () => number;
}

/** Speaks TLS, and passes on to a port of this machine. */
export async function startTlsFront(port: number, certificate: TestCertificate): Promise<TlsFront> {
  let count = 0;
  const open = new Set<{ destroy(): void }>();
  const server = createServer({ ...certificate }, (outer) => {
    outer.once("data", () => count++);
    const inner = connect(port, "127.0.0.1");
    for (const [socket, other] of [
      [outer, inner],
      [inner, outer],
    ] as const) {
      open.add(socket);
      socket
        .on("error", () => undefined)
        .on("close", () => {
          open.delete(socket);
          other.destroy();
        });
    }
    outer.pipe(inner).pipe(outer);
  });
  server.on("tlsClientError", () => undefined).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    count: () => count,
    async [Symbol.asyncDispose]() {
      const closed = once(server, "close");
      server.close();
      for (const socket of open) socket.destroy();
      await closed;
    },
  };
}
