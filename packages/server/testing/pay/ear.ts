import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { KeepsakeError } from "@keepsake/core/base";
import type { About, Heard, Hint, Provider } from "../../src/billing/providers/provider.ts";

/** Where providers call, as a server's route would hear them. */
export interface Ear extends AsyncDisposable {
  readonly url: string;
  /** Who is spoken to. */
  provider: Provider | undefined;
  /** All calls as they came, oldest first, and what they came to. */
  readonly calls: Heard[];
  readonly hints: Hint[];
  readonly refusals: string[];
  /** Of whom the calls told. */
  about(subscription: string): readonly About[];
}

export async function startEar(): Promise<Ear> {
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("end", () => {
      const headers = Object.fromEntries(
        Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
      );
      const body = new Uint8Array(Buffer.concat(parts));
      void answerOf({ method: request.method ?? "", path: request.url ?? "", headers, body }).then(
        ({ status, type, body: text }) => response.writeHead(status, { "content-type": type }).end(text),
      );
    });
  });
  const answerOf = async (heard: Heard): Promise<Hint["answer"]> => {
    ear.calls.push(heard);
    try {
      const hint = await ear.provider!.hear(heard);
      ear.hints.push(hint);
      return hint.answer;
    } catch (error) {
      ear.refusals.push(KeepsakeError.is(error) ? error.code : String(error));
      return { status: 401, type: "text/plain", body: "" };
    }
  };
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const ear: Ear = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hear`,
    provider: undefined,
    calls: [],
    hints: [],
    refusals: [],
    about: (subscription) =>
      ear.hints.flatMap(({ about }) => about).filter((each) => each.subscription === subscription),
    [Symbol.asyncDispose]: async () => {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
  return ear;
}
