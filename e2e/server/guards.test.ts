import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import {
  bytesToHex,
  concatBytes,
  hexToBytes,
  KeepsakeError,
  type Bytes,
} from "../../packages/core/src/base/index.ts";
import { logIn, openGuarded, serverStore, setGuardedPassword } from "../../packages/core/src/client/index.ts";
import { putSlots } from "../../packages/core/src/history/care/copies/copy.ts";
import { nodePrimitives as primitives } from "../../packages/core/src/platform/node/index.ts";
import {
  guardedSeed,
  guardInput,
  openedToken,
  memoryStore,
  openVault,
  rotateRoot,
  type GuardOutputs,
  type Slot,
  type Store,
  type Vault,
} from "../../packages/core/src/vault/index.ts";
import { slotKeys } from "../../packages/core/src/vault/keys/hybrid.ts";
import { oprf } from "../../packages/core/testing/oprf.ts";
import { openByDevice, openByWords, vaultIn } from "../../packages/core/testing/stores/attacked-vault.ts";
import { parseGuardConfig } from "../../packages/server/src/config.ts";
import { signTicket } from "../../packages/server/src/guards/index.ts";
import { seal, unseal } from "../../packages/server/src/keys/sealed.ts";
import { serveGuard } from "../../packages/server/src/serve-guard.ts";
import type { Server } from "../../packages/server/src/server.ts";
import { receiptKey } from "../../packages/server/src/vaults/receipts.ts";
import { password as loginPassword, startTestServer, type Member, type TestServer } from "./serving.ts";

const clock = { now: () => Date.now() };
const secret = "tea for the vault";

let folder: string;
let guard: Awaited<ReturnType<typeof serveGuard>>;
/** A server whose second guard is apart, and one that is both guards itself. */
let apart: TestServer;
let alone: TestServer;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "keepsake-guard-"));
  alone = await startTestServer();
  // The guard has to know the server's key, and the server the guard's address.
  const secrets = join(folder, "server-secrets.json");
  const first = await startTestServer({ KEEPSAKE_SECRETS_FILE: secrets });
  const issuer = receiptKey(first.server.secrets);
  await first[Symbol.asyncDispose]();
  const settings = { KEEPSAKE_GUARD_DATA: join(folder, "guard"), KEEPSAKE_GUARD_PORT: "0" };
  guard = await serveGuard(parseGuardConfig({ ...settings, KEEPSAKE_GUARD_FOR: issuer }), { log: () => {} });
  apart = await startTestServer({ KEEPSAKE_SECRETS_FILE: secrets, KEEPSAKE_GUARDS: `self,${guard.url}` });
});
afterAll(async () => {
  await alone[Symbol.asyncDispose]();
  await apart[Symbol.asyncDispose]();
  await guard.stop();
  await rm(folder, { recursive: true });
});

/** A vault on a server, with a guarded password. */
async function guardedVault(server: TestServer, name?: string) {
  const member = await server.newMember(name);
  const store = serverStore({ connection: member.connection, vault: await member.newVault() });
  const made = await vaultIn(primitives, store);
  const { vault, isForgotten } = await setGuardedPassword(made.vault, member.connection, secret);
  expect(isForgotten).toBe(true);
  return { ...made, member, vault };
}

const guess = (
  { connection }: Pick<Member, "connection">,
  { store }: Pick<Vault, "store">,
  password: string,
) => openGuarded(connection, { primitives, store, clock, password });

const slotOf = (vault: Vault): Slot => vault.document.slots.find(({ kind }) => kind === "guarded")!;

