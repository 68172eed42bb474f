import { bytesToHex, bytesToText, hexToBytes, textToBytes, type Bytes } from "@keepsake/core/base";
import type { Membership, ReceiptAnchor } from "@keepsake/core/client";
import type { Anchor, DeviceKey } from "@keepsake/core/vault";
import { forgetCache } from "./cache.ts";
import { forgetKept, readKept, writeKept } from "./kept.ts";
import { locked, unlocked, type Locked } from "./lock.ts";

/** What this browser keeps of a member: nothing in it opens anything without the password. */
export interface KeptDevice {
  /** What the person logs in with; empty where another device let this one in. */
  readonly name: string;
  /** Whether the password that unlocks this browser is one of its own, and not that of the login. */
  readonly hasOwnPassword?: boolean;
  readonly member: string;
  readonly session: string;
  readonly fullFromMs: number;
  readonly receiptKey: string;
  readonly isDirect: boolean;
  /** The vault on the server; absent until there is one. */
  readonly serverVault?: string | undefined;
  /** Vaults on the server that were cut off before they came to be. */
  readonly cutOff?: readonly string[];
  readonly anchor?: Anchor;
  readonly receipt?: ReceiptAnchor;
  /** When the recovery words were typed back last. */
  readonly wordsCheckedMs?: number | undefined;
  /** Whether recovery words lie under the lock that were not typed back yet. */
  readonly hasWords?: boolean;
  /** Whether a new recovery card was begun of which it is not known that all of it came to its end. */
  readonly isCardChanging?: boolean;
  /** When this browser learned that another device had made a new card without the old one. */
  readonly newCardMs?: number | undefined;
  /** When a sample was restored for trial, and came out as it went in. */
  readonly rehearsedMs?: number;
  /** When a second copy was made from this browser. */
  readonly copiedMs?: number;
  /** What was read of the vault is kept under it. */
  readonly cacheKey?: CryptoKey | undefined;
  readonly lock: Locked;
}

/** What is under the lock. */
export interface Secrets {
  readonly token: string;
  readonly deviceSeed: Bytes;
  /** Absent until this browser is a device of the vault. */
  readonly deviceKey?: DeviceKey | undefined;
  /** The words of a vault that was made here, until they were typed back. */
  readonly words?: readonly string[] | undefined;
}

const NAME = "device";
/** What is kept of plans and tickets, under the lock. */
export const PLAN_NAME = "plan";

export function readDevice(): Promise<KeptDevice | undefined> {
  return readKept<KeptDevice>(NAME);
}

export function writeDevice(device: KeptDevice): Promise<void> {
  return writeKept(NAME, device);
}

export async function forgetDevice(): Promise<void> {
  await forgetKept(NAME);
  await forgetKept(PLAN_NAME);
  await forgetCache();
}

/** The secrets of a new session, which has no vault yet. */
export function secretsOf({ token, deviceSeed }: Membership): Secrets {
  return { token, deviceSeed };
}

interface SecretsJson {
  readonly token: string;
  readonly deviceSeed: string;
  readonly vaultSeed?: string;
  readonly authority?: string;
  readonly words?: readonly string[];
}

/** A lock around other secrets. */
export function lockSecrets(lock: Locked, inner: Bytes, secrets: Secrets): Promise<Locked> {
  const { token, deviceSeed, deviceKey, words } = secrets;
  const json: SecretsJson = {
    token,
    deviceSeed: bytesToHex(deviceSeed),
    ...(deviceKey && { vaultSeed: bytesToHex(deviceKey.seed), authority: deviceKey.authority }),
    ...(words && { words }),
  };
  return locked(lock, inner, textToBytes(JSON.stringify(json)));
}

/** Throws `vault.wrong-key`. */
export async function unlockSecrets(lock: Locked, inner: Bytes): Promise<Secrets> {
  const json = JSON.parse(bytesToText(await unlocked(lock, inner))) as SecretsJson;
  const { token, deviceSeed, vaultSeed, authority, words } = json;
  const deviceKey =
    vaultSeed === undefined || authority === undefined
      ? undefined
      : { seed: hexToBytes(vaultSeed)!, authority };
  return {
    token,
    deviceSeed: hexToBytes(deviceSeed)!,
    ...(deviceKey && { deviceKey }),
    ...(words && { words }),
  };
}
