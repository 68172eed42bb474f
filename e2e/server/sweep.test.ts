import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { openBlobs } from "../../packages/server/src/blobs/open.ts";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { bytesToHex } from "../../packages/core/src/base/index.ts";
import { closeMembership, logIn, serverStore } from "../../packages/core/src/client/index.ts";
import { nodePrimitives } from "../../packages/core/src/platform/node/index.ts";
import { listed, someBytes } from "../../packages/core/testing/stores/conformance.ts";
import { embeddedBackup, openDb } from "../../packages/server/src/db/index.ts";
import { stepClosings } from "../../packages/server/src/members/closing/closing.ts";
import { removeClosed } from "../../packages/server/src/members/closing/remove.ts";
import { listTrash } from "../../packages/server/src/vaults/trash.ts";
import { adoptBlobs, holdBlobs, isBlobKey } from "../../packages/server/src/vaults/ownership.ts";
import { reconcile } from "../../packages/server/src/vaults/reconcile.ts";
import { sweep } from "../../packages/server/src/vaults/sweep.ts";
import { password, startTestServer, type Member, type TestServer } from "./serving.ts";

const HOUR_MS = 60 * 60_000;
const DAY_MS = 24 * HOUR_MS;

let nowMs = Date.now();
let server: TestServer;
let member: Member;
let vault: string;
beforeEach(async () => {
  nowMs = Date.now();
  server = await startTestServer({}, { now: () => nowMs });
  member = await server.newMember("sweeps");
  vault = await member.newVault();
});
afterEach(() => server[Symbol.asyncDispose]());

// What was swept is told by what is left, never by what one sweep says: the server's own goes by the same clock, and
// may have been there first.
const usage = async () => {
  const { usedBytes, reservedBytes, trashedBytes } = await member.connection.call("GET /v1/member");
  return { usedBytes, reservedBytes, trashedBytes };
};
const blobs = async () => {
  const keys: string[] = [];
  for await (const { key } of server.server.blobs.list()) if (isBlobKey(key)) keys.push(key);
  return keys;
};
const announced = (name: string, bytes: Uint8Array) => ({
  name,
  sizeBytes: bytes.length,
  sha256: bytesToHex(nodePrimitives.sha256(bytes)),
});
const reserved = async (name: string, bytes: Uint8Array) => {
  const { uploads } = await member.connection.call("POST /v1/vaults/{vault}/uploads", {
    params: { vault },
    body: { objects: [announced(name, bytes)] },
  });
  return uploads[0]!;
};
const send = async (id: string, bytes: Uint8Array<ArrayBuffer>, offset = 0) => {
  const headers = { "upload-offset": String(offset) };
  const sent = await member.connection.send({ method: "PUT", path: `/v1/uploads/${id}`, headers, bytes });
  return sent.json() as Promise<{ isWhole: boolean; offset: number }>;
};

const params = () => ({ vault });
const listTrashOf = () => member.connection.call("GET /v1/vaults/{vault}/trash", { params: params() });
const restore = (ids: string[]) =>
  member.connection.call("POST /v1/vaults/{vault}/trash/restore", { params: params(), body: { ids } });

