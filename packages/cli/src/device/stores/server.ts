import { bytesToHex, KeepsakeError, type Bytes } from "@keepsake/core/base";
import {
  checkReceipt,
  followReceipt,
  Connection,
  describeServer,
  serverStore,
  type Contact,
  type ReceiptAnchor,
} from "@keepsake/core/client";
import { randomName, retryStore, type Store } from "@keepsake/core/store";
import type { Receipt } from "@keepsake/core/protocol";
import { amendMembership, givesWeeks, readMembership, type KeptMembership } from "../memberships.ts";
import type { Opening, Purpose, StoreKind } from "./kind.ts";

/** A vault on a Keepsake server: `https://keep.example`, or `https://keep.example#VAULT` where one has several there. */
export const serverKind: StoreKind = {
  placeOf: (address) => Promise.resolve(formatAddress(parseAddress(address))),
  async newPlace(opening, place) {
    const { url, vault: named } = parseAddress(place);
    if (named !== undefined) return place;
    const { connection, membership } = await connect(opening, url);
    const { vaults } = await connection.call("GET /v1/vaults");
    if (vaults.length === 0) return place;
    // One that a copy or a vault was to be made in, which came to nothing.
    const meant = membership.vault ?? (vaults.length === 1 ? vaults[0]!.id : undefined);
    const empty = vaults.find(({ objects, receipts }) => objects + receipts === 0)?.id;
    if (empty !== undefined) return formatAddress({ url, vault: empty === meant ? undefined : empty });
    if (meant !== undefined)
      await amendMembership(opening.env, membership, (kept) => ({ ...kept, vault: meant }));
    const { vault } = await connection.call("POST /v1/vaults");
    return formatAddress({ url, vault });
  },
  async open(opening, place, purpose) {
    const { connection, membership, vault } = await vaultAt(opening, place, purpose);
    const receipts = new ReceiptBook(opening, membership);
    const store = serverStore({
      connection,
      vault,
      isDirect: membership.isDirect,
      givesWeeks: async () => givesWeeks((await readMembership(opening.env, membership.url)) ?? membership),
      onReceipt: (receipt) => receipts.take(receipt, vault),
    });
    if (purpose === "new" && (await isAnythingIn(store))) throw new KeepsakeError("cli.folder-not-empty");
    return retryStore(store);
  },
  // Whether there is a network is found out by whoever needs it.
  isReachable: () => Promise.resolve(true),
  async writeTrial(opening, place, bytes) {
    const { connection, vault } = await vaultAt(opening, place, "use");
    await sendAndGiveUp(connection, vault, { bytes, signal: opening.signal });
  },
  async look(opening, place) {
    const { connection, membership } = await connect(opening, parseAddress(place).url);
    const { quotaBytes, usedBytes, reservedBytes } = await connection.call("GET /v1/member");
    const freeBytes = Math.max(0, quotaBytes - usedBytes - reservedBytes);
    return { isWritable: Date.now() >= membership.fullFromMs, freeBytes };
  },
};

interface ServerAddress {
  readonly url: string;
  readonly vault: string | undefined;
}

/** Throws `server.bad-address`. */
export function parseAddress(address: string): ServerAddress {
  const url = URL.parse(address);
  const vault = url?.hash.slice(1) ?? "";
  const isServer = url !== null && /^https?:$/.test(url.protocol) && url.search === "" && url.username === "";
  if (!isServer || !/^(?:[0-9a-v]{26})?$/.test(vault)) throw new KeepsakeError("server.bad-address");
  return { url: (url.origin + url.pathname).replace(/\/$/, ""), vault: vault === "" ? undefined : vault };
}

function formatAddress({ url, vault }: ServerAddress): string {
  return vault === undefined ? url : `${url}#${vault}`;
}

/** The address of a vault on a server: without its id where it is the one that is meant so on this device. */
export async function placeOfVault(env: NodeJS.ProcessEnv, url: string, vault: string): Promise<string> {
  const membership = await readMembership(env, url);
  return membership?.vault === vault ? url : formatAddress({ url, vault });
}

/** Whether a place is a vault on the server at a URL. */
export function isAt(place: string, url: string): boolean {
  return place === url || place.startsWith(`${url}#`);
}

/** A contact as a person types it. */
export function contactOf(to: string): Contact {
  return { kind: to.includes("@") ? "email" : "phone", to };
}

interface Reached {
  readonly connection: Connection;
  readonly receiptKey: string;
  readonly isDirect: boolean;
  readonly signUp: "invitation" | "open";
}