describe("a guarded password", () => {
  test.each([
    ["one-box-that-says-so", () => alone, false],
    ["two-guards-apart", () => apart, true],
  ])("opens the vault on a new device, with %s", async (name, server, areApart) => {
    const { guards, areGuardsApart } = await server().connection.call("GET /v1/server");
    expect([guards.length, areGuardsApart]).toEqual([2, areApart]);
    const { vault, member } = await guardedVault(server(), name);
    const session = await logIn(server().connection, {
      name,
      password: loginPassword,
      platform: "web",
    });
    const device = { connection: server().connection.with(session) };
    await expect(guess(device, vault, "coffee for the vault")).rejects.toMatchObject({
      code: "vault.wrong-key",
      details: { left: 9 },
    });
    await expect(guess(device, vault, "cocoa for the vault")).rejects.toMatchObject({ details: { left: 8 } });
    const opened = await guess(device, vault, secret);
    expect(opened).toMatchObject({ isReset: true, snapshot: { root: { n: 0 } } });
    expect(opened.vault.authoritySeed).toEqual(vault.authoritySeed);
    // Right once, the count begins anew: three more wrong ones are answered.
    for (const left of [9, 8, 7])
      await expect(guess(device, vault, "milk for the vault")).rejects.toMatchObject({ details: { left } });
    await expect(guess(device, vault, secret)).rejects.toMatchObject({
      code: "guard.wait",
      details: { left: 7 },
    });
    const { events } = await member.connection.call("GET /v1/events");
    expect(events.filter(({ kind }) => kind === "guard-asked")).toHaveLength(7);
  });

  test("A13 that was changed opens nothing, not even with what was kept of it", async () => {
    const { vault, member, store } = await guardedVault(apart);
    const old = slotOf(vault);
    const input = guardInput(secret, vault.id);
    const outputs = await bothOutputs(old, input);
    const kept = await seedFrom(outputs, old, vault.id, secret);
    const changed = await setGuardedPassword(vault, member.connection, "another secret for it");
    await rotateRoot(changed.vault);
    await expect(guess(member, vault, secret)).rejects.toMatchObject({ code: "vault.wrong-key" });
    // The seed itself, and a store that shows the old document alone.
    const seedOf = (): Promise<Bytes> => Promise.resolve(kept);
    await expect(
      openVault({ primitives, store, clock, secret: { kind: "guarded", seedOf } }),
    ).rejects.toMatchObject({ code: "vault.wrong-key" });
    const names: string[] = [];
    for await (const { name } of store.list("slots/")) names.push(name);
    const older = {
      ...store,
      async *list(prefix: string) {
        for await (const each of store.list(prefix)) if (each.name !== names.at(-1)) yield each;
      },
    };
    const roots = openVault({ primitives, store: older, clock, secret: { kind: "guarded", seedOf } });
    await expect(roots).rejects.toBeInstanceOf(KeepsakeError);
    for (const { record } of old.guards!)
      for (const { db } of [apart.server, guard.server])
        expect(
          await db.query.selectFrom("guardRecord").select("id").where("id", "=", record).execute(),
        ).toEqual([]);
    expect((await guess(member, vault, "another secret for it")).isReset).toBe(true);
  });
});

test("a password that can be guessed offline never lies on a server, not even in an older document", async () => {
  const member = await alone.newMember();
  const store = serverStore({ connection: member.connection, vault: await member.newVault() });
  const refused = { code: "keys.offline-password" };
  await expect(vaultIn(primitives, store, "an offline password")).rejects.toMatchObject(refused);
  const here = await vaultIn(primitives, memoryStore(), "an offline password");
  await expect(putSlots(here.vault, here.store, store)).rejects.toMatchObject(refused);
  const { vault } = await setGuardedPassword(here.vault, member.connection, secret);
  await putSlots(vault, here.store, store);
  const names = async (of: Store): Promise<readonly string[]> => {
    const listed: string[] = [];
    for await (const { name } of of.list("slots/")) listed.push(name);
    return listed;
  };
  expect([await names(here.store), await names(store)]).toEqual([
    ["slots/0000000001", "slots/0000000002"],
    ["slots/0000000002"],
  ]);
});

/** What the guards would answer, taken from their databases and secrets: all that who has both may compute. */
async function bothOutputs(slot: Slot, input: Bytes): Promise<GuardOutputs> {
  const [first, second] = slot.guards!;
  return [
    await outputOf(apart.server, first!.record, input),
    await outputOf(guard.server, second!.record, input),
  ];
}

