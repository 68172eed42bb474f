import { bytesToHex, KeepsakeError, type Bytes } from "@keepsake/core/base";
import { checkReceipt, Connection, serverStore } from "@keepsake/core/client";
import { randomName, retryStore, type Store } from "@keepsake/core/store";
import type { Receipt } from "@keepsake/core/protocol";
import { readMembership, writeMembership, type KeptMembership } from "../memberships.ts";
import type { Opening, Purpose, StoreKind } from "./kind.ts";

/** A vault on a Keepsake server: `https://keep.example`, or `https://keep.example#VAULT` where one has several there. */
export const serverKind: StoreKind = {
  placeOf: (address) => Promise.resolve(formatAddress(parseAddress(address))),
  async open(opening, place, purpose) {
    const { connection, membership, vault } = await vaultAt(opening, place, purpose);
    const receipts = new ReceiptBook(opening, membership);
    const store = serverStore({
      connection,
      vault,
      isDirect: membership.isDirect,
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

/** Throws `store.bad-address`. */
export function parseAddress(address: string): ServerAddress {
  const url = URL.parse(address);
  const vault = url?.hash.slice(1) ?? "";
  if (url === null || url.search !== "" || url.username !== "" || !/^(?:[0-9a-v]{26})?$/.test(vault))
    throw new KeepsakeError("store.bad-address", { details: { what: "server" } });
  return { url: (url.origin + url.pathname).replace(/\/$/, ""), vault: vault === "" ? undefined : vault };
}

function formatAddress({ url, vault }: ServerAddress): string {
  return vault === undefined ? url : `${url}#${vault}`;
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
  await writeMembership(opening.env, kept);
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
  #membership: KeptMembership;
  #last: Promise<void> = Promise.resolve();

  constructor({ env, primitives }: Opening, membership: KeptMembership) {
    this.#env = env;
    this.#primitives = primitives;
    this.#membership = membership;
  }

  /** Throws `server.bad-receipt`. */
  async take(receipt: Receipt, vault: string): Promise<void> {
    const taken = this.#last.then(() => this.#take(receipt, vault));
    this.#last = taken.catch(() => undefined);
    await taken;
  }

  async #take(receipt: Receipt, vault: string): Promise<void> {
    const { receiptKey, receipts } = this.#membership;
    const anchor = checkReceipt(this.#primitives, { receipt, receiptKey, vault }, receipts[vault]);
    this.#membership = { ...this.#membership, receipts: { ...receipts, [vault]: anchor } };
    await writeMembership(this.#env, this.#membership);
  }
}