describe("an upload in steps", () => {
  test("is sent in pieces, goes on where it was cut off, and is an object once committed", async () => {
    const bytes = someBytes(500_000);
    const { id } = await reserved("packs/a", bytes);
    expect(await usage()).toEqual({ usedBytes: 0, reservedBytes: 500_000, trashedBytes: 0 });
    expect(await send(id, bytes.slice(0, 200_000))).toEqual({ isWhole: false, offset: 200_000 });
    const commit = () => member.connection.call("POST /v1/commits", { body: { uploads: [id] } });
    await expect(commit()).rejects.toMatchObject({ code: "upload.incomplete" });
    await expect(send(id, bytes.slice(100_000), 100_000)).rejects.toMatchObject({
      code: "upload.wrong-offset",
    });
    const { offset } = await member.connection.call("GET /v1/uploads/{upload}", { params: { upload: id } });
    expect(await send(id, bytes.slice(offset), offset)).toEqual({ isWhole: true, offset: 500_000 });
    expect((await commit()).outcomes).toEqual(["stored"]);
    await expect(commit()).rejects.toMatchObject({ code: "upload.unknown" });
    expect(await usage()).toEqual({ usedBytes: 500_000, reservedBytes: 0, trashedBytes: 0 });
    expect(await serverStore({ connection: member.connection, vault }).get("packs/a")).toEqual(bytes);
  });

  test("is refused where other bytes come, or more of them", async () => {
    const bytes = someBytes(1000);
    const { id } = await reserved("packs/a", bytes);
    const wrong = { code: "upload.wrong-content" };
    await expect(send(id, someBytes(1000, 9))).rejects.toMatchObject(wrong);
    await expect(send(id, someBytes(1001))).rejects.toMatchObject(wrong);
    expect(await send(id, bytes)).toMatchObject({ isWhole: true });
  });

  test("of a name that was taken meanwhile gives its room back, and leaves no bytes", async () => {
    const bytes = someBytes(1000);
    const [first, second] = [await reserved("packs/a", bytes), await reserved("packs/a", bytes)];
    for (const { id } of [first, second]) await send(id, bytes);
    const { outcomes } = await member.connection.call("POST /v1/commits", {
      body: { uploads: [first.id, second.id] },
    });
    expect(outcomes).toEqual(["stored", "exists"]);
    expect(await usage()).toEqual({ usedBytes: 1000, reservedBytes: 0, trashedBytes: 0 });
    nowMs += 2 * HOUR_MS;
    await sweep(server.server);
    expect(await blobs()).toEqual([first.id]);
  });
});

describe("the sweep", () => {
  test("takes back what uploads reserved and never used, and their bytes", async () => {
    const bytes = someBytes(5000);
    const { id } = await reserved("packs/a", bytes);
    await send(id, bytes.slice(0, 3000));
    await sweep(server.server);
    expect(await usage()).toMatchObject({ reservedBytes: 5000 });
    nowMs += 1.1 * HOUR_MS;
    await sweep(server.server);
    await expect.poll(usage).toMatchObject({ reservedBytes: 0 });
    await expect(send(id, bytes)).rejects.toMatchObject({ code: "upload.unknown" });
    expect(await blobs()).toEqual([id]);
    nowMs += 1.1 * HOUR_MS;
    await sweep(server.server);
    await expect.poll(blobs).toEqual([]);
  });

  test("empties the trash after its days, and not before", async () => {
    const store = serverStore({ connection: member.connection, vault });
    await store.put("packs/a", someBytes(1000));
    await store.put("slots/0000000001", someBytes(500));
    await store.remove("packs/a");
    await store.remove("slots/0000000001");
    expect(await usage()).toEqual({ usedBytes: 0, reservedBytes: 0, trashedBytes: 1500 });
    for (let day = 0; day < 6.9; day += 0.5, nowMs += 0.5 * DAY_MS) {
      await sweep(server.server);
      expect(await usage()).toEqual({ usedBytes: 0, reservedBytes: 0, trashedBytes: 1500 });
    }
    expect(await blobs()).toHaveLength(1);
    nowMs += 0.2 * DAY_MS;
    await sweep(server.server);
    await expect.poll(usage).toEqual({ usedBytes: 0, reservedBytes: 0, trashedBytes: 0 });
    nowMs += 2 * HOUR_MS;
    await sweep(server.server);
    await expect.poll(blobs).toEqual([]);
  });
});

