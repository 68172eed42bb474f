import { bytesToHex, KeepsakeError, type Bytes } from "../base/index.ts";
import { checkNewPassword } from "../vault/index.ts";
import type { Connection } from "./connection.ts";

/** A device's session with a server: what it keeps, apart from everything that opens a vault. */
export interface Membership {
  readonly member: string;
  readonly session: string;
  readonly token: string;
  readonly deviceSeed: Bytes;
  /** From when on it may read and delete. */
  readonly fullFromMs: number;
}

export type Platform = "cli" | "agent" | "web" | "phone" | "other";

type Opaque = typeof import("@serenity-kit/opaque").client;

/** OPAQUE is loaded with the first password: most commands never see one. */
export async function loadOpaque(): Promise<Opaque> {
  const { client, ready } = await import("@serenity-kit/opaque");
  await ready;
  return client;
}

/**
 * Becomes a member. The password only logs in: it opens no vault, and must not be the one that does.
 * Throws `member.bad-invitation`, `member.taken`, `keys.weak-password`.
 */
export async function signUp(
  connection: Connection,
  given: {
    readonly name?: string | undefined;
    readonly password: string;
    readonly invitation?: string | undefined;
    /** From `proveContact`. */
    readonly contact?: string | undefined;
    readonly platform: Platform;
  },
): Promise<Membership & { readonly name: string }> {
  const { password, platform, name: asked, invitation, contact } = given;
  checkNewPassword(password);
  const opaque = await loadOpaque();
  const { clientRegistrationState, registrationRequest } = opaque.startRegistration({ password });
  const { name, ticket, registration, registrationResponse } = await connection.call(
    "POST /v1/sign-up/start",
    {
      body: {
        registrationRequest,
        ...(asked === undefined ? {} : { name: asked }),
        ...(invitation === undefined ? {} : { invitation }),
        ...(contact === undefined ? {} : { contact }),
      },
    },
  );
  const { registrationRecord } = opaque.finishRegistration({
    password,
    clientRegistrationState,
    registrationResponse,
  });
  const { deviceSeed, device, signed } = await newDevice(connection, platform);
  const session = await signed.call("POST /v1/sign-up/finish", {
    body: { ticket, registration, registrationRecord, device },
  });
  return { ...session, deviceSeed, name };
}

/** Logs this device in. Throws `member.wrong-login`, `member.totp-needed`, `member.wrong-code`. */
export async function logIn(
  connection: Connection,
  {
    name,
    password,
    platform,
    totp,
  }: {
    readonly name: string;
    readonly password: string;
    readonly platform: Platform;
    /** Asks for the code of an authenticator app, where the member has one. */
    readonly totp?: () => Promise<string>;
  },
): Promise<Membership> {
  const opaque = await loadOpaque();
  const { clientLoginState, startLoginRequest } = opaque.startLogin({ password });
  const { ticket, loginResponse } = await connection.call("POST /v1/login/start", {
    body: { name, startLoginRequest },
  });
  const finished = opaque.finishLogin({ clientLoginState, loginResponse, password });
  if (finished === undefined) throw new KeepsakeError("member.wrong-login");
  const { deviceSeed, device, signed } = await newDevice(connection, platform);
  const { finishLoginRequest } = finished;
  const finish = (code?: string) =>
    signed.call("POST /v1/login/finish", {
      body: { ticket, finishLoginRequest, device, ...(code === undefined ? {} : { totp: code }) },
    });
  const session = await finish().catch(async (error: unknown) => {
    if (totp === undefined || !KeepsakeError.is(error, "member.totp-needed")) throw error;
    return finish(await totp());
  });
  return { ...session, deviceSeed };
}

/**
 * Changes the password of who is logged in; all other devices are logged out, and it is said how many. Throws
 * `keys.weak-password`.
 */
export async function changePassword(connection: Connection, password: string): Promise<number> {
  checkNewPassword(password);
  const opaque = await loadOpaque();
  const { clientRegistrationState, registrationRequest } = opaque.startRegistration({ password });
  const { ticket, registrationResponse } = await connection.call("POST /v1/password/start", {
    body: { registrationRequest },
  });
  const { registrationRecord } = opaque.finishRegistration({
    password,
    clientRegistrationState,
    registrationResponse,
  });
  const { ended } = await connection.call("POST /v1/password/finish", {
    body: { ticket, registrationRecord },
  });
  return ended;
}

/** A device that asks for a session: its key pair, what it says of itself, and a connection that it signs. */
export interface NewDevice {
  readonly deviceSeed: Bytes;
  readonly device: { readonly key: string; readonly platform: Platform };
  readonly signed: Connection;
}

export async function newDevice(connection: Connection, platform: Platform): Promise<NewDevice> {
  const { primitives } = connection;
  const deviceSeed = primitives.random(32);
  const device = { key: bytesToHex(await primitives.ed25519.publicKey(deviceSeed)), platform };
  return { deviceSeed, device, signed: connection.with({ deviceSeed, token: "" }) };
}