async function outputOf({ db, secrets }: Server, record: string, input: Bytes): Promise<Bytes> {
  const row = await db.query
    .selectFrom("guardRecord")
    .selectAll()
    .where("id", "=", record)
    .executeTakeFirstOrThrow();
  const share = unseal(secrets, "guard/share", row.share)!;
  const { blind, blinded } = oprf.voprf.blind(input);
  const key = hexToBytes(row.key)!;
  const { evaluated, proof } = oprf.voprf.blindEvaluate(share, key, blinded);
  return concatBytes(oprf.voprf.finalize(input, blind, evaluated, blinded, key, proof));
}

function seedFrom(outputs: GuardOutputs, slot: Slot, vaultId: Bytes, password: string): Promise<Bytes> {
  return guardedSeed(
    primitives,
    { outputs, password, vaultId },
    { ...slot.kdf!, salt: hexToBytes(slot.kdf!.salt)! },
  );
}

test("A4 with the whole server and one guard, the true password cannot be told from a wrong one", async () => {
  const { vault } = await guardedVault(apart);
  const slot = slotOf(vault);
  const [first, second] = slot.guards!;
  const record = await apart.server.db.query
    .selectFrom("guardRecord")
    .selectAll()
    .where("id", "=", first!.record)
    .executeTakeFirstOrThrow();
  expect(
    await apart.server.db.query
      .selectFrom("guardRecord")
      .select("id")
      .where("id", "=", second!.record)
      .execute(),
  ).toEqual([]);
  /** Whether a seed is confirmed by anything that the server or the guard holds. */
  const isConfirmed = async (seed: Bytes): Promise<boolean> =>
    bytesToHex((await slotKeys(primitives, seed, vault.id)).publicKey) === slot.publicKey ||
    bytesToHex(primitives.sha256(openedToken(primitives, seed, first!.record, vault.id))) ===
      record.openedHash;
  const input = guardInput(secret, vault.id);
  const [known, missing] = await bothOutputs(slot, input);
  // The harness is able to confirm, if it has all.
  expect(await isConfirmed(await seedFrom([known, missing], slot, vault.id, secret))).toBe(true);
  // What stands in for the half that it does not have: nothing, what it knows, what is public.
  const key = hexToBytes(second!.key)!;
  const underPublicKey = concatBytes(oprf.oprf.finalize(input, oprf.oprf.blind(input).blind, key));
  const guesses = [new Uint8Array(64), known, concatBytes(key, key), underPublicKey];
  for (const other of guesses)
    expect(await isConfirmed(await seedFrom([known, other], slot, vault.id, secret))).toBe(false);
  expect(await isConfirmed(await seedFrom([missing, known], slot, vault.id, secret))).toBe(false);
}, 30_000);

describe("A6 a stranger", () => {
  test("with a limited session, another member's, or none, spends no guess", async () => {
    const { vault, member } = await guardedVault(alone);
    const { record } = slotOf(vault).guards![0]!;
    const body = { purpose: "use", records: [record] } as const;
    await expect(alone.connection.call("POST /v1/guards/tickets", { body })).rejects.toMatchObject({
      code: "member.no-session",
    });
    const other = await alone.newMember();
    await expect(guess(other, vault, secret)).rejects.toBeInstanceOf(KeepsakeError);
    const { tickets } = await other.connection.call("POST /v1/guards/tickets", { body });
    const blinded = bytesToHex(oprf.voprf.blind(guardInput(secret, vault.id)).blinded);
    const asking = other.connection.call("POST /v1/guard/evaluate", {
      body: { ticket: tickets[0]!, blinded },
    });
    await expect(asking).rejects.toMatchObject({ code: "guard.unknown-record" });
    const { db } = alone.server;
    const limit = (fullFromMs: number) =>
      db.query
        .updateTable("session")
        .set({ fullFromMs })
        .where("id", "=", member.membership.session)
        .execute();
    await limit(Date.now() + 1e9);
    await expect(member.connection.call("POST /v1/guards/tickets", { body })).rejects.toMatchObject({
      code: "member.limited",
    });
    await limit(0);
    const row = await db.query
      .selectFrom("guardRecord")
      .selectAll()
      .where("id", "=", record)
      .executeTakeFirst();
    expect(row?.attempts).toBe(0);
  });

  test("who spends all guesses destroys the slot and nothing else", async () => {
    const { vault, member, words, deviceKey, store } = await guardedVault(alone);
    const { db } = alone.server;
    for (let n = 0; n < 10; n++) {
      await expect(guess(member, vault, `wrong guess ${n}`)).rejects.toMatchObject({
        details: { left: 9 - n },
      });
      await db.query.updateTable("guardRecord").set({ nextMs: 0 }).execute();
    }
    await expect(guess(member, vault, secret)).rejects.toMatchObject({ code: "guard.spent" });
    const { vault: again } = await openByWords({ primitives, store, words, deviceKey });
    expect((await openByDevice({ primitives, store, words, deviceKey })).snapshot.root).toEqual({ n: 0 });
    const device = (await openByDevice({ primitives, store, words, deviceKey })).vault.device;
    const set = await setGuardedPassword({ ...again, device }, member.connection, "a new secret for it");
    expect((await guess(member, set.vault, "a new secret for it")).isReset).toBe(true);
  });
});

