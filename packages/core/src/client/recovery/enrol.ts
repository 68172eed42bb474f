import {
  bytesToHex,
  bytesToText,
  concatBytes,
  equalBytes,
  hexToBytes,
  KeepsakeError,
  textToBytes,
  timerSleep,
  type Bytes,
  type Primitives,
} from "../../base/index.ts";
import {
  addOtherDevice,
  deriveKey,
  newDeviceOf,
  newestSnapshot,
  openBox,
  sealBox,
  type Anchor,
  type DeviceKey,
  type NewDevice,
  type Vault,
} from "../../vault/index.ts";
import { base64ToBytes, bytesToBase64 } from "../base64.ts";
import type { Connection } from "../connection.ts";
import type { Membership, Platform } from "../member.ts";

/*
 * A new device shows a code, an old one scans it; both then show six digits that the person compares. The code is a
 * commitment to the new device's keys and nonce. The old device's nonce comes next, and only then are the new device's
 * keys told: whoever sits in between has to fix what it says to each side before it learns the other's nonce, and hits
 * the same six digits once in a million tries, of which it has one.
 */

/** What the new device keeps while it waits. */
export interface Offer {
  /** To be shown as a QR code, and as text: no secret is in it. It is good for two minutes, once. */
  readonly code: string;
  readonly untilMs: number;
  readonly box: string;
  readonly connection: Connection;
  readonly platform: Platform;
  readonly deviceSeed: Bytes;
  readonly boxSeed: Bytes;
  readonly nonce: Bytes;
}

/** What the new device has once it was let in. */
export interface Enrolled {
  readonly membership: Membership;
  readonly vaultId: Bytes;
  readonly deviceKey: DeviceKey;
  /** The vault on the server, by its id there. */
  readonly serverVault: string;
  /** The head that the old device saw last: a server that shows less is found out. */
  readonly anchor: Anchor;
}

const SCHEME = "keepsake-enrol:1";
const NONCE_BYTES = 32;
const POLL_MS = 1000;
const words = { commit: "keepsake/1/enrol/commit", entry: "keepsake/1/enrol/entry" } as const;

interface Hello {
  readonly nonce: string;
  readonly vault: string;
  readonly authority: string;
}

interface Reveal {
  readonly deviceKey: string;
  readonly boxKey: string;
  readonly nonce: string;
  readonly device: NewDevice;
  /** By the device key, over the transcript and the device: what the code committed to vouches for the rest. */
  readonly signature: string;
}

interface Package extends Omit<Enrolled, "membership" | "vaultId" | "deviceKey"> {
  readonly authority: string;
}

/** On the new device: opens a mailbox, and makes the code that it shows. */
export async function offerEnrolment(connection: Connection, platform: Platform): Promise<Offer> {
  const { primitives } = connection;
  const [deviceSeed, boxSeed] = [primitives.random(32), primitives.random(32)];
  const nonce = primitives.random(NONCE_BYTES);
  const key = bytesToHex(await primitives.ed25519.publicKey(deviceSeed));
  const signed = connection.with({ deviceSeed, token: "" });
  const { box, untilMs } = await signed.call("POST /v1/enrol", { body: { device: { key, platform } } });
  const boxKey = bytesToHex(await primitives.xWing.publicKey(boxSeed));
  const commitment = commit(primitives, { deviceKey: key, boxKey, nonce: bytesToHex(nonce) });
  const code = [SCHEME, connection.url, box, bytesToBase64(commitment)].join(" ");
  return { code, untilMs, box, connection: signed, platform, deviceSeed, boxSeed, nonce };
}

/**
 * On the new device: waits for the old one, then gives the six digits to show and a promise of being let in. Throws
 * `enrol.gone` once the code is past its time.
 */
