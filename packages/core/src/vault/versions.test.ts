import { describe, expect, test } from "vitest";
import { testPrimitives } from "../../testing/primitives.ts";
import {
  attackedVault,
  mustPublish,
  openByDevice,
  openByWords,
  outcomeOf,
  publishRoot,
  type AttackedVault,
} from "../../testing/stores/attacked-vault.ts";
import { someBytes } from "../../testing/stores/conformance.ts";
import { bytesToHex, concatBytes, textToBytes, u32ToBytes } from "../base/index.ts";
import { encodeHead, type HeadBody } from "./heads/head.ts";
import { headNumbers } from "./heads/heads.ts";
import type { KeyEntry } from "./keys/directory.ts";
import { putEntries } from "./keys/change-directory.ts";
import { decodeDocument, encodeDocument, type SlotDocument } from "./keys/document.ts";
import type { Slot } from "./keys/slot.ts";
import { readJournals, writeJournal } from "./journal.ts";
import { addDevice, rotateRoot, setPassword } from "./manage.ts";
import { newestSnapshot } from "./open.ts";
import { fileHeader, packContent, sealObject } from "./seal/index.ts";
import { numberName } from "./store/names.ts";

const primitives = await testPrimitives();

/** Puts a head after the newest one as another program might write it. */
async function putHead(made: AttackedVault, change: object, number?: number): Promise<void> {
  const { vault, store } = made;
  const { head } = await newestSnapshot(vault);
  const { root, directory, epoch, slots, contentRoot, time, verb, counts, needs } = head;
  const body = { root, directory, epoch, slots, contentRoot, time, verb, counts, needs, ...change };
  const file = await encodeHead(
    primitives,
    { vaultId: vault.id, keyring: vault.keyring, signingSeed: vault.device!.signingSeed },
    { number: number ?? head.number + 1, writer: 0, parents: [head.hash], body: body as HeadBody },
  );
  store.plant(`heads/${numberName(number ?? head.number + 1)}`, file);
}

/** Puts a slot document as another program might write it: signed by the vault's own authority. */
async function putDocument(made: AttackedVault, change: (document: SlotDocument) => object): Promise<void> {
  const document = await decodeDocument(primitives, made.store.state.get("slots/0000000001")!);
  const changed = { ...document, ...change(document) } as SlotDocument;
  const file = await encodeDocument(primitives, changed, made.vault.authoritySeed!);
  made.store.plant("slots/0000000001", file);
}

describe("what a newer program wrote", () => {
  test("is read where it may be ignored", async () => {
    const made = await attackedVault(primitives);
    await putHead(made, { weather: "fine" });
    await putDocument(made, ({ slots }) => ({
      motto: "x",
      slots: [...slots, { ...slots[0], id: "00".repeat(8), kind: "guardians", shares: [] }],
    }));
    expect(await outcomeOf(openByDevice(made))).toEqual({ n: 0 });
    expect(await outcomeOf(openByWords(made))).toEqual({ n: 0 });
  });

  test("is refused where a reader must know it", async () => {
    const made = await attackedVault(primitives);
    await putHead(made, { needs: { read: ["many-trees"], write: [] } });
    expect(await outcomeOf(openByDevice(made))).toBe("vault.newer-format");
    expect(await outcomeOf(openByWords(made))).toBe("vault.newer-format");
  });

  test("is read and not written after where a writer would drop it", async () => {
    const made = await attackedVault(primitives);
    await putHead(made, { needs: { read: [], write: ["pinned"] } });
    const { vault, snapshot } = await openByDevice(made);
    expect(snapshot.root).toEqual({ n: 0 });
    const names = [...made.store.state.keys()];
    const refused = { code: "vault.newer-format", details: { needs: "pinned" } };
    await expect(publishRoot(vault, snapshot, { n: 1 })).rejects.toMatchObject(refused);
    await expect(setPassword(made.vault, "correct horse battery")).rejects.toMatchObject(refused);
    await expect(rotateRoot(made.vault)).rejects.toMatchObject(refused);
    expect([...made.store.state.keys()]).toEqual(names);
  });

  test.each<[string, (document: SlotDocument) => object]>([
    ["a field", () => ({ motto: "x" })],
    ["a kind of slot", ({ slots }) => ({ slots: [...slots, { ...slots[0], kind: "guardians" }] })],
    ["a field of a slot", ({ slots }) => ({ slots: slots.map((slot) => ({ ...slot, note: 1 })) })],
    ["a field of a device", ({ devices }) => ({ devices: devices.map((each) => ({ ...each, note: 1 })) })],
  ])("keeps the slot document from being written by us: %s", async (_, change) => {
    const made = await attackedVault(primitives);
    await putDocument(made, change);
    const { vault } = await openByWords(made);
    const names = [...made.store.state.keys()];
    for (const write of [addDevice(vault), setPassword(vault, undefined), rotateRoot(vault)])
      await expect(write).rejects.toMatchObject({ code: "vault.newer-format" });
    expect([...made.store.state.keys()]).toEqual(names);
  });

  test("refuses the whole vault where its slot document says so", async () => {
    const made = await attackedVault(primitives);
    await putDocument(made, () => ({ leastFormat: 2 }));
    expect(await outcomeOf(openByDevice(made))).toBe("vault.newer-format");
  });

  test("among the journals is left alone", async () => {
    const { vault, store } = await attackedVault(primitives);
    await writeJournal(vault, { ours: 1 });
    const name = "0".repeat(26);
    const { pack: key, epoch } = vault.keyring.newest;
    const context = { type: "journal", vaultId: vault.id, epoch, id: textToBytes(name) } as const;
    const content = packContent(primitives, textToBytes(JSON.stringify([2, { theirs: 1 }])));
    const sealed = await sealObject(primitives, key, {
      context,
      plain: [u32ToBytes(content.length), content],
    });
    store.plant(`journals/${name}`, concatBytes(fileHeader("journal"), sealed));
    expect((await readJournals(vault)).map(({ value }) => value)).toEqual([{ ours: 1 }]);
    expect(store.state.has(`journals/${name}`)).toBe(true);
  });
});

