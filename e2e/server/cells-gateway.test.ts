import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import {
  createServer,
  request as httpRequest,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from "node:http";
import { connect, type AddressInfo } from "node:net";
import { setTimeout } from "node:timers/promises";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { bytesToHex } from "../../packages/core/src/base/index.ts";
import {
  checkReceipt,
  followReceipt,
  Connection,
  serverStore,
  type ReceiptAnchor,
} from "../../packages/core/src/client/index.ts";
import { openPayer } from "../../packages/core/src/client/plans/index.ts";
import { nodePrimitives } from "../../packages/core/src/platform/node/index.ts";
import { listed, someBytes } from "../../packages/core/testing/stores/conformance.ts";
import { ways } from "../../packages/server/src/gateway/ways.ts";
import { cellsKey, startCells, type TestCells } from "./cells.ts";
import type { Member } from "./serving.ts";

let cells: TestCells;
let member: Member;
beforeAll(async () => {
  cells = await startCells({ gatewaySettings: { KEEPSAKE_GATEWAY_METRICS: "127.0.0.1:0" } });
  member = await cells.memberIn(1);
});
afterAll(() => cells[Symbol.asyncDispose]());

const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

/** A request as it is, and its answer. */
async function raw(head: readonly string[], body = ""): Promise<string> {
  const socket = connect(Number(new URL(cells.gateway.url).port), "127.0.0.1");
  socket.write([...head, "host: a", "connection: close", "", body].join("\r\n"));
  return text(socket);
}

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, { readonly security?: unknown }>>>>;
}

describe("every route of a cell", () => {
  const documentOf = async (url: string): Promise<Document> =>
    (await (await fetch(`${url}/docs/openapi.json`)).json()) as Document;
  /** All routes of the document, as the gateway's table writes them, and whether they need a session. */
  const routesOf = ({ paths }: Document) =>
    Object.entries(paths).flatMap(([path, operations]) =>
      Object.entries(operations).map(([method, { security }]) => ({
        route: `${method.toUpperCase()} ${path.replace(/\{(\w+)\}/g, ":$1")}`,
        needsSession: security !== undefined,
      })),
    );

  test("that takes requests without a session has a way through the gateway, and no other has", async () => {
    const routes = routesOf(await documentOf(cells.urlOf(0)));
    expect(routes.length).toBeGreaterThan(60);
    const open = routes.flatMap(({ route, needsSession }) => (needsSession ? [] : [route]));
    const pages = ["GET /", "GET /docs", "GET /docs/openapi.json"];
    // What providers of payments call is in no document.
    const heard = ["GET /v1/pay/hear/:provider", "POST /v1/pay/hear/:provider"];
    expect(Object.keys(ways).toSorted()).toEqual([...open, ...pages, ...heard].toSorted());
  });

  test("of who pays goes to the first cell, wherever they store", async () => {
    const connection = new Connection({ url: cells.gateway.url, primitives: nodePrimitives });
    const seed = new Uint8Array(32).fill(9);
    const payer = (await openPayer(connection, [seed], { isNew: true }))!;
    expect(await payer.call("GET /v1/pay/account")).toMatchObject({ subscriptions: [], levels: [] });
    expect(await openPayer(connection, [seed], { isNew: false })).toBeDefined();
    expect((await fetch(`${cells.gateway.url}/v1/pay/hear/stripe`, { method: "POST" })).status).toBe(404);
  });

  test("is answered through the gateway as the cell answers it", async () => {
    const answerOf = async (url: string, route: string): Promise<readonly unknown[]> => {
      const [method = "", path = ""] = route.split(" ");
      const named = path.replace(/:\w+/g, "0".repeat(26)).replace("*", "packs/a");
      const response = await fetch(url + named, {
        method,
        headers: { "accept-language": "zh-CN", "content-type": "application/json" },
        ...(method === "GET" || method === "DELETE" ? {} : { body: "{}" }),
      });
      const said = (await response.text()).replace(/"serverTime":\d+/, "");
      return [route, response.status, response.headers.get("content-type"), said];
    };
    for (const { route } of routesOf(await documentOf(cells.gateway.url)))
      expect(await answerOf(cells.gateway.url, route)).toEqual(await answerOf(cells.urlOf(0), route));
  });

  test("of those between cells is found neither through the gateway, whatever is shown, nor without the key", async () => {
    const paths = [
      "/v1/cell",
      "/v1/%63ell",
      "/v1/cell/",
      "/v1%2Fcell/family-help",
      "/v1/cell/family-keys/a?b",
    ];
    for (const path of paths) {
      const response = await fetch(cells.gateway.url + path, { headers: { "keepsake-cells-key": cellsKey } });
      expect([path, response.status]).toEqual([path, 404]);
    }
    const absolute = `GET ${cells.urlOf(0)}/v1/cell HTTP/1.1`;
    const shown = `keepsake-cells-key: ${cellsKey}`;
    expect(await raw([absolute, shown])).toMatch(/^HTTP\/1\.1 404 /);
    const direct = (headers: Record<string, string>) => fetch(`${cells.urlOf(0)}/v1/cell`, { headers });
    expect((await direct({})).status).toBe(404);
    expect((await direct({ "keepsake-cells-key": `${cellsKey}x` })).status).toBe(404);
    const own = await direct({ "keepsake-cells-key": cellsKey });
    expect([own.status, await own.json()]).toEqual([200, { cell: 0 }]);
    const list = (key: string) =>
      fetch(`${cells.gateway.directory}/v1/directory/list`, {
        method: "POST",
        headers: { "keepsake-cells-key": key, "content-type": "application/json" },
        body: JSON.stringify({ cell: 0, after: "" }),
      });
    expect([(await list("")).status, (await list(cellsKey)).status]).toEqual([404, 200]);
  });
});

