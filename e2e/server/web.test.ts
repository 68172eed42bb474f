import { once } from "node:events";
import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { request, type IncomingHttpHeaders, type IncomingMessage } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { KeepsakeError } from "../../packages/core/src/base/index.ts";
import { compressBeside } from "../../tools/web/compress.ts";
import { HASHES, hashFolder } from "../../tools/web/hashes.ts";
import { startTestServer, type TestServer } from "./serving.ts";

const script = `console.log("${"a script of ours ".repeat(60)}");\n`;
const page = `<!doctype html><title>念存</title><script src="/assets/index-1a2b3c4d.js"></script>${"<p>".repeat(99)}\n`;
const files: Readonly<Record<string, string>> = {
  "index.html": page,
  "offline.js": script,
  "app.webmanifest": "{}\n",
  "assets/index-1a2b3c4d.js": script,
  "assets/icon-1a2b3c4d.svg": "<svg xmlns='http://www.w3.org/2000/svg'/>\n",
};

let folder: string;
let server: TestServer;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "keepsake-web-"));
  await makeBuild(join(folder, "web"));
  await writeFile(join(folder, "web", "built-from.txt"), "not for anybody");
  await writeFile(join(folder, "secrets.json"), "secret");
  server = await startTestServer({ KEEPSAKE_WEB: join(folder, "web") });
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

/** A build as `npm run build` makes them, of a few files. */
async function makeBuild(web: string): Promise<void> {
  await mkdir(join(web, "assets"), { recursive: true });
  for (const [path, text] of Object.entries(files)) await writeFile(join(web, path), text);
  const hashes = await hashFolder(web);
  await writeFile(join(web, HASHES), JSON.stringify(hashes));
  for (const path of Object.keys(files)) await compressBeside(join(web, path), join(folder, "cache"));
}

interface Answer {
  readonly status: number | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly bytes: Buffer;
}

/** Asks as it stands here: `fetch` would put paths in order, and open what comes compressed. */
async function ask(
  path: string,
  headers: Readonly<Record<string, string>> = {},
  method = "GET",
): Promise<Answer> {
  const asked = request(`${server.url}`, { method, headers, path, agent: false }).end();
  const [answer] = (await once(asked, "response")) as [IncomingMessage];
  const bytes = Buffer.concat(await answer.toArray());
  return { status: answer.statusCode, headers: answer.headers, bytes };
}

function opened(encoding: string | undefined, bytes: Buffer): Buffer {
  if (encoding === "br") return brotliDecompressSync(bytes);
  return encoding === "gzip" ? gunzipSync(bytes) : bytes;
}

test("the page and its files come with a policy that lets nothing of others in", async () => {
  for (const path of [
    "/",
    "/index.html",
    "/offline.js",
    "/assets/index-1a2b3c4d.js",
    "/assets/icon-1a2b3c4d.svg",
  ]) {
    const { status, headers } = await ask(path);
    expect([path, status, headers]).toEqual([
      path,
      200,
      expect.objectContaining({
        "content-security-policy":
          "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' blob:; " +
          "media-src 'self' blob:; font-src 'self'; connect-src 'self'; worker-src 'self'; manifest-src 'self'; " +
          "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; " +
          "require-trusted-types-for 'script'; trusted-types keepsake",
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-embedder-policy": "require-corp",
        "cross-origin-resource-policy": "same-origin",
        "permissions-policy": expect.stringMatching(/camera=\(self\).*microphone=\(\)/),
        "referrer-policy": "no-referrer",
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY",
      }),
    ]);
    expect(headers).not.toHaveProperty("strict-transport-security");
  }
});

test.each([
  ["/", "text/html; charset=utf-8"],
  ["/offline.js", "text/javascript; charset=utf-8"],
  ["/app.webmanifest", "application/manifest+json; charset=utf-8"],
  ["/hashes.json", "application/json; charset=utf-8"],
  ["/assets/icon-1a2b3c4d.svg", "image/svg+xml; charset=utf-8"],
])("%s is %s", async (path, type) => {
  expect((await ask(path)).headers["content-type"]).toBe(type);
});

