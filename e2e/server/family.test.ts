import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bytesToHex, hexToBytes, type Bytes } from "../../packages/core/src/base/index.ts";
import { offerHelp, serverStore, setFamily, takeHelp } from "../../packages/core/src/client/index.ts";
import { nodePrimitives as primitives } from "../../packages/core/src/platform/node/index.ts";
import {
  familySeed,
  openVault,
  rotateRoot,
  wordsToSeed,
  type Vault,
} from "../../packages/core/src/vault/index.ts";
import { slotKeys } from "../../packages/core/src/vault/keys/hybrid.ts";
import { openByWords, vaultIn } from "../../packages/core/testing/stores/attacked-vault.ts";
import { unseal } from "../../packages/server/src/keys/sealed.ts";
import { stepWaits } from "../../packages/server/src/recovery/family.ts";
import { startTestServer, type Member, type TestServer } from "./serving.ts";

const DAY_MS = 24 * 60 * 60_000;
const STEP_MS = 20 * 60_000;
const clock = { aheadMs: 0, now: () => Date.now() + clock.aheadMs };
let server: TestServer;
beforeAll(async () => void (server = await startTestServer({}, clock)));
afterAll(() => server[Symbol.asyncDispose]());

async function memberWithVault() {
  const member = await server.newMember();
  const store = serverStore({ connection: member.connection, vault: await member.newVault() });
  return { member, store, made: await vaultIn(primitives, store) };
}

/** Somebody, a helper, and the name of what they share. */
async function family() {
  const [owner, helper] = [await memberWithVault(), await memberWithVault()];
  const { member } = helper;
  const card = await offerHelp(helper.made.vault, member.connection, member.membership);
  const { vault } = await setFamily(owner.made.vault, owner.member.connection, { card, waitDays: 7 });
  const share = shareOf(vault);
  return { owner, helper, card, vault, share };
}

const shareOf = ({ document }: Vault): string =>
  document.slots.find(({ kind }) => kind === "family")!.family!.share;
const start = ({ connection }: Member, share: string) =>
  connection.call("POST /v1/family/{share}/start", { params: { share } });
const veto = ({ connection }: Member, share: string) =>
  connection.call("POST /v1/family/{share}/veto", { params: { share } });

/** So much time as the server lives through, in the longest steps that count. */
async function pass(ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += STEP_MS) {
    clock.aheadMs += STEP_MS;
    await stepWaits(server.server);
  }
}

const kindsOf = async ({ connection }: Member): Promise<readonly string[]> =>
  (await connection.call("GET /v1/events")).events
    .map(({ kind }) => kind)
    .filter((kind) => kind.startsWith("family"));

