import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout } from "node:timers/promises";
import { expect, test } from "vitest";
import { Connection, serverStore } from "../../packages/core/src/client/index.ts";
import { nodePrimitives as primitives } from "../../packages/core/src/platform/node/index.ts";
import { someBytes } from "../../packages/core/testing/stores/conformance.ts";

const SILENCE_MS = 1500;

async function answering(answer: RequestListener) {
  const server = createServer(answer);
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    connection: new Connection({ url, primitives, silenceMs: SILENCE_MS }),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

test("a slow answer is waited for as long as something comes", async () => {
  const bytes = someBytes(6000);
  await using slow = await answering((_, response) => {
    void (async () => {
      response.writeHead(200, { "content-length": bytes.length });
      for (let i = 0; i < 6; i += 1) {
        response.write(bytes.subarray(i * 1000, (i + 1) * 1000));
        await setTimeout(SILENCE_MS / 3);
      }
      response.end();
    })();
  });
  expect(await serverStore({ connection: slow.connection, vault: "v" }).get("packs/a")).toEqual(bytes);
});

test("silence ends a request, before the answer and within it", async () => {
  for (const begin of [false, true]) {
    await using silent = await answering((_, response) => {
      if (begin) response.writeHead(200, { "content-length": 5 }).write("a");
    });
    const gone = { code: "store.unavailable", retry: "later" };
    const store = serverStore({ connection: silent.connection, vault: "v" });
    await expect(store.get("packs/a")).rejects.toMatchObject(gone);
  }
});

test("a long upload is given the time of a slow line", async () => {
  const bytes = someBytes(SILENCE_MS * 16 * 3);
  await using slow = await answering((request, response) => {
    void (async () => {
      await setTimeout(SILENCE_MS * 2);
      for await (const _ of request) continue;
      response.end(JSON.stringify({ outcome: "stored" }));
    })();
  });
  expect(await serverStore({ connection: slow.connection, vault: "v" }).put("packs/a", bytes)).toBe("stored");
});

test("an answer without an end is not taken", async () => {
  await using endless = await answering((_, response) => {
    const chunk = Buffer.alloc(1024 * 1024);
    const more = (): void => void (response.write(chunk) ? setImmediate(more) : response.once("drain", more));
    more();
  });
  await expect(endless.connection.call("GET /v1/server")).rejects.toMatchObject({
    code: "server.not-keepsake",
  });
});

test("a request that went over a connection which was just given up is sent once more, and no oftener", async () => {
  let asked = 0;
  let refusals = 1;
  await using tired = await answering((request, response) => {
    asked += 1;
    request.resume();
    if (asked <= refusals) response.writeHead(408, { connection: "close" }).end();
    else response.end('{"outcome":"stored"}');
  });
  const store = serverStore({ connection: tired.connection, vault: "v" });
  expect(await store.put("packs/a", someBytes(1000))).toBe("stored");
  expect(asked).toBe(2);
  [asked, refusals] = [0, 5];
  await expect(store.put("packs/b", someBytes(1000))).rejects.toMatchObject({ code: "store.unavailable" });
  expect(asked).toBe(2);
});