describe("through the gateway", () => {
  test("objects go and come whole, in ranges and in pieces, and heads have receipts", async () => {
    const { connection } = member;
    const vault = await member.newVault();
    const { receiptKey } = await cells.connection.call("GET /v1/server");
    let anchor: ReceiptAnchor | undefined;
    const store = serverStore({
      connection,
      vault,
      onReceipt: async (receipt) => {
        anchor = followReceipt(await checkReceipt(nodePrimitives, { receipt, receiptKey, vault }), anchor);
      },
    });
    const large = new Uint8Array(randomBytes(3_000_000));
    expect(await store.put("packs/large", large)).toBe("stored");
    expect(await store.put("packs/large", large)).toBe("exists");
    expect(sha256((await store.get("packs/large"))!)).toBe(sha256(large));
    const range = await store.get("packs/large", { offset: 1_000_000, length: 5000 });
    expect(range).toEqual(large.slice(1_000_000, 1_005_000));
    for (const number of [1, 2]) await store.put(`heads/000000000${number}`, someBytes(700, number));
    expect(anchor?.number).toBe(2);

    const bytes = someBytes(200_000, 5);
    const objects = [{ name: "packs/pieces", sizeBytes: bytes.length, sha256: sha256(bytes) }];
    const { uploads } = await connection.call("POST /v1/vaults/{vault}/uploads", {
      params: { vault },
      body: { objects },
    });
    const { id, url } = uploads[0]!;
    for (const [from, to] of [
      [0, 90_000],
      [90_000, 200_000],
    ] as const)
      await connection.send({
        method: "PUT",
        path: url,
        bytes: bytes.slice(from, to),
        headers: { "upload-offset": String(from) },
      });
    await connection.call("POST /v1/commits", { body: { uploads: [id] } });
    expect(await store.get("packs/pieces")).toEqual(bytes);
    expect(await listed(store)).toContain("packs/pieces");
  });

  test("another device hears of a head within two seconds", async () => {
    const { connection } = member;
    const vault = await member.newVault();
    const stream = await connection.send({ method: "GET", path: "/v1/events/stream" });
    const reader = stream.body!.pipeThrough(new TextDecoderStream()).getReader();
    await reader.read();
    const beganMs = performance.now();
    await serverStore({ connection, vault }).put("heads/0000000001", someBytes(700));
    let heard = "";
    while (!heard.includes("head-stored")) heard += (await reader.read()).value ?? "";
    expect(performance.now() - beganMs).toBeLessThan(2000);
    await reader.cancel();
  });

  test("a body that waits to be asked for is asked for, and who may not send is told so", async () => {
    const waiting = httpRequest(`${cells.gateway.url}/v1/vaults/${"0".repeat(26)}/objects/packs/a`, {
      method: "PUT",
      headers: {
        "content-type": "application/octet-stream",
        "content-length": 50_000,
        expect: "100-continue",
      },
    });
    const [asked, answered] = [once(waiting, "continue"), once(waiting, "response")];
    waiting.flushHeaders();
    await asked;
    waiting.end(Buffer.alloc(50_000));
    const [refused] = (await answered) as [IncomingMessage];
    expect(refused.statusCode).toBe(401);
    refused.resume();
  });

  test("what anybody sends is looked into up to 64 KiB, and refused beyond it", async () => {
    const post = (body: string) =>
      fetch(`${cells.gateway.url}/v1/login/start`, {
        method: "POST",
        headers: { "content-type": "application/json", "accept-language": "zh" },
        body,
      });
    const large = await post(JSON.stringify({ name: "a".repeat(70_000) }));
    expect([large.status, large.headers.get("content-type"), await large.json()]).toEqual([
      413,
      "application/problem+json; charset=utf-8",
      expect.objectContaining({
        code: "request.too-large",
        title: expect.stringContaining("请求") as string,
      }),
    ]);
    const chunks = Array.from({ length: 3 }, () => `7530\r\n${"a".repeat(30_000)}\r\n`);
    const head = ["POST /v1/login/start HTTP/1.1", "content-type: application/json"];
    const chunked = await raw([...head, "transfer-encoding: chunked"], `${chunks.join("")}0\r\n\r\n`);
    expect(chunked).toMatch(/^HTTP\/1\.1 413 /);
    const half = connect(Number(new URL(cells.gateway.url).port), "127.0.0.1");
    half.write([...head, "host: a", "content-length: 100", "", "{"].join("\r\n"));
    await setTimeout(50);
    half.destroy();
    await setTimeout(50);
    const faults = cells.gatewayLogged.filter((event) => "event" in event && event.event === "fault");
    expect(faults).toEqual([]);
    for (const body of ["", "{", "[]", "7", '{"name":7}']) expect((await post(body)).status).toBe(400);
  });
});