test("A43: a clock that jumps, forward or back, empties no trash, and ends no token or session", async () => {
  const store = serverStore({ connection: member.connection, vault });
  const keys = new Uint8Array([...Buffer.from("KPSK"), 1, 1, 1, 0, ...someBytes(100)]);
  await store.put("packs/k", keys, { holdsKeys: true });
  await store.put("packs/a", someBytes(1000));
  await sweep(server.server);
  await store.remove("packs/a");
  const left = async () => {
    const { query } = server.server.db;
    const trash = await query.selectFrom("trash").select("id").execute();
    const tokens = await query.selectFrom("keyToken").select("name").where("day", "!=", "").execute();
    const sessions = await query.selectFrom("session").select("id").execute();
    return { trash: trash.length, tokens: tokens.length, sessions: sessions.length };
  };
  const all = await left();
  expect(all).toMatchObject({ trash: 1, sessions: 1 });
  for (const days of [400, -400, -400, 400]) {
    nowMs += days * DAY_MS;
    for (let hour = 0; hour < 24; hour += 6, nowMs += 6 * HOUR_MS) {
      await sweep(server.server);
      expect(await left()).toEqual(all);
    }
  }
  expect(await store.get("packs/k", undefined, { holdsKeys: true })).toEqual(keys);
  const { objects } = await listTrashOf();
  await restore(objects.map(({ id }) => id));
  expect(await store.get("packs/a")).toEqual(someBytes(1000));
  // Where the clock stays as it is, the days go by.
  await store.remove("packs/a");
  const before = await left();
  for (let day = 0; day < 8; day += 0.5, nowMs += 0.5 * DAY_MS) await sweep(server.server);
  await expect.poll(left).toMatchObject({ trash: before.trash - 1, tokens: before.tokens - 1 });
});

test("sessions that nobody used for a year go, and records of notices after a month", async () => {
  const { query } = server.server.db;
  const notice = { member: "", event: 0, message: "nobody", channel: "email", language: "en", lastError: "" };
  const rows = ["sent", "failed", "queued"].map((state) => {
    const doneMs = state === "queued" ? 0 : nowMs;
    return { ...notice, id: state, state, queuedMs: nowMs, doneMs, sealed: null, sealedCode: null };
  });
  await query
    .insertInto("notice")
    .values(rows as never)
    .execute();
  const used = await logIn(server.connection, { name: member.membership.name, password, platform: "cli" });
  const left = async () => [
    (await query.selectFrom("session").select("id").execute()).map(({ id }) => id),
    (await query.selectFrom("notice").select("id").orderBy("id").execute()).map(({ id }) => id),
  ];
  await sweep(server.server);
  const days = async (count: number) => {
    for (let day = 0; day < count; day += 0.5, nowMs += DAY_MS / 2) await sweep(server.server);
  };
  await days(29);
  expect((await left())[1]).toEqual(["failed", "queued", "sent"]);
  await days(2);
  expect((await left())[1]).toEqual(["queued"]);
  await days(300);
  await server.connection.with(used).call("GET /v1/member");
  await days(34);
  expect((await left())[0]!.toSorted()).toEqual([member.membership.session, used.session].toSorted());
  await days(2);
  expect((await left())[0]).toEqual([used.session]);
});

describe("reconciling", () => {
  test("finds bytes that no row names, and rows whose bytes are gone or short", async () => {
    const store = serverStore({ connection: member.connection, vault });
    for (const name of "abcdefgh") await store.put(`packs/${name}`, someBytes(1000));
    expect(await reconcile(server.server)).toEqual({ orphans: 0, missing: 0 });
    const keys = await blobs();
    const place = (key: string): string => join(server.folder, "objects", key.slice(0, 2), key);
    const stranger = join(server.folder, "objects", "ba", "backup.tar");
    await mkdir(dirname(stranger), { recursive: true });
    await writeFile(stranger, "somebody's");
    for (const orphan of ["00orphan000000000000000000", "vvorphan000000000000000000"]) {
      await mkdir(dirname(place(orphan)), { recursive: true });
      await writeFile(place(orphan), "nobody's");
    }
    await rm(place(keys[0]!));
    await rename(place(keys.at(-1)!), join(server.folder, "away"));
    await writeFile(place(keys[3]!), "short");
    expect(await reconcile(server.server)).toEqual({ orphans: 0, missing: 3 });
    nowMs += 29 * DAY_MS;
    expect(await reconcile(server.server)).toEqual({ orphans: 0, missing: 3 });
    nowMs += 2 * DAY_MS;
    expect(await reconcile(server.server)).toEqual({ orphans: 2, missing: 3 });
    nowMs += 2 * HOUR_MS;
    await sweep(server.server);
    expect(await blobs()).toEqual(keys.slice(1, -1));
    expect((await listed(store)).length).toBe(8);
    // What is not named as blobs are is not the server's.
    expect(await readFile(stranger, "utf8")).toBe("somebody's");
  });
});

