import { hexToBytes, KeepsakeError, textToBytes, type Primitives } from "../../base/index.ts";
import { deletionText, type DeletionReceipt, type Routes } from "../../protocol/index.ts";
import { base64ToBytes } from "../base64.ts";
import type { Connection } from "../connection.ts";
import { loadOpaque } from "../member.ts";

/** How the end of a membership stands. */
export type Closing = Routes["POST /v1/closing/finish"]["answer"];

/**
 * Begins to end the membership of who is logged in: after seven days, in which every device and contact is told each
 * day, all that it holds at the server is gone. Throws `member.wrong-login`, `member.totp-needed`.
 */
export async function closeMembership(
  connection: Connection,
  {
    password,
    totp,
  }: {
    readonly password: string;
    /** The code of an authenticator app, where the member has one. */
    readonly totp?: string | undefined;
  },
): Promise<Closing> {
  const opaque = await loadOpaque();
  const { clientLoginState, startLoginRequest } = opaque.startLogin({ password });
  const { ticket, loginResponse } = await connection.call("POST /v1/closing/start", {
    body: { startLoginRequest },
  });
  const finished = opaque.finishLogin({ clientLoginState, loginResponse, password });
  if (finished === undefined) throw new KeepsakeError("member.wrong-login");
  const { finishLoginRequest } = finished;
  return connection.call("POST /v1/closing/finish", {
    body: { ticket, finishLoginRequest, ...(totp === undefined ? {} : { totp }) },
  });
}

/** Checks that a deletion receipt is signed by a server's key, in hex. Throws `server.bad-receipt`. */
export async function checkDeletion(
  primitives: Primitives,
  receipt: DeletionReceipt,
  receiptKey: string,
): Promise<void> {
  const [key, signature] = [hexToBytes(receiptKey), base64ToBytes(receipt.signature)];
  const text = textToBytes(deletionText(receipt));
  const isSigned =
    key !== undefined && signature !== undefined && (await primitives.ed25519.verify(signature, text, key));
  if (!isSigned) throw new KeepsakeError("server.bad-receipt", { details: { why: "signature" } });
}