/** A gateway whose one cell is what the test says. */
async function withCell(answer: (request: IncomingMessage, response: ServerResponse) => void) {
  const cell: Server = createServer(answer).listen(0, "127.0.0.1");
  await once(cell, "listening");
  const url = `http://127.0.0.1:${(cell.address() as AddressInfo).port}`;
  const own = await startCells({ areStarted: false, gatewaySettings: { KEEPSAKE_CELLS: `0=${url}` } });
  onTestFinished(async () => {
    cell.closeAllConnections();
    cell.close();
    await own[Symbol.asyncDispose]();
  });
  return own;
}

describe("a gateway", () => {
  test("takes no more of a body than the cell does", async () => {
    const own = await withCell(() => undefined);
    const body = Buffer.alloc(64_000_000);
    const before = process.memoryUsage().arrayBuffers;
    const upload = httpRequest(`${own.gateway.url}/v1/uploads/a`, {
      method: "PUT",
      headers: { "content-length": body.length, authorization: "Keepsake x" },
    });
    upload.on("error", () => undefined);
    upload.end(body);
    await setTimeout(700);
    // What lies in the sockets' own buffers is the kernel's.
    expect(upload.socket!.bytesWritten - upload.socket!.writableLength).toBeLessThan(body.length / 2);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(body.length / 8);
    upload.destroy();
  });

  test("says where a request came from, whatever the client says, and passes nothing of one connection on", async () => {
    const heard: IncomingMessage[] = [];
    const own = await withCell((request, response) => {
      heard.push(request);
      response.writeHead(200, { "keepsake-cell": "7", "x-more": "yes", "keep-alive": "timeout=9" }).end("{}");
    });
    const response = await fetch(`${own.gateway.url}/v1/member?a=%20b`, {
      headers: {
        "x-forwarded-for": "6.6.6.6",
        "x-forwarded-host": "evil.example",
        forwarded: "for=6.6.6.6",
        "keepsake-cells-key": cellsKey,
        te: "trailers",
      },
    });
    expect([response.headers.get("keepsake-cell"), response.headers.get("x-more")]).toEqual([null, "yes"]);
    expect((await fetch(`${own.gateway.url}/v1/%63ell/family-help`)).status).toBe(404);
    const [{ url, headers }, ...more] = heard as [IncomingMessage];
    expect(more).toEqual([]);
    expect(url).toBe("/v1/member?a=%20b");
    expect(headers).toMatchObject({ "x-forwarded-for": "127.0.0.1", "x-forwarded-proto": "http" });
    expect(headers["x-forwarded-host"]).toBe(new URL(own.gateway.url).host);
    for (const name of ["forwarded", "keepsake-cells-key", "te"]) expect(headers[name]).toBeUndefined();
  });

  test("leaves a cell when the client goes, and the client when the cell goes", async () => {
    const left = Promise.withResolvers<void>();
    const own = await withCell((request, response) => {
      response.writeHead(200, { "content-length": 1000 });
      response.write("some");
      response.once("close", () => left.resolve());
      if (request.url === "/v1/breaks")
        setTimeout(50).then(
          () => response.destroy(),
          () => undefined,
        );
    });
    const away = new AbortController();
    const listening = await fetch(`${own.gateway.url}/v1/member`, { signal: away.signal });
    away.abort();
    await left.promise;
    await expect(listening.text()).rejects.toThrow();
    await expect(fetch(`${own.gateway.url}/v1/breaks`).then((answer) => answer.text())).rejects.toThrow();
  });

  test("stops when it is asked to: a request under way ends, a stream of events as well", async () => {
    const own = await withCell((request, response) => {
      if (request.url === "/v1/events/stream")
        return void response.writeHead(200, { "content-type": "text/event-stream" }).write(":\n\n");
      void setTimeout(300).then(() => response.end("late"));
    });
    const stream = await fetch(`${own.gateway.url}/v1/events/stream`);
    const late = fetch(`${own.gateway.url}/v1/member`);
    await setTimeout(100);
    const beganMs = performance.now();
    await Promise.all([own.gateway.stop(), expect(stream.text()).resolves.toBe(":\n\n")]);
    expect(await (await late).text()).toBe("late");
    expect(performance.now() - beganMs).toBeLessThan(1500);
  });
});