describe("numbers of heads", () => {
  test("end with ten digits: nothing is written after the last", async () => {
    const made = await attackedVault(primitives);
    await putHead(made, {}, 9_999_999_999);
    const { vault, snapshot } = await openByDevice(made);
    expect(snapshot.head.number).toBe(9_999_999_999);
    await expect(publishRoot(vault, snapshot, { n: 1 })).rejects.toMatchObject({ code: "base.limit" });
  });

  test("begin with 1: what lies under 0 is no head", async () => {
    const made = await attackedVault(primitives);
    made.store.plant("heads/0000000000", made.store.state.get("heads/0000000001")!);
    expect(await headNumbers(made.store)).toEqual([1]);
  });
});

describe("a slot document", () => {
  const document = (slots: number): SlotDocument => {
    const [publicKey, box] = ["00".repeat(1216), "00".repeat(1400)];
    const slot = (i: number): Slot => {
      const id = i.toString(16).padStart(16, "0");
      return { id, kind: "device", publicKey, vouch: "00".repeat(32), box };
    };
    return {
      format: 1,
      leastFormat: 1,
      vault: "00".repeat(16),
      version: 1,
      previous: "",
      authority: "00".repeat(32),
      epoch: 0,
      slots: Array.from({ length: slots }, (_, i) => slot(i)),
      devices: [],
    };
  };
  const encodedBytes = async (slots: number): Promise<number> =>
    (await encodeDocument(primitives, document(slots), someBytes(32))).length;

  test("does not tell by its length how many slots there are", async () => {
    const KiB = 1024;
    expect(new Set(await Promise.all([1, 2, 3, 4, 5].map(encodedBytes)))).toEqual(new Set([32 * KiB]));
    expect(new Set(await Promise.all([7, 8, 9, 11].map(encodedBytes)))).toEqual(new Set([64 * KiB]));
    expect(await encodedBytes(40)).toBe(256 * KiB);
  });

  test("is not longer than readers take", async () => {
    expect(await encodedBytes(180)).toBe(1024 * 1024);
    await expect(encodedBytes(250)).rejects.toMatchObject({ code: "base.limit" });
  });
});

describe("key entries", () => {
  const key = bytesToHex(someBytes(32));
  const ref = ["0".repeat(26), 8, 200, key] as const;
  const id = "00".repeat(16);

  test.each<[string, object]>([
    ["of a kind that is unknown", { kind: "tree" }],
    ["of no kind", { kind: undefined }],
    ["of a delta with a key of another epoch", { kind: "delta", ref, keys: [[1, key]] }],
    ["of a delta with two keys", { kind: "delta", ref, keys: [0, 1].map((epoch) => [epoch, key]) }],
    ["of a delta that lies nowhere", { kind: "delta" }],
    ["of a chat that lies somewhere", { ref }],
    ["without keys", { keys: [] }],
    ["with a short key", { keys: [[0, "00"]] }],
    ["with a short id", { id: "00" }],
  ])("%s are refused", async (_, change) => {
    const made = await attackedVault(primitives);
    const entry = { id, kind: "chat", name: "a:user:1", keys: [[0, key]] } as const;
    const good = { ...made.snapshot, directory: putEntries(made.snapshot.directory, [entry]) };
    const next = await mustPublish(made.vault, good, { n: 1 });
    const bad = putEntries(next.directory, [{ ...entry, ...change } as KeyEntry]);
    const published = mustPublish(made.vault, { ...next, directory: bad }, { n: 2 });
    await expect(published).rejects.toMatchObject({ code: "vault.corrupt" });
    expect(await outcomeOf(openByDevice(made))).toEqual({ n: 1 });
  });
});
