import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout } from "node:timers/promises";
import { afterEach, describe, expect, test } from "vitest";
import { nodePrimitives } from "../platform/node/primitives.ts";
import { listed, someBytes } from "../../testing/stores/conformance.ts";
import type { S3Options } from "./bucket.ts";
import { requireExclusivePuts } from "./probe.ts";
import { s3Store } from "./store.ts";

type Handler = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  }
});

/** A service that does as the handler does. */
async function service(handler: Handler): Promise<S3Options> {
  const server = createServer((request, response) => void handler(request, response));
  servers.push(server);
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  const credentials = { accessKeyId: "a", secretAccessKey: "b" };
  const endpoint = `http://127.0.0.1:${port}`;
  return { endpoint, region: "r", bucket: "bucket", prefix: "", isVirtual: false, credentials };
}

const answering =
  (status: number, body = "", headers: Readonly<Record<string, string>> = {}): Handler =>
  (request, response) => {
    request.resume();
    response.writeHead(status, headers).end(body);
  };

const errorXml = (code: string, more = ""): string => `<Error><Code>${code}</Code>${more}</Error>`;
const store = (options: S3Options): ReturnType<typeof s3Store> => s3Store(options, nodePrimitives);

describe("a service that refuses", () => {
  const refusals: readonly (readonly [status: number, body: string, wanted: object])[] = [
    [403, errorXml("AccessDenied"), { code: "store.denied", retry: "never" }],
    [403, "", { code: "store.denied", retry: "never" }],
    [403, errorXml("ExpiredToken"), { code: "store.wrong-key", retry: "never" }],
    [403, errorXml("QuotaExceeded"), { code: "store.full", retry: "never" }],
    [507, "", { code: "store.full", retry: "never" }],
    [404, errorXml("NoSuchBucket"), { code: "store.no-bucket", retry: "never" }],
    [404, "<html><body>Not here</body></html>", { code: "store.bad-answer", retry: "never" }],
    [400, errorXml("BadDigest"), { code: "store.unavailable", retry: "now" }],
    [400, errorXml("RequestTimeout"), { code: "store.unavailable", retry: "later" }],
    [409, errorXml("ConditionalRequestConflict"), { code: "store.unavailable", retry: "later" }],
    [503, errorXml("SlowDown"), { code: "store.unavailable", retry: "later" }],
    [502, "<html>Bad gateway</html>", { code: "store.unavailable", retry: "later" }],
    [501, errorXml("NotImplemented"), { code: "store.unsafe", retry: "never" }],
    [
      400,
      errorXml("AuthorizationHeaderMalformed", "<Region>eu-west-1</Region>"),
      { code: "store.wrong-region", details: { region: "eu-west-1" } },
    ],
    [418, errorXml("Teapot"), { code: "store.bad-answer", details: { status: 418, name: "Teapot" } }],
  ];

  test.each(refusals)("with %s %s says what that means", async (status, body, wanted) => {
    const options = await service(answering(status, body));
    const calls = [
      () => store(options).put("packs/a", someBytes(3)),
      () => store(options).get("packs/a"),
      () => store(options).remove("packs/a"),
      () => listed(store(options)),
    ];
    for (const call of calls) await expect(call()).rejects.toMatchObject(wanted);
  });

  test("is not followed elsewhere", async () => {
    let asked = 0;
    const other = await service((request, response) => (asked++, answering(200, "x")(request, response)));
    const location = `${other.endpoint}/bucket/packs/a`;
    for (const status of [301, 302, 307]) {
      const options = await service(answering(status, "", { location, "x-amz-bucket-region": "cn-1" }));
      await expect(store(options).get("packs/a")).rejects.toMatchObject({
        code: "store.wrong-region",
        details: { region: "cn-1" },
      });
    }
    expect(asked).toBe(0);
  });

  test("cannot make its own words stand in an error", async () => {
    const options = await service(answering(400, errorXml("secret text <b/>", "<Region>../x y</Region>")));
    await expect(store(options).get("packs/a")).rejects.toMatchObject({ details: { status: 400 } });
  });
});