describe("a cell that is away", () => {
  const answers = async (path: string, headers: Readonly<Record<string, string>> = {}) => {
    const response = await fetch(cells.gateway.url + path, { headers });
    return { response, status: response.status, json: (await response.json()) as Record<string, unknown> };
  };

  test("is told to its own members alone, and is there again once it is back", async () => {
    const [here, there] = [await cells.memberIn(0, "stays-here"), await cells.memberIn(1, "was-there")];
    await cells.stopCell(1);
    await expect(there.connection.call("GET /v1/member")).rejects.toMatchObject({
      code: "server.cell-away",
      retry: "later",
    });
    for (let time = 0; time < 10; time++) {
      await here.connection.call("GET /v1/member");
      await cells.connection.call("GET /v1/server");
      await cells.connection.call("POST /v1/passkeys/login/start").catch(({ code }: { code: string }) => {
        expect(code).toBe("member.no-passkeys");
      });
    }
    const { response, status, json } = await answers("/v1/member", {
      authorization: `Keepsake ${there.membership.token}`,
      "accept-language": "zh-CN",
    });
    expect([status, response.headers.get("retry-after"), json]).toEqual([
      503,
      "5",
      expect.objectContaining({ code: "server.cell-away", title: expect.stringMatching(/服务器/) as string }),
    ]);
    expect(await answers("/ready")).toMatchObject({
      status: 200,
      json: { status: "ready", directory: true, cells: { "0": true, "1": false } },
    });
    // New members go where somebody is.
    expect(await cells.memberIn(0)).toBeDefined();
    await cells.startCell(1);
    expect((await there.connection.call("GET /v1/member")).member).toBe(there.membership.member);
    const events = cells.gatewayLogged.map((event) => ({ ...event }) as Record<string, unknown>);
    expect(events.filter(({ event }) => String(event).startsWith("cell-"))).toEqual([
      { event: "cell-away", cell: 1 },
      { event: "cell-back", cell: 1 },
    ]);
    await setTimeout(1100);
    expect(await answers("/ready")).toMatchObject({ json: { cells: { "0": true, "1": true } } });
    expect(await answers("/health")).toMatchObject({ status: 200, json: { status: "ok" } });
  });
});

test("the words of the gateway's log and numbers name nobody", async () => {
  const canaries = [
    member.membership.token,
    member.membership.member,
    bytesToHex(member.membership.deviceSeed),
  ];
  const said = JSON.stringify(cells.gatewayLogged);
  for (const canary of canaries) expect(said).not.toContain(canary);
  expect(cells.gatewayLogged.length).toBeGreaterThan(0);
});