test("A7 a guard that answers with another key is refused before anything hangs on it", async () => {
  const { vault, member } = await guardedVault(apart);
  const { record } = slotOf(vault).guards![1]!;
  const { secretKey } = oprf.voprf.generateKeyPair();
  const share = seal(guard.server.secrets, "guard/share", secretKey);
  await guard.server.db.query.updateTable("guardRecord").set({ share }).where("id", "=", record).execute();
  await expect(guess(member, vault, secret)).rejects.toMatchObject({ code: "guard.bad-answer" });
});

test("A5 a guard that is killed in the middle of guesses has counted all that it answered", async () => {
  const data = await mkdtemp(join(tmpdir(), "keepsake-killed-"));
  onTestFinished(() => rm(data, { recursive: true }));
  const { secrets } = apart.server;
  const ticketFor = (purpose: "make" | "use"): string =>
    signTicket(secrets, { owner: "me", purpose, record, untilMs: Date.now() + 60_000 });
  const record = "ab".repeat(16);
  const { secretKey, publicKey } = oprf.voprf.generateKeyPair();
  const pair = { share: bytesToHex(secretKey), key: bytesToHex(publicKey) };
  const blinded = bytesToHex(oprf.voprf.blind(guardInput(secret, new Uint8Array(16))).blinded);
  const first = await startGuardProcess(data, receiptKey(secrets));
  await first.connection.call("POST /v1/guard/records", {
    body: { ticket: ticketFor("make"), ...pair, openedHash: "00".repeat(32) },
  });
  const guessAt = ({ connection }: typeof first): Promise<string> =>
    connection.call("POST /v1/guard/evaluate", { body: { ticket: ticketFor("use"), blinded } }).then(
      () => "answered",
      (error: unknown) => (KeepsakeError.is(error) ? error.code : "unexpected"),
    );
  const guesses = [1, 2, 3].map(() => guessAt(first));
  await Promise.race(guesses);
  await first.kill();
  const before = await Promise.all(guesses);
  const second = await startGuardProcess(data, receiptKey(secrets));
  const after = [await guessAt(second), await guessAt(second), await guessAt(second), await guessAt(second)];
  await second.kill();
  const answered = [...before, ...after].filter((each) => each === "answered");
  expect(answered.length).toBeLessThanOrEqual(3);
  expect(answered.length).toBeGreaterThan(0);
  expect(after.at(-1)).toBe("guard.wait");
});

async function startGuardProcess(data: string, issuer: string) {
  const main = fileURLToPath(new URL("../../packages/server/src/main.ts", import.meta.url));
  const settings = { KEEPSAKE_GUARD_DATA: data, KEEPSAKE_GUARD_PORT: "0", KEEPSAKE_GUARD_FOR: issuer };
  const child = spawn(process.execPath, [main, "guard"], {
    env: { ...process.env, ...settings },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const exited = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const kill = async (): Promise<void> => {
    child.kill("SIGKILL");
    await exited;
  };
  onTestFinished(kill);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const { url } = JSON.parse(String((await lines.next()).value)) as { url: string };
  return { connection: apart.connection.to(url), kill };
}
