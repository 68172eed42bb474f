import { describe, expect, test } from "vitest";
import { attackedVault, mustPublish, recordingPrimitives } from "../../testing/stores/attacked-vault.ts";
import { someBytes } from "../../testing/stores/conformance.ts";
import { testPrimitives } from "../../testing/primitives.ts";
import { bytesToHex, equalBytes, KeepsakeError, type Bytes } from "../base/index.ts";
import { decodeHead } from "./heads/head.ts";
import { decodeDocument } from "./keys/document.ts";
import { readObject } from "./objects.ts";
import { PackReader } from "./pack/index.ts";
import { sealObject } from "./seal/index.ts";
import { memoryStore } from "./store/index.ts";
import { stateSpec } from "./vault.ts";

const TIMEOUT_MS = 60_000;
/** In a soak every bit of everything, otherwise fewer of the bits under a signature, which take a millisecond each. */
const isSoak = process.env["KEEPSAKE_SOAK"] === "1";
const primitives = await testPrimitives();

/** Every `step`-th altered bit of a file, by its place. */
function* flippedBits(file: Bytes, step: number): Generator<Bytes> {
  for (let bit = 0; bit < file.length * 8; bit += step) {
    const altered = file.slice();
    altered[bit >> 3]! ^= 1 << (bit & 7);
    yield altered;
  }
}

describe("a file of which one bit is another", () => {
  test(
    "is no head",
    async () => {
      const { store, vault } = await attackedVault(primitives);
      const options = { vaultId: vault.id, keyring: vault.keyring, document: vault.document };
      const file = store.state.get("heads/0000000001")!;
      expect(await decodeHead(primitives, options, 1, file)).toBeDefined();
      for (const altered of flippedBits(file, isSoak ? 1 : 3)) {
        const head = await decodeHead(primitives, options, 1, altered).catch((error: unknown) => error);
        if (head !== undefined) expect(head).toMatchObject({ code: "vault.newer-format" });
      }
    },
    TIMEOUT_MS,
  );

  test(
    "is no slot document",
    async () => {
      const { store } = await attackedVault(primitives);
      const file = store.state.get("slots/0000000001")!;
      expect((await decodeDocument(primitives, file)).version).toBe(1);
      for (const altered of flippedBits(file, isSoak ? 1 : 23))
        await expect(decodeDocument(primitives, altered)).rejects.toThrow(KeepsakeError);
    },
    TIMEOUT_MS,
  );

  test(
    "gives no other root than was written: every bit of its pack",
    async () => {
      const { store, vault, snapshot } = await attackedVault(primitives);
      const [pack] = snapshot.head.root;
      const file = store.state.get(`packs/${pack}`)!;
      const objects = new Map<string, Bytes>();
      const spec = stateSpec(vault, "root", 0);
      const read = (): Promise<Bytes> =>
        readObject(primitives, new PackReader(memoryStore(objects)), spec, snapshot.head.root);
      objects.set(`packs/${pack}`, file);
      const root = await read();
      let refused = 0;
      for (const altered of flippedBits(file, 1)) {
        objects.set(`packs/${pack}`, altered);
        const result = await read().catch((error: unknown) => error);
        if (KeepsakeError.is(result, "vault.corrupt")) refused++;
        else expect(equalBytes(result as Bytes, root)).toBe(true);
      }
      expect(refused).toBe(snapshot.head.root[2] * 8);
    },
    TIMEOUT_MS,
  );
});

describe("A24 keys and nonces", () => {
  test(
    "never meet twice, over many objects, vaults and versions",
    async () => {
      const { primitives: recorded, sealings } = recordingPrimitives(primitives);
      const key = someBytes(32);
      const objects = isSoak ? 1_000_000 : 20_000;
      for (let i = 0; i < objects; i++) {
        const context = { type: "lane", vaultId: someBytes(16), epoch: 0, id: new Uint8Array(0) } as const;
        await sealObject(recorded, key, { context, plain: [new Uint8Array(8)] });
      }
      const large = { type: "attachment", vaultId: someBytes(16), epoch: 0, id: new Uint8Array(0) } as const;
      for (let i = 0; i < 4; i++) {
        await sealObject(recorded, key, { context: large, plain: [new Uint8Array(4 * 1024 * 1024)] });
      }
      const made = await attackedVault(recorded);
      let snapshot = made.snapshot;
      for (let n = 1; n < 20; n++) snapshot = await mustPublish(made.vault, snapshot, { n });
      const pairs = new Set(sealings.map((each) => bytesToHex(each.key) + bytesToHex(each.nonce)));
      expect(pairs.size).toBe(sealings.length);
      expect(sealings.length).toBeGreaterThan(objects + 4 * 64 + 19 * 5);
    },
    TIMEOUT_MS,
  );
});
