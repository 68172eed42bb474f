import { beforeAll, describe, expect, test } from "vitest";
import { openByDevice, vaultIn, type AttackedVault } from "../../../testing/stores/attacked-vault.ts";
import { testPrimitives } from "../../../testing/primitives.ts";
import { bytesToHex, type Bytes } from "../../base/index.ts";
import { addOtherDevice, dropSlots, newDeviceOf, putSlot, rotateRoot, setPassword } from "../manage.ts";
import { openVault } from "../open.ts";
import { memoryStore } from "../store/memory.ts";
import type { Vault } from "../vault.ts";
import { passwordParameters } from "./password.ts";
import { familySeed, guardedSeed, guardInput, openedToken, passkeySeed } from "./seeds.ts";
import type { Slot } from "./slot.ts";
import type { Secret } from "./unlock.ts";

const primitives = await testPrimitives();
const clock = { now: () => 1_790_000_000_000 };
const bytes = (fill: number, length = 32): Bytes => new Uint8Array(length).fill(fill);
const salt = bytes(5, 16);
const guard = { record: "ab".repeat(16), key: "cd".repeat(32) };
const guarded = {
  kdf: { ...passwordParameters, salt: bytesToHex(salt) },
  guards: [
    { url: "", ...guard },
    { url: "https://guard.example", ...guard },
  ],
};

type Made = AttackedVault<ReturnType<typeof memoryStore>>;
let made: Made;
beforeAll(async () => void (made = await vaultIn(primitives, memoryStore(), "an offline password")));

const open = async (secret: Secret): Promise<Vault> =>
  (await openVault({ primitives, store: made.store, clock, secret })).vault;
const byPasskey = (seed: Bytes): Secret => ({ kind: "passkey", seedOf: () => Promise.resolve(seed) });

describe("a slot that others help to open", () => {
  test("opens with its seed, on and after a rotation, and with no other", async () => {
    const { vault } = made;
    const shares = [bytes(1), bytes(2)] as const;
    const family = familySeed(primitives, ...shares, vault.id);
    const passkey = passkeySeed(primitives, bytes(3), vault.id);
    let changed = await putSlot(vault, {
      kind: "family",
      seed: family,
      of: { family: { share: "ef".repeat(16), waitDays: 7 } },
    });
    changed = await putSlot(changed, {
      kind: "passkey",
      seed: passkey,
      of: { passkey: { credential: "aabb", salt: "00".repeat(32) } },
    });
    changed = await putSlot(changed, { kind: "guarded", seed: bytes(9), of: guarded });
    await rotateRoot(changed);
    const asked: string[] = [];
    const opened = await open({
      kind: "guarded",
      seedOf: (slot: Slot) => Promise.resolve(asked.push(slot.guards![1]!.url) > 0 ? bytes(9) : undefined),
    });
    expect(asked).toEqual(["https://guard.example"]);
    expect(opened.authoritySeed).toEqual(vault.authoritySeed);
    expect((await open({ kind: "family", seed: family })).authoritySeed).toEqual(vault.authoritySeed);
    // A passkey that was stolen reads, and lets nobody in or out.
    expect((await open(byPasskey(passkey))).authoritySeed).toBeUndefined();
    const wrong = { code: "vault.wrong-key" };
    for (const seed of [shares[0], shares[1], familySeed(primitives, shares[1], shares[0], vault.id)])
      await expect(open({ kind: "family", seed })).rejects.toMatchObject(wrong);
    await expect(open(byPasskey(family))).rejects.toMatchObject(wrong);
    await expect(open({ kind: "guarded", seedOf: () => Promise.resolve(undefined) })).rejects.toMatchObject(
      wrong,
    );
  });

  test("takes the place of a password that can be guessed offline, and the other way round", async () => {
    const secret = { kind: "password", password: "an offline password" } as const;
    await expect(open(secret)).rejects.toMatchObject({ code: "keys.replaced" });
    const vault = await open({ kind: "guarded", seedOf: () => Promise.resolve(bytes(9)) });
    const kinds = (of: Vault): string[] => of.document.slots.map(({ kind }) => kind).sort();
    expect(kinds(vault)).toEqual(["device", "family", "guarded", "passkey", "words"]);
    const offline = await setPassword(vault, "an offline password");
    expect(kinds(offline)).toEqual(["device", "family", "passkey", "password", "words"]);
    const less = await dropSlots(offline, ({ kind }) => kind === "family" || kind === "passkey");
    expect(kinds(less)).toEqual(["device", "password", "words"]);
    await expect(open({ kind: "family", seed: bytes(1) })).rejects.toMatchObject({ code: "vault.wrong-key" });
    await expect(dropSlots(less, ({ kind }) => kind === "words")).rejects.toMatchObject({
      code: "keys.last-slot",
    });
  });

  test("adds a device whose seed never left it", async () => {
    const words = { kind: "words", words: made.words.join(" ") } as const;
    const vault = await open(words);
    const authority = await primitives.ed25519.publicKey(vault.authoritySeed!);
    const device = await newDeviceOf(primitives, { seed: bytes(77), vaultId: vault.id, authority });
    const { writer } = await addOtherDevice(vault, device);
    const opened = await open({ kind: "device", seed: bytes(77), authority: bytesToHex(authority) });
    expect(opened.device?.writer).toBe(writer);
    const { vault: byDevice } = await openByDevice(made);
    await expect(addOtherDevice(byDevice, device)).rejects.toMatchObject({ code: "keys.no-authority" });
  });
});

test("a guarded password's seed hangs on both guards, the password, the vault and the salt", async () => {
  const given = {
    outputs: [bytes(1, 64), bytes(2, 64)],
    password: "a good password",
    vaultId: bytes(7, 16),
  } as const;
  const kdf = { ...passwordParameters, salt };
  const seed = await guardedSeed(primitives, given, kdf);
  const others = [
    guardedSeed(primitives, { ...given, outputs: [bytes(2, 64), bytes(1, 64)] }, kdf),
    guardedSeed(primitives, { ...given, outputs: [bytes(1, 64), bytes(3, 64)] }, kdf),
    guardedSeed(primitives, { ...given, password: "another password" }, kdf),
    guardedSeed(primitives, { ...given, vaultId: bytes(8, 16) }, kdf),
    guardedSeed(primitives, given, { ...kdf, salt: bytes(6, 16) }),
  ];
  for (const other of others) expect(await other).not.toEqual(seed);
  expect(await guardedSeed(primitives, { ...given, password: "a good ｐassword" }, kdf)).toEqual(seed);
  const weak = { ...kdf, memoryKiB: 8 };
  await expect(guardedSeed(primitives, given, weak)).rejects.toMatchObject({
    code: "vault.unsafe-parameters",
  });
  expect(openedToken(primitives, seed, "aa", given.vaultId)).not.toEqual(
    openedToken(primitives, seed, "bb", given.vaultId),
  );
  expect(guardInput("x", bytes(1, 16))).not.toEqual(guardInput("x", bytes(2, 16)));
});
