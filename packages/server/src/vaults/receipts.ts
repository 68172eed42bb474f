import { createHash, createPrivateKey, createPublicKey, sign, type KeyObject } from "node:crypto";
import { receiptText, type Receipt } from "@keepsake/core/protocol";
import type { Query } from "../db/index.ts";
import type { Secrets } from "../keys/secrets.ts";

/** Takes down a receipt in the transaction that takes the head. */
export async function giveReceipt(
  query: Query,
  secrets: Secrets,
  taken: Pick<Receipt, "vault" | "head" | "headHash" | "atMs">,
): Promise<Receipt> {
  const { receipts: number, receiptHash: before } = await query
    .updateTable("vault")
    .set((row) => ({ receipts: row("receipts", "+", 1) }))
    .where("id", "=", taken.vault)
    .returning(["receipts", "receiptHash"])
    .executeTakeFirstOrThrow();
  const unsigned = { ...taken, number, before };
  const text = receiptText(unsigned);
  const receipt = { ...unsigned, signature: signText(secrets, text) };
  await query.insertInto("receipt").values(receipt).execute();
  const receiptHash = createHash("sha256").update(text).digest("hex");
  await query.updateTable("vault").set({ receiptHash }).where("id", "=", taken.vault).execute();
  return receipt;
}

/** Receipts of a vault after a number, the oldest first. */
export async function receiptsAfter(
  query: Query,
  vault: string,
  { after, limit }: { readonly after: number; readonly limit: number },
): Promise<readonly Receipt[]> {
  return query
    .selectFrom("receipt")
    .selectAll()
    .where("vault", "=", vault)
    .where("number", ">", after)
    .orderBy("number")
    .limit(limit)
    .execute();
}

/** The server's signature, in base64url. What is signed says in its first words what it is. */
export function signText(secrets: Secrets, text: string): string {
  return sign(undefined, Buffer.from(text), signingKey(secrets)).toString("base64url");
}

/** The key by which receipts are checked, in hex. */
export function receiptKey(secrets: Secrets): string {
  const { x } = createPublicKey(signingKey(secrets)).export({ format: "jwk" });
  return Buffer.from(x!, "base64url").toString("hex");
}

/** What DER puts before the seed of an Ed25519 key. */
const seedPrefix = Buffer.from("302e020100300506032b657004220420", "hex");
const keys = new WeakMap<Secrets, KeyObject>();

function signingKey(secrets: Secrets): KeyObject {
  const known = keys.get(secrets);
  if (known !== undefined) return known;
  const der = Buffer.concat([seedPrefix, secrets.receiptSeed]);
  const key = createPrivateKey({ key: der, format: "der", type: "pkcs8" });
  keys.set(secrets, key);
  return key;
}
