import { x25519 } from "@noble/curves/ed25519.js";
import { sha3_256, shake256 } from "@noble/hashes/sha3.js";
import { ml_kem768 as mlKem } from "@noble/post-quantum/ml-kem.js";
import { expect, test } from "vitest";
import { testPrimitives } from "../../../testing/primitives.ts";
import { bytesToText, concatBytes, textToBytes, type Bytes } from "../../base/index.ts";
import { deriveKey, openObject } from "../seal/index.ts";
import { openBox, sealBox, slotKeys } from "./hybrid.ts";

const primitives = await testPrimitives();
const vaultId = new Uint8Array(16).fill(4);
const context = { type: "slot", vaultId, epoch: 3, id: new Uint8Array(16).fill(5) } as const;
const KEM_BYTES = 1088;
const BOX_HEAD_BYTES = 1120;

/** The two halves of a slot's key, taken apart by another implementation. */
function halvesOf(secretKey: Bytes) {
  const expanded = shake256(secretKey, { dkLen: 96 });
  return { kem: mlKem.keygen(expanded.slice(0, 64)), x: expanded.slice(64) };
}

/** Opens a box as who holds these halves, whosever they are; the public point is the slot's own. */
async function openByHalves(
  halves: { readonly kem: { readonly secretKey: Uint8Array }; readonly x: Uint8Array },
  publicPoint: Uint8Array,
  box: Bytes,
): Promise<string> {
  const point = box.slice(KEM_BYTES, BOX_HEAD_BYTES);
  const first = mlKem.decapsulate(box.slice(0, KEM_BYTES), halves.kem.secretKey);
  const second = x25519.getSharedSecret(halves.x, point);
  const label = textToBytes("\\.//^\\");
  const secret = new Uint8Array(sha3_256(concatBytes(first, second, point, publicPoint, label)));
  const key = deriveKey(primitives, secret, "slot/box", vaultId);
  return bytesToText(await openObject(primitives, key, context, box.slice(BOX_HEAD_BYTES)));
}

test("A40: a slot opens with both halves of its key, and with neither alone", async () => {
  const [own, other] = await Promise.all(
    [1, 2].map((fill) => slotKeys(primitives, new Uint8Array(32).fill(fill), vaultId)),
  );
  const box = await sealBox(primitives, own!.publicKey, context, textToBytes("the root"));
  const [mine, theirs] = [halvesOf(own!.secretKey), halvesOf(other!.secretKey)];
  const point = x25519.getPublicKey(mine.x);
  expect(await openByHalves(mine, point, box)).toBe("the root");
  // Who has broken the curve, or the lattice, and not the other.
  for (const some of [
    { kem: theirs.kem, x: mine.x },
    { kem: mine.kem, x: theirs.x },
  ])
    await expect(openByHalves(some, point, box)).rejects.toMatchObject({ code: "vault.corrupt" });
});

test("A40: a box whose one half was made for another key does not open", async () => {
  const [own, other] = await Promise.all(
    [1, 2].map((fill) => slotKeys(primitives, new Uint8Array(32).fill(fill), vaultId)),
  );
  const [box, foreign] = [
    await sealBox(primitives, own!.publicKey, context, textToBytes("the root")),
    await sealBox(primitives, other!.publicKey, context, textToBytes("the root")),
  ];
  expect(bytesToText(await openBox(primitives, own!.secretKey, context, box))).toBe("the root");
  for (const mixed of [
    concatBytes(foreign.slice(0, KEM_BYTES), box.slice(KEM_BYTES)),
    concatBytes(box.slice(0, KEM_BYTES), foreign.slice(KEM_BYTES, BOX_HEAD_BYTES), box.slice(BOX_HEAD_BYTES)),
  ])
    await expect(openBox(primitives, own!.secretKey, context, mixed)).rejects.toMatchObject({
      code: "vault.corrupt",
    });
});
