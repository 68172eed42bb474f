import { describe, expect, test } from "vitest";
import {
  attackedVault,
  mustPublish,
  openByDevice,
  openByPassword,
  openByWords,
  outcomeOf,
  recordingPrimitives,
  vaultIn,
  type AttackedVault,
  type Sealing,
} from "../../testing/stores/attacked-vault.ts";
import { someBytes } from "../../testing/stores/conformance.ts";
import { EvilStore } from "../../testing/stores/evil-store.ts";
import { twoKeyCiphertext } from "../../testing/stores/two-key-ciphertext.ts";
import { testPrimitives } from "../../testing/primitives.ts";
import { bytesToHex, concatBytes, KeepsakeError, textToBytes, type Bytes } from "../base/index.ts";
import { decodeDocument, encodeDocument, type SlotDocument } from "./keys/document.ts";
import type { Slot } from "./keys/slot.ts";
import { openBox, sealBox, slotKeys } from "./keys/hybrid.ts";
import { epochKeys } from "./keys/keyring.ts";
import { passwordSlot, storeDocument } from "./keys/slots.ts";
import { addDevice, revokeDevice } from "./manage.ts";
import { addObject, readObject, type ObjectSpec } from "./objects.ts";
import { newestSnapshot, snapshotAt } from "./open.ts";
import { isLadderSize } from "./pack/ladder.ts";
import { PackReader, PackWriter, type Ref } from "./pack/index.ts";
import { openObject, sealObject, type ObjectContext } from "./seal/index.ts";
import { memoryStore, retryStore, type Store } from "./store/index.ts";
import { stateSpec, type Vault } from "./vault.ts";

const primitives = await testPrimitives();
const SLOTS = "slots/0000000001";
const password = "correct horse battery";
/** Argon2id takes its 64 MiB and a while: one vault with a password serves all tests, each on a fork of its store. */
const withPassword = await attackedVault(primitives, password);

function forked(made: AttackedVault): AttackedVault {
  return { ...made, store: made.store.fork() };
}

/** The slot document, changed, and signed by an authority that the attacker made up. */
async function forgeDocument(
  made: AttackedVault,
  change: (document: SlotDocument) => object,
): Promise<Bytes> {
  const seed = someBytes(32, "attacker");
  const document = await decodeDocument(primitives, made.store.state.get(SLOTS)!);
  const forged = {
    ...document,
    authority: bytesToHex(await primitives.ed25519.publicKey(seed)),
    ...change(document),
  };
  return encodeDocument(primitives, forged as SlotDocument, seed);
}

function changeSlots(document: SlotDocument, change: (slot: Slot) => object): object {
  return { slots: document.slots.map((slot) => ({ ...slot, ...change(slot) })) };
}

describe("A1 parameters that the store weakens", () => {
  test("are refused before they are used, too weak or too costly", async () => {
    const bad = [
      { memoryKiB: 8, passes: 1, lanes: 1 },
      { memoryKiB: 65535, passes: 3, lanes: 1 },
      { memoryKiB: 65536, passes: 2, lanes: 1 },
      { memoryKiB: 2 ** 21, passes: 3, lanes: 1 },
      { memoryKiB: 65536, passes: 1000, lanes: 1 },
      { memoryKiB: "65536", passes: 3, lanes: 1 },
      { passes: 3, lanes: 1 },
    ];
    for (const kdf of bad) {
      const made = forked(withPassword);
      const salt = "00".repeat(16);
      made.store.plant(
        SLOTS,
        await forgeDocument(made, (document) => changeSlots(document, () => ({ kdf: { ...kdf, salt } }))),
      );
      expect(await outcomeOf(openByPassword(made, password))).toBe("vault.unsafe-parameters");
    }
  });

  test("with a short salt are refused as well", async () => {
    const made = forked(withPassword);
    const forged = await forgeDocument(made, (document) =>
      changeSlots(document, (slot) => (slot.kdf ? { kdf: { ...slot.kdf, salt: "00" } } : {})),
    );
    made.store.plant(SLOTS, forged);
    expect(await outcomeOf(openByPassword(made, password))).toBe("vault.unsafe-parameters");
  });
});

