import { bytesToHex, hexToBytes, KeepsakeError, textToBytes, type Primitives } from "../base/index.ts";
import { receiptText, type Receipt } from "../protocol/index.ts";
import { base64ToBytes } from "./base64.ts";

/** What a device remembers of the receipts of a vault on a server: the last one. */
export interface ReceiptAnchor {
  readonly number: number;
  /** SHA-256 of the receipt's text. */
  readonly hash: string;
}

/**
 * Checks that a receipt is this server's, for this vault, and that it follows what the device saw last: it is a later
 * one, and the very next one goes on where that ended. Gives the new anchor. Throws `server.bad-receipt`.
 */
export function checkReceipt(
  primitives: Primitives,
  {
    receipt,
    receiptKey,
    vault,
  }: { readonly receipt: Receipt; readonly receiptKey: string; readonly vault: string },
  anchor: ReceiptAnchor | undefined,
): ReceiptAnchor {
  const text = textToBytes(receiptText(receipt));
  const key = hexToBytes(receiptKey);
  const signature = base64ToBytes(receipt.signature);
  if (key === undefined || signature === undefined || !primitives.ed25519.verify(signature, text, key))
    throw refused("signature");
  if (receipt.vault !== vault) throw refused("vault");
  const hash = bytesToHex(primitives.sha256(text));
  if (anchor !== undefined) {
    if (receipt.number < anchor.number) throw refused("went-back");
    if (receipt.number === anchor.number)
      throw refused(hash === anchor.hash ? "repeated" : "two-of-one-number");
    if (receipt.number === anchor.number + 1 && receipt.before !== anchor.hash) throw refused("chain");
  }
  return { number: receipt.number, hash };
}

function refused(why: string): KeepsakeError {
  return new KeepsakeError("server.bad-receipt", { details: { why } });
}
