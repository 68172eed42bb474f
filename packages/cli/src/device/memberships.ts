import { createHash } from "node:crypto";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { bytesToHex, bytesToText, hexToBytes, KeepsakeError } from "@keepsake/core/base";
import type { EventAnchor, Membership, OperatorAnchor, ReceiptAnchor } from "@keepsake/core/client";
import { readIfThere } from "./folders.ts";
import { configFolder } from "../where.ts";
import { updateFile } from "./update.ts";

const FOLDER = "servers";

/** What this device keeps of a server it is logged in to, in a file that only its owner can read. It opens no vault. */
export interface KeptMembership extends Membership {
  readonly url: string;
  /** What logs in there beside the password; absent where this device was let in without. */
  readonly name?: string;
  /** The key of the server's receipts as it was when the device logged in. */
  readonly receiptKey: string;
  /** Whether the server lets clients send packs to its object store themselves. */
  readonly isDirect?: boolean;
  /** The vault that is meant where an address names none. */
  readonly vault?: string;
  /** The name of the receipt that there will be once the membership has ended; absent where it is not being ended. */
  readonly deletionReceipt?: string;
  /** The server's key of tickets, as it was when this device first asked for some. */
  readonly ticketKey?: string;
  /** Whether somebody paid for more room there when this device last looked. */
  readonly isPaid?: boolean;
  /** Whether the server is told from when files are; absent where it is so because somebody pays here. */
  readonly givesWeeks?: boolean;
  /** The day on which this device last looked what is paid for. */
  readonly levelDay?: number;
  /** The last entry that this device saw of the log of the server's operators. */
  readonly operatorLog?: OperatorAnchor;
  /** The last entry that this device saw of the member's own log. */
  readonly events?: EventAnchor;
  /** The last entry of that log which the agent has looked at. */
  readonly heard?: EventAnchor;
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
  return file === undefined ? undefined : parsed(bytesToText(file));
}

function parsed(text: string): KeptMembership {
  try {
    const { deviceSeed, ...rest } = JSON.parse(text) as MembershipJson;
    return { ...rest, deviceSeed: hexToBytes(deviceSeed)! };
  } catch (cause) {
    throw new KeepsakeError("cli.no-file", { cause, details: { what: "membership" } });
  }
}

/** Whether a server is told from when files are: where somebody pays for more room there, unless the person said no. */
export function givesWeeks({ isPaid = false, givesWeeks: isChosen }: KeptMembership): boolean {
  return isChosen ?? isPaid;
}

/** All servers that this device is logged in to. */
export async function readMemberships(env: NodeJS.ProcessEnv): Promise<readonly KeptMembership[]> {
  const folder = join(configFolder(env), FOLDER);
  const names = (await readdir(folder).catch(() => [])).filter((name) => /^[0-9a-f]{32}\.json$/.test(name));
  const files = await Promise.all(names.map((name) => readIfThere(join(folder, name))));
  const kept = files.flatMap((file) => (file === undefined ? [] : parsed(bytesToText(file))));
  return kept.sort((a, b) => (a.url < b.url ? -1 : 1));
}

/**
 * Changes what this device keeps of a server: `change` is given what is there at that moment, which another process may
 * have written since it was read; undefined is nothing.
 */
export async function updateMembership(
  env: NodeJS.ProcessEnv,
  url: string,
  change: (kept: KeptMembership | undefined) => KeptMembership | undefined,
): Promise<void> {
  await updateFile(pathOf(env, url), (before) => {
    const changed = change(before === undefined ? undefined : parsed(before));
    if (changed === undefined) return undefined;
    const json: MembershipJson = { ...changed, deviceSeed: bytesToHex(changed.deviceSeed) };
    return `${JSON.stringify(json, null, 2)}\n`;
  });
}

/** Changes what is kept of the session that a command goes by; one that ended meanwhile, or became another's, is left. */
export async function amendMembership(
  env: NodeJS.ProcessEnv,
  { url, member }: Pick<KeptMembership, "url" | "member">,
  change: (kept: KeptMembership) => KeptMembership,
): Promise<void> {
  await updateMembership(env, url, (kept) => (kept?.member === member ? change(kept) : kept));
}

/** Keeps a new session. What was known of the same member's vaults there stays. */
export async function keepSession(
  env: NodeJS.ProcessEnv,
  session: Omit<KeptMembership, "receipts">,
): Promise<void> {
  await updateMembership(env, session.url, (kept) =>
    kept?.member === session.member
      ? { ...kept, ...session, ...(kept.vault !== undefined && { vault: kept.vault }) }
      : { ...session, receipts: {} },
  );
}

function pathOf(env: NodeJS.ProcessEnv, url: string): string {
  const name = createHash("sha256").update(url).digest("hex").slice(0, 32);
  return join(configFolder(env), FOLDER, `${name}.json`);
}