describe("A2 keys that the store replaces", () => {
  test("are refused where another authority signs the same slots", async () => {
    const made = forked(withPassword);
    made.store.plant(SLOTS, await forgeDocument(made, () => ({})));
    expect(await outcomeOf(openByWords(made))).toBe("vault.altered-keys");
    expect(await outcomeOf(openByDevice(made))).toBe("vault.altered-keys");
    expect(await outcomeOf(openByPassword(made, password))).toBe("vault.altered-keys");
  });

  test("are refused where the boxes or the words for the authority are exchanged", async () => {
    const made = await attackedVault(primitives);
    const [a, b] = made.vault.document.slots as [Slot, Slot];
    for (const part of ["box", "vouch", "publicKey"] as const) {
      const forged = await forgeDocument(made, () => ({
        slots: [
          { ...a, [part]: b[part] },
          { ...b, [part]: a[part] },
        ],
      }));
      made.store.plant(SLOTS, forged);
      const expected = part === "publicKey" ? "vault.wrong-key" : "vault.altered-keys";
      expect(await outcomeOf(openByWords(made))).toBe(expected);
      expect(await outcomeOf(openByDevice(made))).toBe(expected);
    }
  });

  test("are refused where a device of the attacker's is listed, and his heads count as never written", async () => {
    const made = await attackedVault(primitives);
    const other = await attackedVault(primitives);
    const forged = await forgeDocument(made, ({ devices }) => ({
      devices: [...devices, { ...other.vault.document.devices[0]!, writer: 1 }],
    }));
    made.store.plant("slots/0000000002", forged);
    made.store.plant("heads/0000000002", other.store.state.get("heads/0000000001")!);
    expect(await outcomeOf(openByWords(made))).toEqual({ n: 0 });
    expect(await outcomeOf(openByDevice(made))).toEqual({ n: 0 });
  });

  test("of another vault do not pass for this one's", async () => {
    const [made, other] = [await attackedVault(primitives), await attackedVault(primitives)];
    made.store.rollBack(other.store.state);
    expect(await outcomeOf(openByWords(made))).toBe("vault.wrong-key");
    expect(await outcomeOf(openByDevice(made))).toBe("vault.wrong-key");
  });
});

describe("A3 a slot document of which one bit is another", () => {
  test("is refused, with one and the same error, and nothing is written", async () => {
    const made = await attackedVault(primitives);
    const file = made.store.state.get(SLOTS)!;
    const outcomes = new Set<unknown>();
    for (let bit = 64; bit < file.length * 8; bit += 401) {
      made.store.behave();
      made.store.flip(SLOTS, bit);
      outcomes.add(await outcomeOf(openByWords(made)));
    }
    expect([...outcomes]).toEqual(["vault.corrupt"]);
    // Slot document, head, and the packs of root and key directory.
    expect(made.store.state.size).toBe(4);
  });
});

describe("A3 a box of which one bit is another", () => {
  test("does not open, whichever part the bit is in", async () => {
    const { vault } = await attackedVault(primitives);
    const keys = await slotKeys(primitives, someBytes(32), vault.id);
    const context = { type: "slot", vaultId: vault.id, epoch: 0, id: someBytes(8) } as const;
    const box = await sealBox(primitives, keys.publicKey, context, textToBytes("root"));
    expect(await openBox(primitives, keys.secretKey, context, box)).toEqual(textToBytes("root"));
    for (let bit = 0; bit < box.length * 8; bit += 47) {
      const altered = box.slice();
      altered[bit >> 3]! ^= 1 << (bit & 7);
      await expect(openBox(primitives, keys.secretKey, context, altered)).rejects.toMatchObject({
        code: "vault.corrupt",
      });
    }
  });
});