test.each([
  [undefined, undefined],
  ["", undefined],
  ["identity", undefined],
  ["gzip, deflate, br, zstd", "br"],
  ["GZIP;q=1.0", "gzip"],
  ["br;q=0, gzip;q=0.5", "gzip"],
  ["br;q=0,gzip;q=0", undefined],
  ["brotli, x;y, ;;;", undefined],
])("who takes %j is sent %s", async (taken, sent) => {
  const { headers, bytes } = await ask("/", taken === undefined ? {} : { "accept-encoding": taken });
  expect(headers["content-encoding"]).toBe(sent);
  expect(headers.vary).toBe("accept-encoding");
  expect(headers["content-length"]).toBe(String(bytes.length));
  const plain = opened(sent, bytes);
  expect(plain.toString()).toBe(page);
});

test("what has its hash in its name is kept for ever, all else is asked for again each time", async () => {
  const hashed = await ask("/assets/index-1a2b3c4d.js");
  expect(hashed.headers["cache-control"]).toBe("public, max-age=31536000, immutable");
  for (const path of ["/", "/offline.js", "/app.webmanifest", "/hashes.json"]) {
    const first = await ask(path, { "accept-encoding": "br" });
    expect([path, first.headers["cache-control"]]).toEqual([path, "no-cache"]);
    const { etag = "" } = first.headers;
    const again = await ask(path, { "accept-encoding": "br", "if-none-match": `"x", W/${etag}` });
    expect([path, again.status, again.bytes.length, again.headers.etag]).toEqual([path, 304, 0, etag]);
    expect(again.headers).toHaveProperty("content-security-policy");
    const other = await ask(path, { "accept-encoding": "br", "if-none-match": `${etag.slice(0, -2)}0"` });
    expect([path, other.status]).toEqual([path, 200]);
  }
  const compressed = await ask("/", { "accept-encoding": "br" });
  const plain = await ask("/", { "if-none-match": compressed.headers.etag! });
  expect(plain.status).toBe(200);
});

test("HEAD answers as GET would, without the body", async () => {
  for (const path of ["/", "/assets/index-1a2b3c4d.js"]) {
    const [head, whole] = [await ask(path, {}, "HEAD"), await ask(path)];
    const { date: _date, ...headers } = head.headers;
    expect([head.status, head.bytes.length]).toEqual([200, 0]);
    expect(whole.headers).toMatchObject(headers);
    expect(headers["content-length"]).toBe(String(whole.bytes.length));
  }
});

test.each([
  "/built-from.txt",
  "/index.html.br",
  "/assets/index-1a2b3c4d.js.gz",
  "/assets",
  "/assets/",
  "/assets/nothing.js",
  "/../secrets.json",
  "/assets/../../secrets.json",
  "/assets/..%2f..%2fsecrets.json",
  "/assets/%2e%2e/%2e%2e/secrets.json",
  "/assets/..%5c..%5csecrets.json",
  "/assets/%00",
  "/assets/%ff",
  "//index.html",
  "/./index.html",
  "/assets/constructor",
  "/assets/__proto__",
  "/assets/LONG.js",
])("%s is not there, and says so as everything does", async (path) => {
  const { status, headers, bytes } = await ask(path.replace("LONG", "a".repeat(5000)));
  expect([status, headers["content-type"]]).toEqual([404, "application/problem+json; charset=utf-8"]);
  expect(JSON.parse(bytes.toString())).toMatchObject({ code: "request.not-found" });
  expect(headers["cache-control"]).toBe("no-store");
});

test("files are not written to, and what the server answers beside them is as it was", async () => {
  expect((await ask("/", {}, "POST")).status).toBe(404);
  expect((await ask("/assets/index-1a2b3c4d.js", {}, "DELETE")).status).toBe(404);
  expect((await ask("/health")).status).toBe(200);
  expect((await ask("/docs")).headers["content-security-policy"]).toContain("'unsafe-inline'");
  expect((await ask("/docs")).headers["cache-control"]).toBe("no-store");
});

