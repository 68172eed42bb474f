import {
  bytesToHex,
  concatBytes,
  hexToBytes,
  KeepsakeError,
  type Bytes,
  type Primitives,
} from "../../base/index.ts";
import {
  checkNewPassword,
  guardedSeed,
  guardInput,
  openedToken,
  openVault,
  passwordParameters,
  putSlot,
  type GuardOutputs,
  type OpenOptions,
  type Slot,
  type SlotGuard,
  type Snapshot,
  type Vault,
} from "../../vault/index.ts";
import type { Connection } from "../connection.ts";
import { describeServer } from "../describe-server.ts";

const SALT_BYTES = 16;
const RECORD_BYTES = 16;

/** The OPRF is loaded with the first password: most commands never see one. */
async function loadOprf() {
  const { ristretto255_oprf: oprf } = await import("@noble/curves/ed25519.js");
  return oprf.voprf;
}

/** A guard as its slot names it, with what only its member's device makes. */
interface NewGuard extends SlotGuard {
  readonly share: Bytes;
}

/**
 * Gives a vault on a server a password, in place of any other: two guards limit how often it may be guessed. Both must
 * hold their half before the slot says so. The halves of the password before are forgotten after; where a guard could not
 * be reached for it, `isForgotten` is false. A rotation has to follow where an older password is to open nothing that is
 * written from now on. Throws `guard.off`,
 * `keys.weak-password`, `keys.no-authority`.
 */
export async function setGuardedPassword(
  vault: Vault,
  connection: Connection,
  password: string,
): Promise<{ readonly vault: Vault; readonly isForgotten: boolean }> {
  checkNewPassword(password);
  if (vault.authoritySeed === undefined) throw new KeepsakeError("keys.no-authority");
  const { primitives, id: vaultId } = vault;
  const guards = await newGuards(connection);
  const outputs = await ownOutputs(primitives, guards, guardInput(password, vaultId));
  const salt = primitives.random(SALT_BYTES);
  const given = { outputs, password, vaultId };
  const seed = await guardedSeed(primitives, given, { ...passwordParameters, salt });
  const { tickets } = await connection.call("POST /v1/guards/tickets", {
    body: { purpose: "make", records: guards.map(({ record }) => record) },
  });
  const tokenFor = ({ record }: SlotGuard): Bytes => openedToken(primitives, seed, record, vaultId);
  for (const [place, guard] of guards.entries()) {
    const openedHash = bytesToHex(primitives.sha256(tokenFor(guard)));
    const { share, key } = guard;
    const body = { ticket: tickets[place]!, share: bytesToHex(share), key, openedHash };
    await guardAt(connection, guard).call("POST /v1/guard/records", { body });
  }
  const kdf = { ...passwordParameters, salt: bytesToHex(salt) };
  const named = guards.map(({ url, record, key }) => ({ url, record, key }));
  const changed = await putSlot(vault, { kind: "guarded", seed, of: { kdf, guards: named } });
  await proveOpened(connection, guards, tokenFor);
  const forgetting = vault.document.slots.map((slot) => forgetGuards(connection, slot));
  const isForgotten = (await Promise.allSettled(forgetting)).every(({ status }) => status === "fulfilled");
  return { vault: changed, isForgotten };
}

/** Has the guards of a slot that is out forget their halves. */
export async function forgetGuards(connection: Connection, { guards = [] }: Slot): Promise<void> {
  if (guards.length === 0) return;
  const { tickets } = await connection.call("POST /v1/guards/tickets", {
    body: { purpose: "remove", records: guards.map(({ record }) => record) },
  });
  for (const [place, guard] of guards.entries())
    await guardAt(connection, guard).call("POST /v1/guard/removals", { body: { ticket: tickets[place]! } });
}

/**
 * Opens a vault by its guarded password: one of few guesses, of which all devices hear. `isReset` says whether the
 * guards have heard that it was right; if they have not, the next guess has one try less. Throws what `openVault`
 * throws, `vault.wrong-key` with the tries that are left, `guard.wait`, `guard.spent`, `guard.restored`,
 * `guard.bad-answer`.
 */
