import { bytesToHex, hexToBytes, KeepsakeError, textToBytes, type Primitives } from "../base/index.ts";
import { receiptText, type Receipt } from "../protocol/index.ts";
import { base64ToBytes } from "./base64.ts";

/** What a device remembers of the receipts of a vault on a server: the last one. */
export interface ReceiptAnchor {
  readonly number: number;
  /** SHA-256 of the receipt's text. */
  readonly hash: string;
}

/** A receipt that is a server's, for one vault: its place, and how it goes on from the one before. */
export interface CheckedReceipt extends ReceiptAnchor {
  readonly before: string;
}

/** Checks that a receipt is this server's, for this vault. Throws `server.bad-receipt`. */
export async function checkReceipt(
  primitives: Primitives,
  {
    receipt,
    receiptKey,
    vault,
  }: { readonly receipt: Receipt; readonly receiptKey: string; readonly vault: string },
): Promise<CheckedReceipt> {
  const text = textToBytes(receiptText(receipt));
  const key = hexToBytes(receiptKey);
  const signature = base64ToBytes(receipt.signature);
  const isSigned =
    key !== undefined && signature !== undefined && (await primitives.ed25519.verify(signature, text, key));
  if (!isSigned) throw refused("signature");
  if (receipt.vault !== vault) throw refused("vault");
  const { number, before } = receipt;
  return { number, before, hash: bytesToHex(primitives.sha256(text)) };
}

/**
 * Checks that a receipt follows what the device saw last: it is a later one, and the very next one goes on where that
 * ended. Gives the new anchor, at once: nothing else is seen in between. Throws `server.bad-receipt`.
 */
export function followReceipt(
  { number, before, hash }: CheckedReceipt,
  anchor: ReceiptAnchor | undefined,
): ReceiptAnchor {
  if (anchor !== undefined) {
    if (number < anchor.number) throw refused("went-back");
    if (number === anchor.number) throw refused(hash === anchor.hash ? "repeated" : "two-of-one-number");
    if (number === anchor.number + 1 && before !== anchor.hash) throw refused("chain");
  }
  return { number, hash };
}

function refused(why: string): KeepsakeError {
  return new KeepsakeError("server.bad-receipt", { details: { why } });
}