test("files that a browser without the app shares are not taken, and nothing of them is read", async () => {
  const asked = request(`${server.url}/share`, {
    method: "POST",
    headers: { "content-type": "multipart/form-data; boundary=x", "content-length": "1000000000" },
    agent: false,
  });
  asked.on("error", () => undefined);
  asked.write("--x\r\n");
  const [answer] = (await once(asked, "response")) as [IncomingMessage];
  expect([answer.statusCode, answer.headers.location]).toEqual([303, "/#/sources?shared=failed"]);
  expect(answer.headers.connection).toBe("close");
  asked.destroy();
  expect((await ask("/share")).status).toBe(404);
});

test("a page costs its address little, and is not for nothing either", async () => {
  await using own = await startTestServer({
    KEEPSAKE_WEB: join(folder, "web"),
    KEEPSAKE_REQUESTS_PER_ADDRESS: "1",
  });
  const statuses: number[] = [];
  for (let i = 0; i < 60; i++) statuses.push((await fetch(own.url)).status);
  const passed = statuses.indexOf(429);
  expect(passed).toBeGreaterThanOrEqual(40);
  expect(statuses[passed]).toBe(429);
});

test("the policy names the object store and the guards that clients go to themselves", async () => {
  await using own = await startTestServer({
    KEEPSAKE_WEB: join(folder, "web"),
    KEEPSAKE_OBJECTS: "s3://bucket?endpoint=https://objects.example:8333",
    KEEPSAKE_S3_ACCESS_KEY_ID: "id",
    KEEPSAKE_S3_SECRET_ACCESS_KEY: "key",
    KEEPSAKE_GUARDS: "self,https://guard.example/",
  });
  const { headers } = await fetch(own.url);
  const [, connect] = /connect-src ([^;]+);/.exec(headers.get("content-security-policy")!)!;
  expect(connect).toBe("'self' https://objects.example:8333 https://guard.example");
});

test("who came over TLS is told to come no other way", async () => {
  const web = { KEEPSAKE_WEB: join(folder, "web") };
  const name = "strict-transport-security";
  await using own = await startTestServer({ ...web, KEEPSAKE_PUBLIC_URL: "https://keepsake.example" });
  expect((await fetch(own.url)).headers.get(name)).toBe("max-age=31536000");
  await using proxied = await startTestServer({ ...web, KEEPSAKE_BEHIND_PROXY: "yes" });
  const over = (scheme: string) => fetch(proxied.url, { headers: { "x-forwarded-proto": scheme } });
  expect((await over("https")).headers.get(name)).toBe("max-age=31536000");
  expect((await over("http")).headers.get(name)).toBeNull();
});

test("without a build there is the plain page, and a folder that holds none ends the start", async () => {
  await using own = await startTestServer({ KEEPSAKE_WEB: "" });
  expect(await (await fetch(own.url)).text()).toContain("Keepsake server");
  expect((await fetch(`${own.url}/assets/index-1a2b3c4d.js`)).status).toBe(404);
  const refusedFor = async (web: string): Promise<unknown> => {
    const error = await startTestServer({ KEEPSAKE_WEB: web }).catch((cause: unknown) => cause);
    return KeepsakeError.is(error, "base.invalid") ? error.details : error;
  };
  expect(await refusedFor(join(folder, "nowhere"))).toEqual({ name: "KEEPSAKE_WEB", file: "hashes.json" });
  const broken = join(folder, "broken");
  await cp(join(folder, "web"), broken, { recursive: true });
  await writeFile(join(broken, "offline.js"), "alert(1)");
  expect(await refusedFor(broken)).toEqual({ name: "KEEPSAKE_WEB", file: "offline.js" });
  await rm(join(broken, "offline.js"));
  expect(await refusedFor(broken)).toEqual({ name: "KEEPSAKE_WEB", file: "offline.js" });
  await writeFile(join(broken, HASHES), JSON.stringify({ files: { "../secrets.json": "" } }));
  expect(await refusedFor(broken)).toEqual({ name: "KEEPSAKE_WEB", file: "../secrets.json" });
  await writeFile(join(broken, HASHES), "no json");
  expect(await refusedFor(broken)).toEqual({ name: "KEEPSAKE_WEB", file: "hashes.json" });
});
