import { KeepsakeError, systemClock } from "@keepsake/core/base";
import { addAccessKey, describeServer, logIn, openGuarded, proveAccess, signUp } from "@keepsake/core/client";
import { emptyContentRoot, emptyRoot } from "@keepsake/core/history";
import { addDevice, createVault, nameDevice, openVault, wordsToSeed, type Vault } from "@keepsake/core/vault";
import { forgetDevice, readDevice, unlockSecrets, type KeptDevice } from "../device/device.ts";
import { innerByPassword } from "../device/lock.ts";
import type { Inside, Session } from "../session.ts";
import { isTypedBack, type Answer } from "../typed-back.ts";

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

interface Login {
  readonly name: string;
  readonly password: string;
  /** Of an authenticator app, where one is needed. */
  readonly totp?: string;
}

/** Coming in and going out. */
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

  /** Becomes a member. Gives the name, which the server makes up where none is given. */
  async signUp(given: { name?: string; password: string; invitation?: string }): Promise<string> {
    const connection = await this.#session.connection();
    const { name, ...membership } = await signUp(connection, { ...given, platform: "web" });
    await this.#session.begin(membership, { name, by: { password: given.password } });
    return name;
  }

  async logIn({ name, password, totp }: Login): Promise<Arrival> {
    const connection = await this.#session.connection();
    const membership = await logIn(connection, {
      name,
      password,
      platform: "web",
      ...(totp !== undefined && { totp: () => Promise.resolve(totp) }),
    });
    await this.#session.begin(membership, { name, by: { password } });
    return this.#standing();
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

  /** Makes the member's vault; its recovery words lie under the lock until they were typed back. */
  async makeVault(options: { deviceName: string; language: "zh" | "en" }): Promise<void> {
    const session = this.#session;
    const connection = await session.connection();
    const { vault: serverVault } = await connection.call("POST /v1/vaults");
    const primitives = await session.primitives();
    const made = await createVault({
      primitives,
      store: await session.store(serverVault),
      clock: systemClock,
      language: options.language,
      deviceName: options.deviceName,
      emptyRoot,
      emptyContentRoot: emptyContentRoot(primitives),
      // Before there is a vault: from then on no page that goes away takes the only words along.
      showWords: (words, deviceKey) =>
        session.amendSecrets({ words, deviceKey }, { serverVault, hasWords: true }),
    });
    await session.show(made.vault, made.snapshot);
  }

  /** The words of a vault that was made here, as long as they were not typed back. */
  words(): readonly string[] {
    return this.#session.isIn ? (this.#session.secrets.words ?? []) : [];
  }

  /** Whether the words in the asked places are right; from then on they are known to be kept, and here forgotten. */
  async checkWords(answers: readonly Answer[]): Promise<boolean> {
    const words = this.words();
    if (!isTypedBack(words, answers)) return false;
    const seed = await wordsToSeed(words.join(" "));
    await addAccessKey(await this.#session.connection(), { seed, kind: "words" });
    await this.#session.amendSecrets({ words: undefined }, { wordsCheckedMs: Date.now(), hasWords: false });
    return true;
  }

  /** Opens the vault in this browser for the first time, by the recovery words or a password of the vault's own. */
  async enter(given: { words: string } | { vaultPassword: string }, deviceName: string): Promise<void> {
    const session = this.#session;
    const connection = await session.connection();
    const serverVault = await this.#vaultOnServer();
    if ("words" in given) await this.#beFull(given.words);
    const options = {
      primitives: await session.primitives(),
      store: await session.store(serverVault),
      clock: systemClock,
    };
    const opened =
      "words" in given
        ? await openVault({ ...options, secret: { kind: "words", words: given.words } })
        : await openGuarded(connection, { ...options, password: given.vaultPassword });
    await this.#becomeDevice(opened.vault, { serverVault, deviceName });
    if ("words" in given) await session.amend({ wordsCheckedMs: Date.now() });
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
        const [serverVault] = await this.#vaultsOnServer();
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

  async #becomeDevice(opened: Vault, about: { serverVault: string; deviceName: string }): Promise<void> {
    const { vault, deviceKey } = await addDevice(opened);
    await nameDevice(vault, vault.device!.writer, about.deviceName);
    await this.#session.amendSecrets({ deviceKey }, { serverVault: about.serverVault });
    await this.#session.openOwn();
  }

  /** A login that may not read yet becomes full by what opens the vault. */
  async #beFull(words: string): Promise<void> {
    const { session: id, fullFromMs } = this.#session.device;
    if (fullFromMs <= Date.now()) return;
    const seed = await wordsToSeed(words);
    await proveAccess(await this.#session.connection(), { session: id, seed });
    await this.#session.amend({ fullFromMs: 0 });
  }

  async #standing(): Promise<Arrival> {
    const isThere = (await this.#vaultsOnServer()).length > 0;
    return { standing: isThere ? "closed" : "empty", ...toldOf(this.#session.device) };
  }

  async #vaultOnServer(): Promise<string> {
    const known = this.#session.device.serverVault;
    if (known !== undefined) return known;
    const [largest] = await this.#vaultsOnServer();
    if (largest === undefined) throw new KeepsakeError("member.unknown-vault");
    return largest;
  }

  /** The vaults that hold something, the largest first. */
  async #vaultsOnServer(): Promise<readonly string[]> {
    const { cutOff = [] } = this.#session.device;
    const { vaults } = await (await this.#session.connection()).call("GET /v1/vaults");
    const found = vaults.filter(({ id, receipts }) => receipts > 0 && !cutOff.includes(id));
    return found.toSorted((a, b) => b.usedBytes - a.usedBytes).map(({ id }) => id);
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