describe("a server on an older copy of the database", () => {
  /** Beside the one that lives, with the same objects. */
  const olderCopy = async () => {
    const file = join(server.folder, "older.db");
    await embeddedBackup(server.server.db, file);
    const db = await openDb({ sqlite: file });
    // A process of its own has its own way to the blobs.
    const blobs = openBlobs(server.server.config);
    return { ...server.server, db, blobs, [Symbol.asyncDispose]: () => db.close() };
  };

  test("removes nothing of what came after it, and is let in by its operator alone", async () => {
    const store = serverStore({ connection: member.connection, vault });
    await store.put("packs/a", someBytes(1000));
    await sweep(server.server);
    await using older = await olderCopy();
    await store.put("packs/b", someBytes(1000));
    await sweep(server.server);
    const all = await blobs();
    nowMs += 40 * DAY_MS;
    expect(await reconcile(older)).toEqual({ orphans: 0, missing: 0 });
    expect(await sweep(older)).toMatchObject({ blobs: 0 });
    expect(server.logged).toContainEqual(expect.objectContaining({ event: "not-our-objects" }));
    expect(await blobs()).toEqual(all);
    // Both may count on at the very same time, and then one of them has to do it again.
    await vi.waitFor(() => adoptBlobs(older));
    expect(await reconcile(older)).toEqual({ orphans: 1, missing: 0 });
    // Now the other one keeps its hands off.
    await store.remove("packs/a");
    nowMs += 8 * DAY_MS;
    await sweep(server.server);
    nowMs += 8 * DAY_MS;
    expect(await sweep(server.server)).toMatchObject({ blobs: 0 });
    expect(await blobs()).toEqual(all);
  });

  test("ends no membership, though it was to end", async () => {
    const store = serverStore({ connection: member.connection, vault });
    await store.put("packs/a", someBytes(1000));
    await sweep(server.server);
    await closeMembership(member.connection, { password });
    await using older = await olderCopy();
    // In the living one it is taken back, and goes on.
    await member.connection.call("DELETE /v1/closing");
    await sweep(server.server);
    for (let step = 0; step < 8 * 24 * 3; step++, nowMs += HOUR_MS / 3) await stepClosings(older);
    expect(await removeClosed(older)).toBe(0);
    expect(server.logged).toContainEqual(expect.objectContaining({ event: "not-our-objects" }));
    expect(await store.get("packs/a")).toEqual(someBytes(1000));
    // Two that count on at once could both be right: the other one ends before its place is taken.
    await server.stop();
    await adoptBlobs(older);
    expect(await removeClosed(older)).toBe(1);
  });

  test("of the same day, which goes on in its place, is the owner", async () => {
    const store = serverStore({ connection: member.connection, vault });
    await store.put("packs/a", someBytes(1000));
    await sweep(server.server);
    await using older = await olderCopy();
    expect(await holdBlobs(older)).toBe(true);
    expect(await holdBlobs(older)).toBe(true);
    expect(await holdBlobs(server.server)).toBe(false);
  });
});

test("what another process of the server is still writing is not taken for the blobs' owner", async () => {
  expect(await holdBlobs(server.server)).toBe(true);
  const objects = join(server.folder, "objects");
  const [marker] = await readdir(join(objects, "00"));
  // Farther on than the jobs of this one come.
  const next = String(Number(marker) + 50).padStart(marker!.length, "0");
  await writeFile(join(objects, "unfinished", next), "");
  expect(await holdBlobs(server.server)).toBe(true);
  // What a job of this one is writing just then is there for a moment too.
  await expect.poll(() => readdir(join(objects, "unfinished"))).toEqual([next]);
});