/** The way to a server without a session, and what it says of itself that a session is kept with. */
export async function reach({ primitives, output }: Opening, url: string): Promise<Reached> {
  const connection = new Connection({ url, primitives, language: output.language === "zh" ? "zh-CN" : "en" });
  const { receiptKey, isDirect, signUp } = await describeServer(connection);
  return { connection, receiptKey, isDirect, signUp };
}

/** The way to a server that this device is logged in to. Throws `member.no-session`. */
export async function connect(
  { env, primitives, output }: Opening,
  url: string,
): Promise<{ readonly connection: Connection; readonly membership: KeptMembership }> {
  const membership = await readMembership(env, url);
  if (membership === undefined) throw new KeepsakeError("member.no-session");
  const language = output.language === "zh" ? "zh-CN" : "en";
  return { membership, connection: new Connection({ url, primitives, credentials: membership, language }) };
}

/** The vault that an address means; made where a new one is wanted and there is none. */
export async function vaultAt(
  opening: Opening,
  place: string,
  purpose: Purpose,
): Promise<{ readonly connection: Connection; readonly membership: KeptMembership; readonly vault: string }> {
  const { url, vault: named } = parseAddress(place);
  const { connection, membership } = await connect(opening, url);
  const known = named ?? membership.vault;
  if (known !== undefined) return { connection, membership, vault: known };
  const { vaults } = await connection.call("GET /v1/vaults");
  if (vaults.length > 1)
    throw new KeepsakeError("member.which-vault", { details: { vaults: vaults.length } });
  const only = vaults[0]?.id;
  if (only === undefined && purpose === "use") throw new KeepsakeError("member.unknown-vault");
  const vault = only ?? (await connection.call("POST /v1/vaults")).vault;
  const kept = { ...membership, vault };
  await amendMembership(opening.env, kept, (now) => ({ ...now, vault: now.vault ?? vault }));
  return { connection, membership: kept, vault };
}

async function isAnythingIn(store: Store): Promise<boolean> {
  for await (const _ of store.list("")) return true;
  return false;
}

/** Sends bytes as an object's are sent, and gives the upload up. */
async function sendAndGiveUp(
  connection: Connection,
  vault: string,
  { bytes, signal }: { readonly bytes: Bytes; readonly signal: AbortSignal },
): Promise<void> {
  const { primitives } = connection;
  const name = `packs/${randomName(primitives)}`;
  const object = { name, sizeBytes: bytes.length, sha256: bytesToHex(primitives.sha256(bytes)) };
  const { uploads } = await connection.call("POST /v1/vaults/{vault}/uploads", {
    params: { vault },
    body: { objects: [object] },
    signal,
  });
  const { id, method } = uploads[0]!;
  await connection.send({ method, path: `/v1/uploads/${id}`, bytes, signal });
  await connection.call("DELETE /v1/uploads/{upload}", { params: { upload: id } });
}

/** Checks each receipt against the one before, and keeps the last; one at a time. */
class ReceiptBook {
  readonly #env: NodeJS.ProcessEnv;
  readonly #primitives: Opening["primitives"];
  readonly #membership: KeptMembership;
  /** The last that this process knew of, for each vault. */
  readonly #known: Map<string, ReceiptAnchor>;
  /** Whether what was seen of the server before may be newer than what it has now: the person said so. */
  readonly #isOlderFine: boolean;
  #last: Promise<void> = Promise.resolve();

  constructor({ env, primitives, input }: Opening, membership: KeptMembership) {
    this.#env = env;
    this.#primitives = primitives;
    this.#membership = membership;
    this.#isOlderFine = input.flag("acceptOlder");
    this.#known = new Map(this.#isOlderFine ? [] : Object.entries(membership.receipts));
  }

  /** Throws `server.bad-receipt`. */
  async take(receipt: Receipt, vault: string): Promise<void> {
    const taken = this.#last.then(() => this.#take(receipt, vault));
    this.#last = taken.catch(() => undefined);
    await taken;
  }

  async #take(receipt: Receipt, vault: string): Promise<void> {
    const { receiptKey } = this.#membership;
    const checked = await checkReceipt(this.#primitives, { receipt, receiptKey, vault });
    const check = (after: ReceiptAnchor | undefined): ReceiptAnchor => followReceipt(checked, after);
    const before = this.#known.get(vault);
    let newest = check(before);
    await amendMembership(this.#env, this.#membership, (kept) => {
      const last = before === undefined && this.#isOlderFine ? undefined : kept.receipts[vault];
      // Another process of this device may have been quicker to write its own down.
      if (last !== undefined && last.number > receipt.number) newest = last;
      else check(last);
      return { ...kept, receipts: { ...kept.receipts, [vault]: newest } };
    });
    this.#known.set(vault, newest);
  }
}
