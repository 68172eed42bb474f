import { createHash } from "node:crypto";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { bytesToHex, bytesToText, hexToBytes, KeepsakeError } from "@keepsake/core/base";
import type { Membership, OperatorAnchor, ReceiptAnchor } from "@keepsake/core/client";
import { configFolder, readIfThere, writePrivate } from "./folders.ts";

/** What this device keeps of a server it is logged in to, in a file that only its owner can read. It opens no vault. */
export interface KeptMembership extends Membership {
  readonly url: string;
  /** The key of the server's receipts as it was when the device logged in. */
  readonly receiptKey: string;
  /** Whether the server lets clients send packs to its object store themselves. */
  readonly isDirect?: boolean;
  /** The vault that is meant where an address names none. */
  readonly vault?: string;
  /** The name of the receipt that there will be once the membership has ended; absent where it is not being ended. */
  readonly deletionReceipt?: string;
  /** The last entry that this device saw of the log of the server's operators. */
  readonly operatorLog?: OperatorAnchor;
  /** The last receipt for each vault. */
  readonly receipts: Readonly<Record<string, ReceiptAnchor>>;
}

interface MembershipJson extends Omit<KeptMembership, "deviceSeed"> {
  readonly deviceSeed: string;
}

/** Undefined where this device is not logged in there. */
export async function readMembership(
  env: NodeJS.ProcessEnv,
  url: string,
): Promise<KeptMembership | undefined> {
  const file = await readIfThere(pathOf(env, url));
  if (file === undefined) return undefined;
  try {
    const { deviceSeed, ...rest } = JSON.parse(bytesToText(file)) as MembershipJson;
    return { ...rest, deviceSeed: hexToBytes(deviceSeed)! };
  } catch (cause) {
    throw new KeepsakeError("cli.no-file", { cause, details: { what: "membership" } });
  }
}

export async function writeMembership(env: NodeJS.ProcessEnv, membership: KeptMembership): Promise<void> {
  const json: MembershipJson = { ...membership, deviceSeed: bytesToHex(membership.deviceSeed) };
  await writePrivate(pathOf(env, membership.url), `${JSON.stringify(json, null, 2)}\n`);
}

export async function forgetMembership(env: NodeJS.ProcessEnv, url: string): Promise<void> {
  await rm(pathOf(env, url), { force: true });
}

function pathOf(env: NodeJS.ProcessEnv, url: string): string {
  const name = createHash("sha256").update(url).digest("hex").slice(0, 32);
  return join(configFolder(env), "servers", `${name}.json`);
}