test("a put that is cut off, or is of other bytes, gives its room back at once", async () => {
  const path = `/v1/vaults/${vault}/objects/packs/cut`;
  const bytes = someBytes(100_000);
  const headers = { "keepsake-sha256": "00".repeat(32) };
  await expect(member.connection.send({ method: "PUT", path, headers, bytes })).rejects.toMatchObject({
    code: "upload.wrong-content",
  });
  await vi.waitFor(async () => expect(await usage()).toMatchObject({ reservedBytes: 0 }));
});

test("a head is put in one request, never in steps", async () => {
  await expect(reserved("heads/0000000001", someBytes(500))).rejects.toMatchObject({
    code: "request.invalid",
  });
});

test("the trash is listed to its end", async () => {
  const store = serverStore({ connection: member.connection, vault });
  for (let i = 0; i < 3; i += 1) {
    await store.put("slots/0000000001", someBytes(10, i));
    await store.remove("slots/0000000001");
    nowMs += 1;
  }
  const [newest, ...others] = await listTrash(server.server, { vault, limit: 10 });
  expect(others).toHaveLength(2);
  const after = `${newest!.removedMs}-${newest!.id}`;
  const rest = await member.connection.call("GET /v1/vaults/{vault}/trash", {
    params: { vault },
    query: { after },
  });
  expect(rest).toMatchObject({ isEnd: true, objects: others });
});

test("a trash that is larger than the plan refuses by its own name, and says until when", async () => {
  await using small = await startTestServer({ KEEPSAKE_QUOTA_BYTES: "1000000" }, { now: () => nowMs });
  const { connection, newVault } = await small.newMember();
  const store = serverStore({ connection, vault: await newVault() });
  const firstMs = nowMs;
  for (let i = 0; i < 12; i++, nowMs += 1000) {
    await store.put(`packs/t${i}`, someBytes(90_000, i));
    await store.remove(`packs/t${i}`);
  }
  const trashedBytes = 12 * 90_000;
  const freeBytes = 2 * 1_000_000 - trashedBytes;
  await store.put("packs/a", someBytes(900_000));
  const details = {
    quotaBytes: 1_000_000,
    freeBytes: freeBytes - 900_000,
    neededBytes: 70_000,
    trashedBytes,
  };
  await expect(store.put("packs/b", someBytes(70_000))).rejects.toMatchObject({
    code: "member.trash-full",
    details: { ...details, untilMs: firstMs + 7 * DAY_MS },
  });
  await sweep(small.server);
  for (; nowMs < firstMs + 7.6 * DAY_MS; nowMs += DAY_MS / 2) await sweep(small.server);
  await store.put("packs/b", someBytes(70_000));
});

test("room is never given twice, however many ask at once", async () => {
  await using small = await startTestServer({ KEEPSAKE_QUOTA_BYTES: "1000000" });
  const { connection, newVault } = await small.newMember();
  const store = serverStore({ connection, vault: await newVault() });
  const puts = await Promise.allSettled(
    Array.from({ length: 30 }, (_, i) => store.put(`packs/n${i}`, someBytes(100_000, i))),
  );
  expect(puts.filter(({ status }) => status === "fulfilled")).toHaveLength(10);
  for (const put of puts)
    if (put.status === "rejected") expect(put.reason).toMatchObject({ code: "member.over-quota" });
  const full = {
    code: "member.over-quota",
    details: { quotaBytes: 1_000_000, freeBytes: 0, neededBytes: 70_000 },
  };
  await expect(store.put("packs/last", someBytes(70_000))).rejects.toMatchObject(full);
  await store.remove("packs/n0").catch(() => undefined);
  expect(await connection.call("GET /v1/member")).toMatchObject({ reservedBytes: 0 });
});
