import { bytesToHex, hexToBytes, KeepsakeError, textToBytes, type Primitives } from "../base/index.ts";
import { operatorText, type OperatorEntry } from "../protocol/index.ts";
import { base64ToBytes } from "./base64.ts";
import type { Connection } from "./connection.ts";

/** How far a device has seen the log of a server's operator. */
export interface OperatorAnchor {
  readonly number: number;
  /** SHA-256 of that entry's text. */
  readonly hash: string;
}

const PAGE = 1000;

/**
 * All that a server's operators did, the oldest first, and where it ends. Throws `server.bad-log` where an entry is
 * not signed by the server, was left out, or where what this device saw before is not there any more.
 */
export async function operatorLog(
  connection: Connection,
  { receiptKey, seen }: { readonly receiptKey: string; readonly seen: OperatorAnchor | undefined },
): Promise<{ readonly entries: readonly OperatorEntry[]; readonly end: OperatorAnchor }> {
  const entries: OperatorEntry[] = [];
  let end: OperatorAnchor = { number: 0, hash: "" };
  for (let isEnd = false; !isEnd;) {
    const page = await connection.call("GET /v1/operator/log", { query: { after: String(end.number) } });
    for (const entry of page.entries) {
      end = await follow(connection.primitives, { entry, receiptKey, before: end });
      if (seen?.number === end.number && seen.hash !== end.hash) throw badLog(end.number);
      entries.push(entry);
    }
    isEnd = page.entries.length < PAGE;
  }
  if (seen !== undefined && seen.number > end.number) throw badLog(end.number + 1);
  return { entries, end };
}

/** The place of an entry that is signed and follows the one before. */
async function follow(
  primitives: Primitives,
  {
    entry,
    receiptKey,
    before,
  }: { readonly entry: OperatorEntry; readonly receiptKey: string; readonly before: OperatorAnchor },
): Promise<OperatorAnchor> {
  const [key, signature] = [hexToBytes(receiptKey), base64ToBytes(entry.signature)];
  const text = textToBytes(operatorText(entry));
  const isSigned =
    key !== undefined && signature !== undefined && (await primitives.ed25519.verify(signature, text, key));
  if (!isSigned || entry.number !== before.number + 1 || entry.before !== before.hash)
    throw badLog(before.number + 1);
  return { number: entry.number, hash: bytesToHex(primitives.sha256(text)) };
}

function badLog(number: number): KeepsakeError {
  return new KeepsakeError("server.bad-log", { details: { number } });
}