describe("A3 a box whose point on the curve is a weak one", () => {
  test("is damage, like any other box that does not open", async () => {
    const { vault } = await attackedVault(primitives);
    const keys = await slotKeys(primitives, someBytes(32), vault.id);
    const context = { type: "slot", vaultId: vault.id, epoch: 0, id: someBytes(8) } as const;
    const box = await sealBox(primitives, keys.publicKey, context, textToBytes("root"));
    // X25519 stands behind ML-KEM-768: 32 bytes after the first 1,088. 0 and 1 are points of small order.
    for (const first of [0, 1]) {
      const weak = box.slice();
      weak.fill(0, 1088, 1120);
      weak[1088] = first;
      await expect(openBox(primitives, keys.secretKey, context, weak)).rejects.toMatchObject({
        code: "vault.corrupt",
      });
    }
  });
});

describe("A7 a ciphertext made for two keys", () => {
  test("opens under both in plain AES-GCM, and under one at most as an object", async () => {
    const context: ObjectContext = { type: "lane", vaultId: someBytes(16), epoch: 0, id: someBytes(32) };
    const keys = [someBytes(32, "a"), someBytes(32, "b")] as const;
    const [a, b] = [await sealedWith(keys[0], context), await sealedWith(keys[1], context)];
    expect(a.nonce).toEqual(b.nonce);
    expect(a.aad).toEqual(b.aad);
    const options = { counterBlock: 2 ** 32 + 1, aad: a.aad, first: someBytes(16) };
    const crafted = await twoKeyCiphertext(primitives, [a.key, b.key], options);
    for (const { key, nonce, aad } of [a, b])
      expect(await primitives.openGcm(key, nonce, crafted, aad)).toHaveLength(32);
    const object = concatBytes(a.object.slice(0, 64), crafted);
    expect(await openObject(primitives, keys[0], context, object)).toHaveLength(32);
    await expect(openObject(primitives, keys[1], context, object)).rejects.toMatchObject({
      code: "vault.corrupt",
      details: { what: "commitment" },
    });
  });
});

/** An object whose salt the attacker chose, and how the platform was asked to seal it. */
async function sealedWith(key: Bytes, context: ObjectContext): Promise<Sealing & { readonly object: Bytes }> {
  const recording = recordingPrimitives({ ...primitives, random: () => someBytes(32, "salt") });
  const object = await sealObject(recording.primitives, key, { context, plain: [someBytes(32)] });
  return { ...recording.sealings[0]!, object };
}

describe("a device that was revoked", () => {
  /** A vault on two devices, of which the second is stolen. */
  async function withStolenDevice() {
    const made = await attackedVault(primitives);
    const added = await addDevice(made.vault);
    const first = await mustPublish(added.vault, await newestSnapshot(added.vault), { n: 1 });
    const owner: Vault = {
      ...made.vault,
      document: added.vault.document,
      documentHash: added.vault.documentHash,
    };
    return { made, first, owner, thief: added.vault, writer: added.vault.device!.writer };
  }

  test("writes heads that nobody takes, and cannot have itself put back", async () => {
    const { made, first, owner, thief, writer } = await withStolenDevice();
    const before = made.store.state.get("slots/0000000002")!;
    await revokeDevice(owner, writer);
    await mustPublish(thief, first, { n: 2 });
    expect(await outcomeOf(openByWords(made))).toEqual({ n: 1 });
    made.store.plant("slots/0000000004", before);
    expect(await outcomeOf(openByWords(made))).toEqual({ n: 1 });
  });

  test("is revoked at once, though the store shows a head of the last number", async () => {
    const { made, first, owner, thief, writer } = await withStolenDevice();
    made.store.plant("heads/9999999999", someBytes(800));
    await revokeDevice(owner, writer);
    await mustPublish(thief, first, { n: 2 });
    expect(await outcomeOf(openByWords(made))).toEqual({ n: 1 });
  });
});

