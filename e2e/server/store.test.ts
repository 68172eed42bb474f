import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { bytesToHex } from "../../packages/core/src/base/index.ts";
import {
  checkReceipt,
  followReceipt,
  serverStore,
  type ReceiptAnchor,
} from "../../packages/core/src/client/index.ts";
import { nodePrimitives } from "../../packages/core/src/platform/node/index.ts";
import type { Receipt } from "../../packages/core/src/protocol/index.ts";
import { listed, someBytes, storeConformance } from "../../packages/core/testing/stores/conformance.ts";
import { startTestServer, type Member, type TestServer } from "./serving.ts";

let server: TestServer;
let member: Member;
beforeAll(async () => {
  server = await startTestServer();
  member = await server.newMember();
});
afterAll(() => server[Symbol.asyncDispose]());

storeConformance("a server's store", async () => {
  const { connection } = await server.newMember();
  const { vault } = await connection.call("POST /v1/vaults");
  return serverStore({ connection, vault });
});

describe("a vault on a server", () => {
  test("another member sees nothing of it, nor whether it is there", async () => {
    const vault = await member.newVault();
    await serverStore({ connection: member.connection, vault }).put("packs/a", someBytes(100));
    const { connection } = await server.newMember();
    const theirs = serverStore({ connection, vault });
    const nowhere = serverStore({ connection, vault: "0".repeat(26) });
    for (const store of [theirs, nowhere]) {
      const refused = { code: "member.unknown-vault" };
      await expect(store.get("packs/a")).rejects.toMatchObject(refused);
      await expect(store.put("packs/b", someBytes(1))).rejects.toMatchObject(refused);
      await expect(store.remove("packs/a")).rejects.toMatchObject(refused);
      await expect(listed(store)).rejects.toMatchObject(refused);
    }
  });

  test("each head that is taken has a receipt, signed and chained", async () => {
    const vault = await member.newVault();
    const { receiptKey } = await server.connection.call("GET /v1/server");
    const receipts: Receipt[] = [];
    let anchor: ReceiptAnchor | undefined;
    const onReceipt = async (receipt: Receipt): Promise<void> => {
      anchor = followReceipt(await checkReceipt(nodePrimitives, { receipt, receiptKey, vault }), anchor);
      receipts.push(receipt);
    };
    const store = serverStore({ connection: member.connection, vault, onReceipt });
    for (const number of ["0000000001", "0000000002", "0000000007"])
      expect(await store.put(`heads/${number}`, someBytes(700, Number(number)))).toBe("stored");
    expect(await store.put("heads/0000000002", someBytes(9))).toBe("exists");
    await store.put("slots/0000000001", someBytes(10));
    expect(receipts.map(({ number, head }) => [number, head])).toEqual([
      [1, 1],
      [2, 2],
      [3, 7],
    ]);
    expect(receipts[0]!.headHash).toBe(bytesToHex(nodePrimitives.sha256(someBytes(700, 1))));
    const told = await member.connection.call("GET /v1/vaults/{vault}/receipts", { params: { vault } });
    expect(told.receipts).toEqual(receipts);
    const check = async (receipt: Receipt): Promise<ReceiptAnchor> =>
      followReceipt(await checkReceipt(nodePrimitives, { receipt, receiptKey, vault }), anchor);
    await expect(check(receipts[1]!)).rejects.toMatchObject({ details: { why: "went-back" } });
    await expect(check({ ...receipts[2]!, atMs: 1 })).rejects.toMatchObject({
      code: "server.bad-receipt",
      details: { why: "signature" },
    });
  });

  test("downloads that are cut off while their object is looked for take no place", async () => {
    const vault = await member.newVault();
    const store = serverStore({ connection: member.connection, vault });
    const bytes = new Uint8Array([...Buffer.from("KPSK"), 1, 1, 1, 0, ...someBytes(100)]);
    await store.put("journals/a", bytes, { holdsKeys: true });
    // A disk that is slow to tell the day's key.
    const { dayKeys } = server.server;
    const of = dayKeys.of.bind(dayKeys);
    const slow = Promise.withResolvers<void>();
    let waiting = 0;
    const slowly = async (day: string) => {
      waiting++;
      await slow.promise;
      return of(day);
    };
    Object.assign(dayKeys, { of: slowly });
    const cut = new AbortController();
    const path = `/v1/vaults/${vault}/objects/journals/a`;
    const gone = Array.from({ length: 40 }, () =>
      member.connection.send({ method: "GET", path, signal: cut.signal }),
    );
    await vi.waitFor(() => expect(waiting).toBe(40));
    cut.abort();
    await Promise.allSettled(gone);
    await new Promise((done) => setTimeout(done, 300));
    slow.resolve();
    Object.assign(dayKeys, { of });
    await new Promise((done) => setTimeout(done, 300));
    expect(await store.get("journals/a", undefined, { holdsKeys: true })).toEqual(bytes);
  });

  test("what is removed lies in the trash, and comes back from there", async () => {
    const vault = await member.newVault();
    const store = serverStore({ connection: member.connection, vault });
    await store.put("packs/a", someBytes(1000));
    await store.remove("packs/a");
    expect(await store.get("packs/a")).toBeUndefined();
    const params = { vault };
    const { objects } = await member.connection.call("GET /v1/vaults/{vault}/trash", { params });
    expect(objects).toMatchObject([{ name: "packs/a", sizeBytes: 1000, session: member.membership.session }]);
    const { restored } = await member.connection.call("POST /v1/vaults/{vault}/trash/restore", {
      params,
      body: { ids: objects.map(({ id }) => id) },
    });
    expect(restored).toEqual(["packs/a"]);
    expect(await store.get("packs/a")).toEqual(someBytes(1000));
  });
});
