import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { bytesToHex } from "../../packages/core/src/base/index.ts";
import { logIn, serverStore } from "../../packages/core/src/client/index.ts";
import { nodePrimitives } from "../../packages/core/src/platform/node/index.ts";
import { retryStore } from "../../packages/core/src/vault/store/index.ts";
import { someBytes, storeConformance } from "../../packages/core/testing/stores/conformance.ts";
import { parseConfig } from "../../packages/server/src/config.ts";
import { examine } from "../../packages/server/src/operator/doctor.ts";
import { isBlobKey } from "../../packages/server/src/vaults/ownership.ts";
import { reconcile } from "../../packages/server/src/vaults/reconcile.ts";
import { sweep } from "../../packages/server/src/vaults/sweep.ts";
import { hasScaledParts, startScaledParts, type ScaledParts } from "./scaled.ts";
import { password, startTestServer, type TestServer } from "./serving.ts";

const STARTING_MS = 120_000;

describe.skipIf(!hasScaledParts())("servers on PostgreSQL and S3", () => {
  let parts: ScaledParts;
  let settings: Readonly<Record<string, string>>;
  let first: TestServer;
  beforeAll(async () => {
    parts = await startScaledParts();
    first = await another(await parts.fresh());
  }, STARTING_MS);
  afterAll(async () => {
    await first[Symbol.asyncDispose]();
    await parts[Symbol.asyncDispose]();
  });
  beforeEach(async () => void (settings = await parts.fresh()));

  /** A process of its own, as far as the parts can tell; the secrets are shared, as an operator does. */
  async function another(on: Readonly<Record<string, string>>): Promise<TestServer> {
    return startTestServer(on);
  }

  /** Two servers of one cell, ended with the test. */
  async function pair(): Promise<readonly [TestServer, TestServer]> {
    const folder = await mkdtemp(join(tmpdir(), "keepsake-pair-"));
    const shared = { ...settings, KEEPSAKE_SECRETS_FILE: join(folder, "secrets.json") };
    const servers = [await another(shared), await another(shared)] as const;
    onTestFinished(async () => {
      for (const server of servers) await server[Symbol.asyncDispose]();
      await rm(folder, { recursive: true });
    });
    return servers;
  }

  storeConformance("a store of theirs, objects sent directly", async () => {
    const { connection, newVault } = await first.newMember();
    // As clients use it: of more bodies at once than a member may have, the rest come a little later.
    return retryStore(serverStore({ connection, vault: await newVault(), isDirect: true }));
  });

  test("two side by side are one: members, uploads, removals, sessions", async () => {
    const [a, b] = await pair();
    const { connection, membership } = await a.newMember("on-both");
    const there = b.connection.with(membership);
    const { vault } = await connection.call("POST /v1/vaults");
    const bytes = someBytes(700_000);
    const object = {
      name: "packs/a",
      sizeBytes: bytes.length,
      sha256: bytesToHex(nodePrimitives.sha256(bytes)),
    };
    const { uploads } = await connection.call("POST /v1/vaults/{vault}/uploads", {
      params: { vault },
      body: { objects: [object] },
    });
    const { id, url, method, headers } = uploads[0]!;
    expect((await fetch(url, { method, headers, body: bytes })).status).toBe(200);
    expect((await there.call("POST /v1/commits", { body: { uploads: [id] } })).outcomes).toEqual(["stored"]);
    expect(await serverStore({ connection, vault }).get("packs/a")).toEqual(bytes);
    const puts = [connection, there].flatMap((way) =>
      [1, 2, 3, 4].map((i) =>
        serverStore({ connection: way, vault }).put("heads/0000000001", someBytes(600, i)),
      ),
    );
    expect((await Promise.all(puts)).filter((outcome) => outcome === "stored")).toHaveLength(1);
    const other = await logIn(b.connection, { name: "on-both", password, platform: "cli" });
    await connection.call("DELETE /v1/devices/{id}", { params: { id: other.session } });
    await expect(b.connection.with(other).call("GET /v1/member")).rejects.toMatchObject({
      code: "member.no-session",
    });
    const { usedBytes, reservedBytes } = await there.call("GET /v1/member");
    expect([usedBytes, reservedBytes]).toEqual([700_600, 0]);
  });

  test("doctor finds all parts well, and says which of them is not", async () => {
    const folder = await mkdtemp(join(tmpdir(), "keepsake-looked-at-"));
    onTestFinished(() => rm(folder, { recursive: true }));
    const look = async (change: Readonly<Record<string, string>> = {}): Promise<readonly string[]> => {
      const found: string[] = [];
      const config = parseConfig({ KEEPSAKE_DATA: folder, ...settings, ...change });
      for await (const { part, isGood } of examine(config)) found.push(`${part} ${isGood}`);
      return found;
    };
    const well = [
      "database true",
      "secrets true",
      "day keys true",
      "objects true",
      "direct true",
      "disk true",
    ];
    expect(await look()).toEqual(well);
    const wrong = await look({ KEEPSAKE_S3_SECRET_ACCESS_KEY: "wrong" });
    expect(wrong).toEqual(well.map((line) => line.replace(/(objects|direct) true/, "$1 false")));
    expect(await look({ KEEPSAKE_POSTGRES: "postgres://nobody@127.0.0.1:1/none" })).toContain(
      "database false",
    );
  });

  test("room is never given twice by two of them", async () => {
    settings = { ...settings, KEEPSAKE_QUOTA_BYTES: "1000000" };
    const [a, b] = await pair();
    const { connection, membership, newVault } = await a.newMember();
    const vault = await newVault();
    const stores = [connection, b.connection.with(membership)].map((way) =>
      serverStore({ connection: way, vault }),
    );
    const puts = await Promise.allSettled(
      Array.from({ length: 24 }, (_, i) => stores[i % 2]!.put(`packs/n${i}`, someBytes(100_000, i))),
    );
    expect(puts.filter(({ status }) => status === "fulfilled")).toHaveLength(10);
  });

  test("a slow upload that lands after its sweep is found by reconciling, and removed", async () => {
    let nowMs = Date.now();
    await using server = await startTestServer(settings, { now: () => nowMs });
    const { connection, newVault } = await server.newMember();
    const vault = await newVault();
    const bytes = someBytes(300_000);
    const object = {
      name: "packs/a",
      sizeBytes: bytes.length,
      sha256: bytesToHex(nodePrimitives.sha256(bytes)),
    };
    const { uploads } = await connection.call("POST /v1/vaults/{vault}/uploads", {
      params: { vault },
      body: { objects: [object] },
    });
    const { url, method, headers } = uploads[0]!;
    nowMs += 3 * 60 * 60_000;
    await sweep(server.server);
    nowMs += 3 * 60 * 60_000;
    await sweep(server.server);
    expect((await fetch(url, { method, headers, body: bytes })).status).toBe(200);
    nowMs += 31 * 24 * 60 * 60_000;
    expect(await reconcile(server.server)).toEqual({ orphans: 1, missing: 0 });
    nowMs += 2 * 60 * 60_000;
    await sweep(server.server);
    const left: string[] = [];
    for await (const { key } of server.server.blobs.list()) left.push(key);
    expect(left.filter(isBlobKey)).toEqual([]);
  });
});