describe("a service that is no S3 service", () => {
  test("is told by its listing", async () => {
    for (const body of ["<html><body>Please log in</body></html>", "", "<ListBucketResult>", "{}"]) {
      const options = await service(answering(200, body));
      await expect(listed(store(options))).rejects.toMatchObject({ code: "store.bad-answer" });
    }
  });

  test("does not fill the memory", async () => {
    const options = await service(async (_, response) => {
      const block = Buffer.alloc(1024 * 1024);
      while (!response.destroyed) {
        if (!response.write(block)) await setTimeout(1);
      }
    });
    await expect(store(options).get("packs/a")).rejects.toMatchObject({ code: "store.bad-answer" });
    await expect(listed(store(options))).rejects.toMatchObject({ code: "store.bad-answer" });
  });

  test("that lists without end or order is refused", async () => {
    const key = (name: string): string => `<Contents><Key>${name}</Key><Size>1</Size></Contents>`;
    const endless = `<ListBucketResult>${key("packs/a")}<IsTruncated>true</IsTruncated><NextContinuationToken>t</NextContinuationToken></ListBucketResult>`;
    const unordered = `<ListBucketResult>${key("packs/b")}${key("packs/a")}</ListBucketResult>`;
    for (const body of [endless, unordered]) {
      const options = await service(answering(200, body));
      await expect(listed(store(options))).rejects.toMatchObject({ code: "store.bad-answer" });
    }
  });
});

describe("a service that falls silent", () => {
  const silences: readonly (readonly [string, Handler])[] = [
    ["before it answers", () => undefined],
    ["amid its answer", (_, response) => void response.writeHead(200, { "content-length": "9" }).write("a")],
  ];

  test.each(silences)("%s counts as gone after a while", async (_, handler) => {
    const options = { ...(await service(handler)), silenceMs: 200 };
    await expect(store(options).get("packs/a")).rejects.toMatchObject({
      code: "store.unavailable",
      retry: "later",
      details: { error: "timeout" },
    });
  });

  test.each(silences)("%s is left at once when the caller wants it no more", async (_, handler) => {
    const options = await service(handler);
    const stop = new AbortController();
    const got = store(options).get("packs/a", undefined, { signal: stop.signal });
    await setTimeout(50);
    stop.abort();
    await expect(got).rejects.toMatchObject({ code: "base.aborted" });
  });

  test("or breaks off has given nothing", async () => {
    const options = await service((_, response) => {
      response.writeHead(200, { "content-length": "9" }).write("abc");
      globalThis.setTimeout(() => response.destroy(), 20);
    });
    await expect(store(options).get("packs/a")).rejects.toMatchObject({ code: "store.unavailable" });
  });
});

describe("a service that does not know ranges", () => {
  test("gives the whole, of which the range is taken", async () => {
    const options = await service(answering(200, "0123456789"));
    const text = async (offset: number, length: number): Promise<string> =>
      Buffer.from((await store(options).get("packs/a", { offset, length }))!).toString();
    expect(await text(2, 3)).toBe("234");
    expect(await text(8, 9)).toBe("89");
    expect(await text(20, 9)).toBe("");
  });
});

describe("the trial of exclusive puts", () => {
  /** A small service that keeps objects in memory and stores them as `put` decides. */
  const small = (put: (isThere: () => boolean) => Promise<boolean>): Promise<S3Options> => {
    const objects = new Map<string, Buffer>();
    return service(async (request, response) => {
      const name = request.url!;
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      if (request.method === "DELETE") objects.delete(name);
      if (request.method !== "PUT") return void response.end(objects.get(name));
      if (!(await put(() => objects.has(name)))) return void response.writeHead(412).end();
      objects.set(name, Buffer.concat(chunks));
      response.end();
    });
  };

  test("is passed by one that keeps to it", async () => {
    const options = await small(async (isThere) => !isThere());
    await requireExclusivePuts(options, nodePrimitives);
  });

  test("finds one that overwrites, and one that looks first and writes after", async () => {
    const overwriting = await small(() => Promise.resolve(true));
    const racing = await small(async (isThere) => {
      const isFree = !isThere();
      await setTimeout(20);
      return isFree;
    });
    for (const options of [overwriting, racing])
      await expect(requireExclusivePuts(options, nodePrimitives)).rejects.toMatchObject({
        code: "store.unsafe",
      });
  });

  test("is repeated in small with each head and each slot document", async () => {
    let isKept = true;
    const options = await small(async (isThere) => !(isKept && isThere()));
    expect(await store(options).put("heads/1", someBytes(3))).toBe("stored");
    expect(await store(options).put("heads/1", someBytes(4))).toBe("exists");
    isKept = false;
    for (const name of ["heads/2", "slots/1"])
      await expect(store(options).put(name, someBytes(3))).rejects.toMatchObject({ code: "store.unsafe" });
    expect(await store(options).put("packs/a", someBytes(3))).toBe("stored");
  });

  test("passes on what else is wrong", async () => {
    const options = await service(answering(403, errorXml("AccessDenied")));
    await expect(requireExclusivePuts(options, nodePrimitives)).rejects.toMatchObject({
      code: "store.denied",
    });
  });
});