export async function awaitOldDevice(
  offer: Offer,
  signal?: AbortSignal,
): Promise<{ readonly digits: string; readonly letIn: () => Promise<Enrolled> }> {
  const { connection, box, deviceSeed, boxSeed, nonce } = offer;
  const { primitives } = connection;
  const params = { box };
  const poll = async <T>(look: (at: { hello: string; isApproved: boolean }) => T | undefined): Promise<T> => {
    for (;;) {
      const seen = look(await connection.call("GET /v1/enrol/{box}/new", { params, signal }));
      if (seen !== undefined) return seen;
      await timerSleep(POLL_MS, signal);
    }
  };
  const said = await poll(({ hello }) => (hello === "" ? undefined : hello));
  const hello = parsed<Hello>(said);
  const [vaultId, authority] = [bytesOf(hello.vault, 16), bytesOf(hello.authority, 32)];
  const seed = primitives.random(32);
  const keys = {
    deviceKey: bytesToHex(await primitives.ed25519.publicKey(deviceSeed)),
    boxKey: bytesToHex(await primitives.xWing.publicKey(boxSeed)),
    nonce: bytesToHex(nonce),
  };
  const transcript = transcriptOf(primitives, commit(primitives, keys), hello);
  const device = await newDeviceOf(primitives, { seed, vaultId, authority });
  const signature = bytesToHex(await primitives.ed25519.sign(entryBytes(transcript, device), deviceSeed));
  const reveal: Reveal = { ...keys, device, signature };
  await connection.call("POST /v1/enrol/{box}/reveal", { params, body: { reveal: packed(reveal) } });
  const letIn = async (): Promise<Enrolled> => {
    await poll(({ isApproved }) => isApproved || undefined);
    const { package: sealed, ...session } = await connection.call("POST /v1/enrol/{box}/collect", { params });
    const context = boxContext(vaultId, transcript);
    const plain = await openBox(primitives, boxSeed, context, base64ToBytes(sealed) ?? new Uint8Array(0));
    const { authority: known, serverVault, anchor } = JSON.parse(bytesToText(plain)) as Package;
    if (known !== hello.authority) throw new KeepsakeError("enrol.altered");
    const membership = { ...session, deviceSeed };
    return { membership, vaultId, deviceKey: { seed, authority: known }, serverVault, anchor };
  };
  return { digits: digitsOf(primitives, transcript, bytesToHex(nonce)), letIn };
}

/** What the old device has once it knows whom it may let in. */
export interface Candidate {
  /** To be compared with those on the new device, by the person, before `confirm`. */
  readonly digits: string;
  /**
   * The person says that they are the same. Gives the vault with the new device in it. Where the new one could not be
   * told, the error says in `details.writer` under which number it lies in the vault, to be taken out again.
   */
  readonly confirm: () => Promise<Vault>;
  /** The person says that they are not. */
  readonly refuse: () => Promise<void>;
}

/**
 * On the old device, with the code of the new one. The vault must be open by the words, a password or the like: a
 * device's own key may not let others in (`keys.no-authority`), so the person gives one of these at this moment.
 * Throws `enrol.no-code`, `enrol.gone`, `enrol.taken`, `enrol.altered`.
 */
export async function answerEnrolment(
  vault: Vault,
  connection: Connection,
  given: { readonly code: string; readonly serverVault: string; readonly signal?: AbortSignal | undefined },
): Promise<Candidate> {
  const { primitives, authoritySeed, id } = vault;
  if (authoritySeed === undefined) throw new KeepsakeError("keys.no-authority");
  const { box, commitment } = readCode(given.code, connection);
  const authority = bytesToHex(await primitives.ed25519.publicKey(authoritySeed));
  const hello: Hello = {
    nonce: bytesToHex(primitives.random(NONCE_BYTES)),
    vault: bytesToHex(id),
    authority,
  };
  const params = { box };
  await connection.call("POST /v1/enrol/{box}/hello", { params, body: { hello: packed(hello) } });
  const reveal = await awaitReveal(connection, box, given.signal);
  const transcript = transcriptOf(primitives, commitment, hello);
  const refuse = async (): Promise<void> => {
    await connection.call("DELETE /v1/enrol/{box}", { params });
  };
  const isFree = vault.document.slots.every(({ id: taken }) => taken !== reveal.device.slot.id);
  if (!isFree || !(await isPromised(primitives, { commitment, transcript, reveal }))) {
    await refuse();
    throw new KeepsakeError("enrol.altered");
  }
  const confirm = async (): Promise<Vault> => {
    const { slot, verify } = reveal.device;
    const { id: slotId, kind, publicKey, vouch } = slot;
    const device = { slot: { id: slotId, kind, publicKey, vouch }, verify };
    const { vault: changed } = await addOtherDevice(vault, device);
    const { head } = await newestSnapshot(changed);
    const { serverVault } = given;
    const left: Package = { authority, serverVault, anchor: { number: head.number, hash: head.hash } };
    const plain = textToBytes(JSON.stringify(left));
    const sealed = await sealBox(primitives, bytesOf(reveal.boxKey), boxContext(id, transcript), plain);
    const body = { package: bytesToBase64(sealed) };
    await connection.call("POST /v1/enrol/{box}/approve", { params, body }).catch((cause: unknown) => {
      throw leftBehind(changed, cause);
    });
    return changed;
  };
  return { digits: digitsOf(primitives, transcript, reveal.nonce), confirm, refuse };
}