describe("two devices that change keys at once", () => {
  test("undo nothing of each other's: each new device sees what is written then, or is told", async () => {
    const made = await attackedVault(primitives);
    const outcomes = await Promise.allSettled([addDevice(made.vault), addDevice(made.vault)]);
    const added = outcomes.flatMap((each) => (each.status === "fulfilled" ? [each.value] : []));
    for (const each of outcomes)
      if (each.status === "rejected") expect(each.reason).toMatchObject({ code: "vault.raced" });
    const { vault } = added.at(-1)!;
    await mustPublish(vault, await newestSnapshot(vault), { n: 1 });
    for (const { deviceKey } of added)
      expect(await outcomeOf(openByDevice({ ...made, deviceKey }))).toEqual({ n: 1 });
  });
});

/** The vault after a rotation: a new root, words and device kept, the password another. */
async function rotated(made: AttackedVault): Promise<{ vault: Vault; newPassword: string }> {
  const { vault } = made;
  const newPassword = "another horse battery";
  const authority = await primitives.ed25519.publicKey(vault.authoritySeed!);
  const kept = vault.document.slots.filter((slot) => slot.kind !== "password");
  const slot = await passwordSlot(primitives, { password: newPassword, vaultId: vault.id, authority });
  const roots = [
    { epoch: 1, root: someBytes(32, "new root") },
    { epoch: 0, root: vault.keyring.epoch(0).root },
  ];
  const draft = { ...vault.document, epoch: 1, slots: [...kept, slot] };
  await storeDocument(primitives, made.store, draft, { roots, authoritySeed: vault.authoritySeed! });
  return { vault: (await openByDevice(made)).vault, newPassword };
}

describe("A13 an old wrapper after a rotation", () => {
  test("opens nothing that was written since, and the new password does", async () => {
    const made = forked(withPassword);
    const { vault, newPassword } = await rotated({ ...made, vault: { ...made.vault, store: made.store } });
    await mustPublish(vault, await newestSnapshot(vault), { n: 1 });
    expect(await outcomeOf(openByPassword(made, newPassword))).toEqual({ n: 1 });
    made.store.hide("slots/0000000002");
    expect(await outcomeOf(openByPassword(made, password))).toBe("vault.older-than-floor");
    expect(await outcomeOf(openByWords(made))).toBe("vault.older-than-floor");
    const newKeys = vault.keyring.newest;
    const oldKeys = epochKeys(primitives, made.vault.keyring.newest.root, 0, vault.id);
    expect(newKeys.epoch).toBe(1);
    const reader = new PackReader(made.store);
    const head = (await newestSnapshot(vault)).head;
    const read = readObject(
      primitives,
      reader,
      { ...stateSpec(vault, "root", 1), key: oldKeys.state },
      head.root,
    );
    await expect(read).rejects.toMatchObject({ code: "vault.corrupt" });
  });
});

describe("A14 a format that the store lowers or raises", () => {
  test("is refused, in heads and in slot documents", async () => {
    const made = await attackedVault(primitives);
    const newest = await mustPublish(made.vault, made.snapshot, { n: 1 });
    const withByte = (name: string, at: number, value: number): void => {
      made.store.behave();
      made.store.alter(name, (bytes) =>
        concatBytes(bytes.slice(0, at), new Uint8Array([value]), bytes.slice(at + 1)),
      );
    };
    for (const at of [4, 5]) {
      withByte(SLOTS, at, 0);
      expect(await outcomeOf(openByDevice(made))).toBe("vault.corrupt");
      withByte(SLOTS, at, 2);
      expect(await outcomeOf(openByDevice(made))).toBe("vault.newer-format");
      withByte("heads/0000000002", at, 0);
      expect(await outcomeOf(openByDevice(made, newest.head))).toBe("vault.rolled-back");
      withByte("heads/0000000002", at, 2);
      expect(await outcomeOf(openByDevice(made, newest.head))).toBe("vault.newer-format");
    }
  });
});

