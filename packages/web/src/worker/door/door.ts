import { KeepsakeError } from "@keepsake/core/base";
import { describeServer } from "@keepsake/core/client";
import { forgetDevice, readDevice, unlockSecrets, type KeptDevice } from "../device/device.ts";
import { innerByPassword } from "../device/lock.ts";
import type { Inside, Session } from "../session.ts";
import { vaultsOnServer } from "./vaults.ts";

/**
 * How far somebody has come: `new` to this browser, `locked`, logged in without a vault (`empty`) or in front of one
 * that this browser cannot open yet (`closed`), or `open`.
 */
type Standing = "new" | "locked" | "empty" | "closed" | "open";

export interface Arrival {
  readonly standing: Standing;
  /** The name to log in with, where it is known. */
  readonly name?: string;
  /** Whether recovery words wait here to be typed back. */
  readonly hasWords?: boolean;
  /** Whether what is open can be read and not added to: a passkey opened it. */
  readonly isReading?: boolean;
  /** Whether a passkey unlocks this browser. */
  readonly hasPasskey?: boolean;
  /** Whether a password unlocks this browser. */
  readonly hasPassword?: boolean;
  /** Whether the password that unlocks this browser is not that of the login. */
  readonly hasOwnPassword?: boolean;
}

/** What the server says of itself before anybody is in. */
export interface ServerTold {
  readonly admits: "invitation" | "open";
}

/** Coming in and going out, where somebody was in before. */
export class Door {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  async arrive(): Promise<Arrival> {
    const session = this.#session;
    if (session.isOpen) {
      const isReading = session.open.vault.device === undefined;
      return { standing: "open", isReading, ...(session.isIn && toldOf(session.device)) };
    }
    if (session.isIn) return this.#standing();
    const device = await readDevice();
    return device === undefined ? { standing: "new" } : { standing: "locked", ...toldOf(device) };
  }

  async server(): Promise<ServerTold> {
    return { admits: (await describeServer(await this.#session.connection())).signUp };
  }

  /** Opens what this browser keeps, and with it the vault on the server. Throws `vault.wrong-key`. */
  async unlock(password: string): Promise<Arrival> {
    const device = await readDevice();
    if (device === undefined) throw new KeepsakeError("member.no-session");
    const inner = await innerByPassword(await this.#session.primitives(), device.lock, password);
    return this.comeIn({ device, inner, secrets: await unlockSecrets(device.lock, inner) });
  }

  /** What follows on unlocking: the vault is opened, where anything at hand does. */
  async comeIn(inside: Inside): Promise<Arrival> {
    this.#session.enter(inside);
    return this.goOn();
  }

  /** Opens the vault where anything at hand does, and says how far that is. */
  async goOn(): Promise<Arrival> {
    const session = this.#session;
    if (session.canOpen) await this.#openOwn();
    return this.arrive();
  }

  /** The words of a vault that was made here, as long as they were not typed back. */
  words(): readonly string[] {
    return this.#session.isIn ? (this.#session.secrets.words ?? []) : [];
  }

  lock(): void {
    this.#session.lock();
  }

  /** Logs out, and has the browser forget this member. */
  async leave(): Promise<void> {
    const { session: id } = this.#session.device;
    const connection = await this.#session.connection();
    await connection.call("DELETE /v1/devices/{id}", { params: { id } }).catch(() => undefined);
    await this.abandon();
  }

  /** Has the browser forget a member whose password is forgotten too. */
  async abandon(): Promise<void> {
    await forgetDevice();
    this.lock();
  }

  /** A vault that was cut off before it came to be is none: another is made. */
  async #openOwn(): Promise<void> {
    const session = this.#session;
    try {
      if (session.device.serverVault === undefined) {
        const [serverVault] = await vaultsOnServer(session);
        if (serverVault === undefined) return;
        await session.amend({ serverVault });
      }
      await session.openOwn();
    } catch (error) {
      // A passkey that logs in and is none of the vault's, or was taken out of it.
      const isNone = KeepsakeError.is(error, "vault.wrong-key") || KeepsakeError.is(error, "keys.replaced");
      if (isNone && session.secrets.deviceKey === undefined) return;
      const { hasWords = false, serverVault, cutOff = [] } = session.device;
      if (!KeepsakeError.is(error, "vault.not-found") || !hasWords || serverVault === undefined) throw error;
      await session.amendSecrets(
        { words: undefined, deviceKey: undefined },
        { serverVault: undefined, hasWords: false, cutOff: [...cutOff, serverVault] },
      );
    }
  }

  async #standing(): Promise<Arrival> {
    const isThere = (await vaultsOnServer(this.#session)).length > 0;
    return { standing: isThere ? "closed" : "empty", ...toldOf(this.#session.device) };
  }
}

function toldOf({
  name,
  hasWords = false,
  hasOwnPassword = false,
  lock,
}: KeptDevice): Omit<Arrival, "standing"> {
  const hasPassword = lock.byPassword !== undefined;
  return { name, hasWords, hasOwnPassword, hasPassword, hasPasskey: lock.byPasskeys.length > 0 };
}