export async function openGuarded(
  connection: Connection,
  { password, ...options }: Omit<OpenOptions, "secret"> & { readonly password: string },
): Promise<{ readonly vault: Vault; readonly snapshot: Snapshot; readonly isReset: boolean }> {
  const { primitives } = options;
  let left = 0;
  let found: { readonly guards: readonly SlotGuard[]; readonly tokenFor: (guard: SlotGuard) => Bytes };
  const seedOf = async (slot: Slot, vaultId: Bytes): Promise<Bytes> => {
    const guards = slot.guards!;
    const asked = await askGuards(connection, guards, guardInput(password, vaultId));
    left = asked.left;
    const given = { outputs: asked.outputs, password, vaultId };
    const kdf = { ...slot.kdf!, salt: hexToBytes(slot.kdf!.salt)! };
    const seed = await guardedSeed(primitives, given, kdf);
    found = { guards, tokenFor: ({ record }) => openedToken(primitives, seed, record, vaultId) };
    return seed;
  };
  try {
    const opened = await openVault({ ...options, secret: { kind: "guarded", seedOf } });
    const isReset = await proveOpened(connection, found!.guards, found!.tokenFor).then(
      () => true,
      () => false,
    );
    return { ...opened, isReset };
  } catch (cause) {
    if (!KeepsakeError.is(cause, "vault.wrong-key")) throw cause;
    throw new KeepsakeError("vault.wrong-key", { cause, details: { left } });
  }
}

async function newGuards(connection: Connection): Promise<readonly [NewGuard, NewGuard]> {
  const { guards: urls } = await describeServer(connection);
  const [first, second] = urls;
  if (first === undefined || second === undefined) throw new KeepsakeError("guard.off");
  const oprf = await loadOprf();
  const make = (url: string): NewGuard => {
    const { primitives } = connection;
    const { secretKey, publicKey } = oprf.deriveKeyPair(primitives.random(32), new Uint8Array(0));
    const [key, record] = [bytesToHex(concatBytes(publicKey)), bytesToHex(primitives.random(RECORD_BYTES))];
    return { url, record, key, share: concatBytes(secretKey) };
  };
  return [make(first), make(second)];
}

/** What the two will answer, computed by who makes their keys. */
async function ownOutputs(
  primitives: Primitives,
  guards: readonly [NewGuard, NewGuard],
  input: Bytes,
): Promise<GuardOutputs> {
  const oprf = await loadOprf();
  const outputOf = ({ share, key }: NewGuard): Bytes => {
    const { blind, blinded } = oprf.blind(input, (length = 32) => primitives.random(length));
    const publicKey = hexToBytes(key)!;
    const { evaluated, proof } = oprf.blindEvaluate(share, publicKey, blinded);
    return concatBytes(oprf.finalize(input, blind, evaluated, blinded, publicKey, proof));
  };
  return [outputOf(guards[0]), outputOf(guards[1])];
}

/** Asks one after the other: where the first refuses, nothing is spent at the second. */
async function askGuards(
  connection: Connection,
  guards: readonly SlotGuard[],
  input: Bytes,
): Promise<{ readonly outputs: GuardOutputs; readonly left: number }> {
  const { tickets } = await connection.call("POST /v1/guards/tickets", {
    body: { purpose: "use", records: guards.map(({ record }) => record) },
  });
  const first = await askGuard(connection, guards[0]!, { ticket: tickets[0]!, input });
  const second = await askGuard(connection, guards[1]!, { ticket: tickets[1]!, input });
  return { outputs: [first.output, second.output], left: Math.min(first.left, second.left) };
}

async function askGuard(
  connection: Connection,
  guard: SlotGuard,
  { ticket, input }: { readonly ticket: string; readonly input: Bytes },
): Promise<{ readonly output: Bytes; readonly left: number }> {
  const oprf = await loadOprf();
  const { primitives } = connection;
  const { blind, blinded } = oprf.blind(input, (length = 32) => primitives.random(length));
  const body = { ticket, blinded: bytesToHex(blinded) };
  const answer = await guardAt(connection, guard).call("POST /v1/guard/evaluate", { body });
  try {
    const [evaluated, proof] = [hexToBytes(answer.evaluated)!, hexToBytes(answer.proof)!];
    const output = oprf.finalize(input, blind, evaluated, blinded, hexToBytes(guard.key)!, proof);
    return { output: concatBytes(output), left: answer.left };
  } catch (cause) {
    throw new KeepsakeError("guard.bad-answer", { cause });
  }
}

async function proveOpened(
  connection: Connection,
  guards: readonly SlotGuard[],
  tokenFor: (guard: SlotGuard) => Bytes,
): Promise<void> {
  for (const guard of guards) {
    const body = { record: guard.record, token: bytesToHex(tokenFor(guard)) };
    await guardAt(connection, guard).call("POST /v1/guard/opened", { body });
  }
}

function guardAt(connection: Connection, { url }: SlotGuard): Connection {
  return url === "" ? connection : connection.to(url);
}