describe("A15 objects that are cut, lengthened, doubled or exchanged", () => {
  test("are refused or change nothing, each of them and in every way", async () => {
    const made = await attackedVault(primitives);
    const newest = await mustPublish(made.vault, made.snapshot, { n: 1 });
    const names = [...made.store.state.keys()];
    const tell = async (): Promise<void> => {
      const outcome = await outcomeOf(openByDevice(made, newest.head));
      if (typeof outcome !== "string") expect(outcome).toEqual({ n: 1 });
      made.store.behave();
    };
    for (const name of names) {
      const { length } = made.store.state.get(name)!;
      for (const lengthBytes of [0, 1, 7, 12, 13, 63, 64, length >> 1, length - 1]) {
        made.store.truncate(name, lengthBytes);
        await tell();
      }
      made.store.extend(name, new Uint8Array(1));
      await tell();
      made.store.alter(name, (bytes) => concatBytes(bytes, bytes));
      await tell();
      for (const other of names) {
        if (other === name) continue;
        made.store.swap(name, other);
        await tell();
        made.store.replay(name, other);
        await tell();
      }
    }
  });
});

describe("A16 an object", () => {
  test("is not taken for one of another type, vault, collection or epoch, or at another place", async () => {
    const store = memoryStore();
    const writer = new PackWriter({
      primitives,
      store,
      vaultId: someBytes(16),
      key: someBytes(32),
      epoch: 0,
    });
    const spec: ObjectSpec = {
      type: "lane",
      vaultId: someBytes(16),
      key: someBytes(32, "k"),
      epoch: 1,
      collection: "ab".repeat(16),
    };
    const placed = [];
    for (const text of ["one", "two"])
      placed.push(await addObject(primitives, writer, spec, { bytes: textToBytes(text) }));
    await writer.flush();
    const [one, two] = placed as [Ref, Ref];
    const read = (as: Partial<ObjectSpec>, ref: Ref): Promise<Bytes> =>
      readObject(primitives, new PackReader(store), { ...spec, ...as }, ref);
    expect(await read({}, one)).toEqual(textToBytes("one"));
    const others: Partial<ObjectSpec>[] = [
      { type: "tree" },
      { type: "attachment" },
      { vaultId: someBytes(16, "other") },
      { collection: "cd".repeat(16) },
      { epoch: 2 },
      { key: someBytes(32, "other") },
    ];
    for (const other of others)
      await expect(read(other, one)).rejects.toMatchObject({ code: "vault.corrupt" });
    const moved: Ref = [two[0], two[1], two[2], one[3]];
    await expect(read({}, moved)).rejects.toMatchObject({ code: "vault.corrupt" });
  });
});

describe("A17 files that the store plants", () => {
  test("change nothing, and work goes on", async () => {
    const made = await attackedVault(primitives);
    const other = await attackedVault(primitives);
    const first = await mustPublish(made.vault, made.snapshot, { n: 1 });
    const foreign = other.store.state;
    made.store.plant("heads/0000000007", foreign.get("heads/0000000001")!);
    made.store.plant("heads/9999999999", someBytes(900));
    made.store.plant("heads/zzz", someBytes(900));
    made.store.plant("packs/planted", someBytes(4096));
    made.store.plant("journals/planted", someBytes(400));
    made.store.plant("slots/0000000009", someBytes(3000));
    made.store.plant("slots/0000000008", foreign.get(SLOTS)!);
    for (const opening of [openByDevice(made, first.head), openByWords(made)])
      expect(await outcomeOf(opening)).toEqual({ n: 1 });
    await mustPublish(made.vault, first, { n: 2 });
    expect(await outcomeOf(openByDevice(made, first.head))).toEqual({ n: 2 });
  });

  const keepsNobodyOut = async (made: AttackedVault, planted: readonly Bytes[]): Promise<void> => {
    for (const bytes of planted) {
      made.store.plant("slots/0000000002", bytes);
      expect(await outcomeOf(openByWords(made))).toEqual({ n: 0 });
    }
  };

  test("among the slots may be of any shape: none keeps the owner out", async () => {
    const made = await attackedVault(primitives);
    const forge = (change: object): Promise<Bytes> => forgeDocument(made, () => change);
    const file = made.store.state.get(SLOTS)!;
    await keepsNobodyOut(made, [
      ...[0, 1, 7, 12, 13, 200].map((length) => file.slice(0, length)),
      await forge({ slots: null }),
      await forge({ slots: [null] }),
      await forge({ devices: [null] }),
      await forge({ vault: "zz" }),
      await forge({ version: -1 }),
    ]);
  });

  test("among the slots may end right after the header", async () => {
    const made = await attackedVault(primitives);
    const file = made.store.state.get(SLOTS)!;
    await keepsNobodyOut(
      made,
      [8, 9, 10, 11].map((length) => file.slice(0, length)),
    );
  });

  test("among the slots may have a password slot with nothing for parameters", async () => {
    const made = await attackedVault(primitives);
    const slots = [{ ...made.vault.document.slots[0]!, kind: "password", kdf: null }];
    await keepsNobodyOut(made, [await forgeDocument(made, () => ({ slots }))]);
  });

  test("under the last number do not hide the key documents that are written later", async () => {
    const made = await attackedVault(primitives);
    made.store.plant("slots/9999999999", someBytes(100));
    const { vault } = made;
    const roots = [{ epoch: 0, root: vault.keyring.newest.root }];
    const { document } = await storeDocument(primitives, made.store, vault.document, {
      roots,
      authoritySeed: vault.authoritySeed!,
    });
    expect((await openByDevice(made)).vault.document.version).toBe(document.version);
  });
});