describe("a family slot", () => {
  test("takes the place of a share that a try before left behind, and of no other vault's", async () => {
    const { owner, helper, card, vault, share } = await family();
    const left = { helper: helper.member.membership.member, box: "a.0.b", waitDays: 7 };
    const post = (name: string) =>
      owner.member.connection.call("POST /v1/family", {
        body: { ...left, share: name, delayed: "00".repeat(32) },
      });
    const sharesOf = async (): Promise<readonly string[]> =>
      (await owner.member.connection.call("GET /v1/family")).shares.map((each) => each.share);
    await post("11".repeat(16));
    const again = await setFamily(vault, owner.member.connection, { card, waitDays: 7 });
    expect(again.isForgotten).toBe(true);
    expect(await sharesOf()).toEqual([shareOf(again.vault)]);
    await owner.member.newVault();
    await post("22".repeat(16));
    const third = await setFamily(again.vault, owner.member.connection, { card, waitDays: 7 });
    expect((await sharesOf()).toSorted()).toEqual([shareOf(third.vault), "22".repeat(16)].toSorted());
    expect(await sharesOf()).not.toContain(share);
  });

  test("opens the vault after a week of notices, by words that the helper tells", async () => {
    const { owner, helper, share } = await family();
    const take = () => takeHelp(helper.made.vault, helper.member.connection, { share, language: "zh" });
    await expect(take()).rejects.toMatchObject({
      code: "family.waiting",
      details: { state: "kept", days: 7 },
    });
    await start(helper.member, share);
    // The helper's own keys go on meanwhile.
    const { vault: opened } = await openByWords(helper.made);
    const rotated = await rotateRoot({ ...opened, device: helper.made.vault.device });
    await pass(7 * DAY_MS - STEP_MS);
    await expect(take()).rejects.toMatchObject({ code: "family.waiting", details: { days: 1 } });
    await pass(2 * STEP_MS);
    const words = await takeHelp(rotated, helper.member.connection, { share, language: "zh" });
    const seed = await wordsToSeed(words.join(""));
    const { store } = owner;
    const { vault } = await openVault({ primitives, store, clock, secret: { kind: "family", seed } });
    expect(vault.authoritySeed).toBeDefined();
    expect(await kindsOf(owner.member)).toEqual([
      "family-set",
      "family-started",
      ...Array.from({ length: 7 }, () => "family-notice"),
      "family-released",
    ]);
  }, 60_000);

  test("A12 opens with neither share alone, for the server nor for the helper", async () => {
    const { vault, share, helper } = await family();
    const slot = vault.document.slots.find(({ kind }) => kind === "family")!;
    const row = await server.server.db.query
      .selectFrom("familyShare")
      .selectAll()
      .where("id", "=", share)
      .executeTakeFirstOrThrow();
    const delayed = unseal(server.server.secrets, "family/share", row.sealed)!;
    const isOpen = async (seed: Bytes): Promise<boolean> =>
      bytesToHex((await slotKeys(primitives, seed, vault.id)).publicKey) === slot.publicKey;
    const nothing = new Uint8Array(32);
    for (const seed of [
      delayed,
      familySeed(primitives, delayed, delayed, vault.id),
      familySeed(primitives, nothing, delayed, vault.id),
    ])
      expect(await isOpen(seed)).toBe(false);
    // What the helper could do before the wait is over: nothing that the server answers helps her.
    await expect(
      takeHelp(helper.made.vault, helper.member.connection, { share, language: "en" }),
    ).rejects.toMatchObject({ code: "family.waiting" });
    const { shares } = await helper.member.connection.call("GET /v1/family");
    expect(JSON.stringify(shares)).not.toContain(bytesToHex(delayed));
    // The server cannot open the helper's share; another helper cannot either.
    const other = await memberWithVault();
    await server.server.db.query
      .updateTable("familyShare")
      .set({ helper: other.member.membership.member, state: "released" })
      .where("id", "=", share)
      .execute();
    await expect(
      takeHelp(other.made.vault, other.member.connection, { share, language: "en" }),
    ).rejects.toMatchObject({ code: "vault.corrupt" });
  });

  test("A12 is not released by a clock that jumps, forward or back", async () => {
    const { helper, share, owner } = await family();
    await start(helper.member, share);
    const before = clock.aheadMs;
    for (const jump of [40 * DAY_MS, -400 * DAY_MS, 440 * DAY_MS]) {
      clock.aheadMs += jump;
      await stepWaits(server.server);
    }
    clock.aheadMs = before;
    await stepWaits(server.server);
    const { shares } = await owner.member.connection.call("GET /v1/family");
    expect(shares).toMatchObject([{ share, isOwn: true, state: "waiting", notices: 1 }]);
    expect(shares[0]!.waitedMs).toBeLessThanOrEqual(60 * 60_000);
  });

  test("is ended by any device of the owner's, even a limited one, and by nobody else", async () => {
    const { owner, helper, share } = await family();
    await start(helper.member, share);
    await pass(6 * DAY_MS);
    await expect(veto(helper.member, share)).rejects.toMatchObject({ code: "family.unknown" });
    await expect(start(owner.member, share)).rejects.toMatchObject({ code: "family.unknown" });
    const limit = { fullFromMs: Number.MAX_SAFE_INTEGER };
    const { session } = owner.member.membership;
    await server.server.db.query.updateTable("session").set(limit).where("id", "=", session).execute();
    await veto(owner.member, share);
    await start(helper.member, share);
    await pass(2 * DAY_MS);
    await expect(
      takeHelp(helper.made.vault, helper.member.connection, { share, language: "en" }),
    ).rejects.toMatchObject({ code: "family.waiting", details: { days: 5 } });
  }, 60_000);

  test("is revoked by splitting anew, and refuses a helper whose key is not the card's", async () => {
    const { owner, helper, share, card, vault } = await family();
    await start(helper.member, share);
    const { vault: again } = await setFamily(vault, owner.member.connection, { card, waitDays: 30 });
    expect(shareOf(again)).not.toBe(share);
    await expect(start(helper.member, share)).rejects.toMatchObject({ code: "family.unknown" });
    const { shares } = await helper.member.connection.call("GET /v1/family");
    expect(shares).toMatchObject([{ share: shareOf(again), isOwn: false, state: "kept", waitDays: 30 }]);
    // The server puts a key of its own in the place of the helper's.
    const publicKey = bytesToHex(await primitives.xWing.publicKey(hexToBytes("11".repeat(32))!));
    await server.server.db.query.updateTable("familyKey").set({ publicKey }).execute();
    const swapped = setFamily(again, owner.member.connection, { card, waitDays: 7 });
    await expect(swapped).rejects.toMatchObject({ code: "family.no-card" });
    await expect(
      setFamily(again, owner.member.connection, { card: "nonsense", waitDays: 7 }),
    ).rejects.toMatchObject({ code: "family.no-card" });
    const alone = await offerHelp(again, owner.member.connection, owner.member.membership);
    await expect(
      setFamily(again, owner.member.connection, { card: alone, waitDays: 7 }),
    ).rejects.toMatchObject({ code: "family.no-helper" });
  });
});