function leftBehind({ document }: Vault, cause: unknown): KeepsakeError {
  const error = KeepsakeError.is(cause) ? cause : new KeepsakeError("base.unexpected", { cause });
  const { code, retry, details } = error;
  const writer = document.devices.at(-1)!.writer;
  return new KeepsakeError(code, { cause, retry, details: { ...details, writer } });
}

async function awaitReveal(
  connection: Connection,
  box: string,
  signal: AbortSignal | undefined,
): Promise<Reveal> {
  for (;;) {
    const { reveal } = await connection.call("GET /v1/enrol/{box}", { params: { box }, signal });
    if (reveal !== "") return parsed<Reveal>(reveal);
    await timerSleep(POLL_MS, signal);
  }
}

/** Whether what was revealed is what the code committed to, and whether its key vouches for the new device. */
async function isPromised(
  primitives: Primitives,
  given: { readonly commitment: Bytes; readonly transcript: Bytes; readonly reveal: Reveal },
): Promise<boolean> {
  const { reveal, commitment, transcript } = given;
  const [key, signature] = [hexToBytes(reveal.deviceKey), hexToBytes(reveal.signature)];
  return (
    equalBytes(commit(primitives, reveal), commitment) &&
    key !== undefined &&
    signature !== undefined &&
    isDevice(reveal.device) &&
    (await primitives.ed25519.verify(signature, entryBytes(transcript, reveal.device), key))
  );
}

function isDevice({ slot, verify }: NewDevice): boolean {
  const isHex = (hex: unknown, bytes: number): boolean =>
    typeof hex === "string" && hexToBytes(hex)?.length === bytes;
  return (
    slot.kind === "device" &&
    isHex(slot.id, 8) &&
    isHex(slot.publicKey, 1216) &&
    isHex(slot.vouch, 32) &&
    isHex(verify, 32)
  );
}

function commit(
  primitives: Primitives,
  { deviceKey, boxKey, nonce }: Pick<Reveal, "deviceKey" | "boxKey" | "nonce">,
): Bytes {
  return primitives.sha256(textToBytes(JSON.stringify([words.commit, deviceKey, boxKey, nonce])));
}

/** All that was said before the reveal. */
function transcriptOf(primitives: Primitives, commitment: Bytes, hello: Hello): Bytes {
  const { nonce, vault, authority } = hello;
  return primitives.sha256(textToBytes(JSON.stringify([bytesToHex(commitment), nonce, vault, authority])));
}

function entryBytes(transcript: Bytes, { slot, verify }: NewDevice): Bytes {
  const said = [words.entry, bytesToHex(transcript), slot.id, slot.publicKey, slot.vouch, verify];
  return textToBytes(JSON.stringify(said));
}

/** Six digits that hang on both nonces, of which each was fixed before the other was known. */
function digitsOf(primitives: Primitives, transcript: Bytes, nonce: string): string {
  const bytes = deriveKey(
    primitives,
    concatBytes(transcript, bytesOf(nonce)),
    "enrol/digits",
    new Uint8Array(16),
  );
  const number = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0) % 1_000_000n;
  return String(number).padStart(6, "0");
}

function boxContext(vaultId: Bytes, transcript: Bytes) {
  return { type: "slot", vaultId, epoch: 0, id: transcript.slice(0, 8) } as const;
}

function readCode(
  code: string,
  connection: Connection,
): { readonly box: string; readonly commitment: Bytes } {
  const [scheme, url, box, commitment] = code.trim().split(/\s+/u);
  const bytes = base64ToBytes(commitment ?? "");
  const isCode = scheme === SCHEME && /^[0-9a-vz][0-9a-v]{25}$/.test(box ?? "") && bytes?.length === 32;
  if (!isCode || url !== connection.url) throw new KeepsakeError("enrol.no-code");
  return { box: box!, commitment: bytes! };
}

function packed(value: object): string {
  return bytesToBase64(textToBytes(JSON.stringify(value)));
}

/** Throws `enrol.altered` for what no device of ours says. */
function parsed<T extends Hello | Reveal>(text: string): T {
  try {
    const value = JSON.parse(bytesToText(base64ToBytes(text)!)) as T & Partial<Reveal>;
    if (typeof value !== "object" || value === null || typeof value.nonce !== "string")
      throw new KeepsakeError("enrol.altered");
    if ("device" in value && typeof value.device?.slot !== "object") throw new KeepsakeError("enrol.altered");
    return value;
  } catch (cause) {
    throw new KeepsakeError("enrol.altered", { cause });
  }
}

function bytesOf(hex: string, length?: number): Bytes {
  const bytes = typeof hex === "string" ? hexToBytes(hex) : undefined;
  if (bytes === undefined || (length !== undefined && bytes.length !== length))
    throw new KeepsakeError("enrol.altered");
  return bytes;
}