describe("A19 to A21 a store that shows less than there is", () => {
  test("is found out by whoever has seen more: older head, other branch, hidden head", async () => {
    const made = await attackedVault(primitives);
    const states = [made.store.state];
    const seen = [made.snapshot];
    for (let n = 1; n <= 4; n++) {
      seen.push(await mustPublish(made.vault, seen.at(-1)!, { n }));
      states.push(made.store.state);
    }
    for (const [n, state] of states.entries()) {
      made.store.rollBack(state);
      for (const [known, snapshot] of seen.entries()) {
        const expected = known <= n ? { n } : "vault.rolled-back";
        expect(await outcomeOf(openByDevice(made, snapshot.head))).toEqual(expected);
      }
    }
    for (let hidden = 2; hidden <= 5; hidden++) {
      made.store.behave();
      made.store.hide(`heads/000000000${hidden}`);
      expect(await outcomeOf(openByDevice(made, seen[0]!.head))).toEqual(
        hidden === 5 ? { n: 3 } : "vault.rolled-back",
      );
    }
  });

  test("is found out when it shows two devices two branches, whichever is longer", async () => {
    const made = await attackedVault(primitives);
    const other = made.store.fork();
    const ours = await mustPublish(made.vault, made.snapshot, { n: 1 });
    const away: Vault = { ...made.vault, store: other };
    const theirs = await mustPublish(away, await mustPublish(away, made.snapshot, { n: 2 }), { n: 3 });
    expect(await outcomeOf(openByDevice({ ...made, store: other }, ours.head))).toBe("vault.rolled-back");
    expect(await outcomeOf(openByDevice(made, theirs.head))).toBe("vault.rolled-back");
    const mixed = other.fork();
    mixed.plant("heads/0000000002", made.store.state.get("heads/0000000002")!);
    expect(await outcomeOf(openByDevice({ ...made, store: mixed }, ours.head))).toBe("vault.rolled-back");
  });

  test("cannot pass off one version for another: a hidden one is missing", async () => {
    const made = await attackedVault(primitives);
    const first = await mustPublish(made.vault, made.snapshot, { n: 1 });
    const second = await mustPublish(made.vault, first, { n: 2 });
    made.store.replay("heads/0000000002", "heads/0000000001");
    await expect(snapshotAt(made.vault, second, 2)).rejects.toMatchObject({ code: "store.not-found" });
    made.store.behave();
    made.store.shuffle(3);
    expect((await snapshotAt(made.vault, second, 2)).root).toEqual({ n: 1 });
    expect(await outcomeOf(openByDevice(made, first.head))).toEqual({ n: 2 });
  });
});

