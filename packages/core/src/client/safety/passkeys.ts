import { bytesToHex, KeepsakeError, type Bytes, type Primitives } from "../../base/index.ts";
import { passkeySeed, putSlot, type Vault } from "../../vault/index.ts";
import { base64ToBytes, bytesToBase64 } from "../base64.ts";
import type { Connection } from "../connection.ts";
import { newDevice, type Membership, type Platform } from "../member.ts";
import { isSlotOf, passkeySalt } from "./passkey-slots.ts";

/** What WebAuthn takes and gives, in its own forms of JSON. */
export interface Authenticator {
  /** `navigator.credentials.create` over `PublicKeyCredential.parseCreationOptionsFromJSON`, as `toJSON()`. */
  create(options: object): Promise<PasskeyAnswer>;
  /** `navigator.credentials.get` over `PublicKeyCredential.parseRequestOptionsFromJSON`, as `toJSON()`. */
  get(options: object): Promise<PasskeyAnswer>;
}

/** What an authenticator answers. Its extension results may hold a secret. */
export interface PasskeyAnswer {
  readonly id: string;
  readonly rawId: string;
  readonly response: Readonly<Record<string, unknown>>;
  readonly clientExtensionResults: {
    readonly prf?: {
      readonly enabled?: boolean;
      readonly results?: { readonly first?: string };
    };
  };
}

/** What came of a passkey: its id, and what it derives of the salt, where its authenticator can. For this device alone. */
export interface PasskeyResult {
  readonly id: string;
  readonly secret: Bytes | undefined;
}

/** Makes a passkey that logs in, and adds it. With a salt, what it derives of that is given back and goes nowhere. */
export async function addPasskey(
  connection: Connection,
  { authenticator, salt }: { readonly authenticator: Authenticator; readonly salt?: Bytes },
): Promise<PasskeyResult> {
  const { ticket, options } = await connection.call("POST /v1/passkeys/start");
  const answer = await authenticator.create(withSalt(options, salt));
  const { id } = await connection.call("POST /v1/passkeys/finish", {
    body: {
      ticket,
      response: {
        ...sendable(answer),
        response: {
          clientDataJSON: textOf(answer, "clientDataJSON"),
          attestationObject: textOf(answer, "attestationObject"),
        },
      },
    },
  });
  return { id, secret: secretOf(answer) };
}

/** Logs this device in by a passkey. Throws `member.bad-passkey`. */
export async function logInByPasskey(
  connection: Connection,
  {
    authenticator,
    platform,
    salt,
  }: { readonly authenticator: Authenticator; readonly platform: Platform; readonly salt?: Bytes },
): Promise<{ readonly membership: Membership; readonly passkey: PasskeyResult }> {
  const { ticket, options } = await connection.call("POST /v1/passkeys/login/start");
  const answer = await authenticator.get(withSalt(options, salt));
  const { deviceSeed, device, signed } = await newDevice(connection, platform);
  const session = await signed.call("POST /v1/passkeys/login/finish", {
    body: {
      ticket,
      device,
      response: {
        ...sendable(answer),
        response: {
          clientDataJSON: textOf(answer, "clientDataJSON"),
          authenticatorData: textOf(answer, "authenticatorData"),
          signature: textOf(answer, "signature"),
          ...handleOf(answer),
        },
      },
    },
  });
  return { membership: { ...session, deviceSeed }, passkey: { id: answer.id, secret: secretOf(answer) } };
}

/** Lets a passkey open a vault for reading, by what it derives of `passkeySalt`. Throws `keys.no-authority`. */
export async function putPasskey(
  vault: Vault,
  { id, secret }: { readonly id: string; readonly secret: Bytes },
): Promise<Vault> {
  const { primitives, id: vaultId } = vault;
  const credential = bytesToHex(base64ToBytes(id)!);
  const salt = bytesToHex(passkeySalt(primitives));
  const seed = passkeySeed(primitives, secret, vaultId);
  return putSlot(vault, { kind: "passkey", seed, of: { passkey: { credential, salt } } }, (slot) =>
    isSlotOf(slot, id),
  );
}

/** Asks a passkey of this device for what it derives, without any server; undefined where it cannot. */
export async function askPasskey(
  primitives: Primitives,
  { authenticator, ids }: { readonly authenticator: Authenticator; readonly ids: readonly string[] },
): Promise<PasskeyResult> {
  const options = {
    challenge: bytesToBase64(primitives.random(32)),
    allowCredentials: ids.map((id) => ({ id, type: "public-key" })),
    userVerification: "required",
  };
  const answer = await authenticator.get(withSalt(options, passkeySalt(primitives)));
  return { id: answer.id, secret: secretOf(answer) };
}

function withSalt(options: unknown, salt: Bytes | undefined): object {
  const prf = salt === undefined ? {} : { eval: { first: bytesToBase64(salt) } };
  return { ...Object(options), extensions: { prf } };
}

/** As much of an answer as the server is to see: what the passkey derived is not in it. */
function sendable({ id, rawId, clientExtensionResults }: PasskeyAnswer) {
  const enabled = clientExtensionResults.prf?.enabled;
  return {
    id,
    rawId,
    type: "public-key",
    clientExtensionResults: enabled === undefined ? {} : { prf: { enabled } },
  } as const;
}

function secretOf({ clientExtensionResults }: PasskeyAnswer): Bytes | undefined {
  const first = clientExtensionResults.prf?.results?.first;
  return first === undefined ? undefined : base64ToBytes(first);
}

/** Which member it is, as far as the authenticator says so: a server of several parts finds the right one by it. */
function handleOf({ response: { userHandle } }: PasskeyAnswer): { readonly userHandle?: string } {
  return typeof userHandle === "string" ? { userHandle } : {};
}

function textOf({ response }: PasskeyAnswer, name: string): string {
  const value = response[name];
  if (typeof value !== "string") throw new KeepsakeError("member.bad-passkey");
  return value;
}