describe("a store that lies about what it stored", () => {
  test("is found out before a new version is said to be there", async () => {
    for (const match of [/^packs\//, /^heads\//]) {
      const made = await attackedVault(primitives);
      made.store.drop(match);
      await expect(mustPublish(made.vault, made.snapshot, { n: 1 })).rejects.toMatchObject({
        code: match.source.includes("packs") ? "store.not-found" : "store.unavailable",
      });
      made.store.behave();
      expect(await outcomeOf(openByDevice(made, made.snapshot.head))).toEqual({ n: 0 });
    }
  });

  test("is found out before new keys are said to be there", async () => {
    const made = await attackedVault(primitives);
    made.store.drop(/^slots\//);
    const roots = [{ epoch: 0, root: made.vault.keyring.newest.root }];
    const secrets = { roots, authoritySeed: made.vault.authoritySeed! };
    const storing = storeDocument(primitives, made.store, made.vault.document, secrets);
    await expect(storing).rejects.toMatchObject({ code: "store.unavailable" });
  });

  test("is found out before the words of a new vault are shown", async () => {
    const store = new EvilStore();
    store.drop(/^slots\//);
    await expect(vaultIn(primitives, store)).rejects.toMatchObject({ code: "store.unavailable" });
  });

  test("says exists of every number, and is not asked for ever", async () => {
    const made = await attackedVault(primitives);
    made.store.claim(/^(heads|slots)\//);
    await expect(mustPublish(made.vault, made.snapshot, { n: 1 })).rejects.toMatchObject({
      code: "store.unavailable",
    });
    await expect(addDevice(made.vault)).rejects.toMatchObject({ code: "store.unavailable" });
  });

  test("says exists of a free number, and the head goes under the next", async () => {
    const made = await attackedVault(primitives);
    made.store.claim("heads/0000000002");
    const next = await mustPublish(made.vault, made.snapshot, { n: 1 });
    expect(next.head.number).toBe(3);
    made.store.claim(/^packs\//);
    await expect(mustPublish(made.vault, next, { n: 2 })).rejects.toMatchObject({ code: "store.exists" });
  });
});

describe("a store that does its work and loses its replies", () => {
  test("gets each object once, when asked again", async () => {
    const made = await attackedVault(primitives);
    const answered = new Set<string>();
    const forgetful: Store = {
      get: (name, range, options) => made.store.get(name, range, options),
      list: (prefix, options) => made.store.list(prefix, options),
      remove: (name, options) => made.store.remove(name, options),
      async put(name, bytes, options) {
        const outcome = await made.store.put(name, bytes, options);
        if (answered.has(name)) return outcome;
        answered.add(name);
        throw new KeepsakeError("store.unavailable", { retry: "now" });
      },
    };
    const vault: Vault = { ...made.vault, store: retryStore(forgetful) };
    const first = await mustPublish(vault, made.snapshot, { n: 1 });
    const second = await mustPublish(vault, first, { n: 2 });
    expect(second.head.number).toBe(3);
    expect(await outcomeOf(openByDevice(made, second.head))).toEqual({ n: 2 });
    expect([...made.store.state.keys()].filter((name) => name.startsWith("heads/"))).toHaveLength(3);
  });
});

describe("A25 content that mimics control objects", () => {
  test("is not taken for them, though it is the same to the bit and sealed by the same key", async () => {
    const made = await attackedVault(primitives);
    const { vault, snapshot } = made;
    const writer = new PackWriter({
      primitives,
      store: made.store,
      vaultId: vault.id,
      key: vault.keyring.newest.pack,
      epoch: 0,
    });
    const root = stateSpec(vault, "root", 0);
    const bytes = textToBytes(JSON.stringify(snapshot.root));
    const attachment = await addObject(primitives, writer, { ...root, type: "attachment" }, { bytes });
    const [pack, offset, length] = snapshot.head.root;
    const sealedRoot = made.store.state.get(`packs/${pack}`)!.slice(offset, offset + length);
    const copy = await addObject(primitives, writer, { ...root, type: "attachment" }, { bytes: sealedRoot });
    await writer.flush();
    expect(attachment[3]).toBe(snapshot.head.root[3]);
    for (const placed of [attachment, copy]) {
      const read = readObject(primitives, new PackReader(made.store), root, placed);
      await expect(read).rejects.toMatchObject({ code: "vault.corrupt" });
    }
  });
});

/** The sizes of the packs that these attachments make, and of the objects in them. */
async function sizesOf(contents: readonly Bytes[]): Promise<{ packs: number[]; objects: number[] }> {
  const store = memoryStore();
  const common = { primitives, store, vaultId: someBytes(16), key: someBytes(32), epoch: 0 };
  const writer = new PackWriter(common);
  const spec: ObjectSpec = { type: "attachment", vaultId: someBytes(16), key: someBytes(32), epoch: 0 };
  const placed = [];
  for (const bytes of contents)
    placed.push(await addObject(primitives, writer, spec, { bytes, isMedia: true }));
  await writer.flush();
  return {
    packs: [...store.objects.values()].map(({ length }) => length).toSorted((a, b) => a - b),
    objects: placed.map((each) => each[2]),
  };
}

describe("A26 and A27 what a store can see", () => {
  test("where packs and objects end hangs on lengths alone, not on content", async () => {
    const lengths = [4_000_000, 3_000_000, 70_000, 4_194_304, 4_194_304, 900_000, 2_500_000];
    const seen = [];
    for (let i = 0; i < 3; i++) seen.push(await sizesOf(lengths.map((length) => primitives.random(length))));
    expect(seen[1]).toEqual(seen[0]);
    expect(seen[2]).toEqual(seen[0]);
  });

  test("every pack has a size of the ladder, and every head one size", async () => {
    const made = await attackedVault(primitives);
    let snapshot = made.snapshot;
    for (let n = 1; n < 8; n++) {
      const text = bytesToHex(primitives.random(400 * n * n));
      snapshot = await mustPublish(made.vault, snapshot, { n, text });
    }
    const sizes = (prefix: string): number[] =>
      [...made.store.state].filter(([name]) => name.startsWith(prefix)).map(([, { length }]) => length);
    expect(sizes("packs/").every(isLadderSize)).toBe(true);
    expect(new Set(sizes("heads/").slice(1)).size).toBe(1);
  });
});

describe("A28 the same file in two vaults", () => {
  test("leaves nothing in common for a store to see, and no more than its size in one", async () => {
    const bytes = primitives.random(50_000);
    const stores = [];
    for (let i = 0; i < 2; i++) {
      const made = await attackedVault(primitives);
      const writer = new PackWriter({
        primitives,
        store: made.store,
        vaultId: made.vault.id,
        key: made.vault.keyring.newest.pack,
        epoch: 0,
      });
      const key = primitives.random(32);
      const spec: ObjectSpec = { type: "attachment", vaultId: made.vault.id, key, epoch: 0 };
      await addObject(primitives, writer, spec, { bytes, isMedia: true });
      await writer.flush();
      stores.push(made.store.state);
    }
    const windows = (state: ReadonlyMap<string, Bytes>): Set<string> => {
      const packs = [...state].filter(([name]) => name.startsWith("packs/"));
      return new Set(packs.flatMap(([, file]) => chunksOf(file.slice(8))));
    };
    const [a, b] = stores.map(windows) as [Set<string>, Set<string>];
    expect([...a].filter((chunk) => b.has(chunk))).toEqual([]);
    const names = stores.flatMap((state) => [...state.keys()].filter((name) => name.startsWith("packs/")));
    expect(new Set(names).size).toBe(names.length);
    const digest = bytesToHex(primitives.sha256(bytes));
    for (const state of stores)
      for (const file of state.values()) expect(bytesToHex(file)).not.toContain(digest.slice(0, 16));
  });
});

function chunksOf(bytes: Bytes): string[] {
  const count = Math.floor(bytes.length / 8);
  return Array.from({ length: count }, (_, i) => bytesToHex(bytes.slice(8 * i, 8 * i + 8)));
}
