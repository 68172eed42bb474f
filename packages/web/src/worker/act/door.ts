import { KeepsakeError, systemClock } from "@keepsake/core/base";
import {
  addAccessKey,
  describeServer,
  logIn,
  openGuarded,
  proveAccess,
  signUp,
  type Membership,
} from "@keepsake/core/client";
import { emptyContentRoot, emptyRoot } from "@keepsake/core/history";
import { addDevice, createVault, nameDevice, openVault, wordsToSeed, type Vault } from "@keepsake/core/vault";
import {
  forgetDevice,
  lockSecrets,
  readDevice,
  secretsOf,
  unlockSecrets,
  writeDevice,
} from "../device/device.ts";
import type { Session } from "../session.ts";

/**
 * How far somebody has come: `new` to this browser, `locked`, logged in without a vault (`empty`) or in front of one
 * that this browser cannot open yet (`closed`), or `open`.
 */
type Standing = "new" | "locked" | "empty" | "closed" | "open";

export interface Arrival {
  readonly standing: Standing;
  /** The name to log in with, where it is known. */
  readonly name?: string;
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
  /** The words of a vault that was just made, until they were typed back. */
  #words: readonly string[] = [];
  #password = "";

  constructor(session: Session) {
    this.#session = session;
  }

  async arrive(): Promise<Arrival> {
    const session = this.#session;
    if (session.isOpen) return { standing: "open", ...(session.isIn && { name: session.device.name }) };
    if (session.isIn) return this.#standing();
    const device = await readDevice();
    return device === undefined ? { standing: "new" } : { standing: "locked", name: device.name };
  }

  async server(): Promise<ServerTold> {
    return { admits: (await describeServer(await this.#session.connection())).signUp };
  }

  /** Becomes a member. Gives the name, which the server makes up where none is given. */
  async signUp(given: { name?: string; password: string; invitation?: string }): Promise<string> {
    const connection = await this.#session.connection();
    const { name, ...membership } = await signUp(connection, { ...given, platform: "web" });
    await this.#keep({ name, password: given.password, membership });
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
    await this.#keep({ name, password, membership });
    return this.#standing();
  }

  /** Opens what this browser keeps, and with it the vault on the server. Throws `vault.wrong-key`. */
  async unlock(password: string): Promise<Arrival> {
    const device = await readDevice();
    if (device === undefined) throw new KeepsakeError("member.no-session");
    const secrets = await unlockSecrets(await this.#session.primitives(), password, device);
    this.#session.enter(device, secrets);
    this.#password = password;
    if (secrets.deviceKey === undefined) return this.#standing();
    await this.#session.openOwn();
    return this.arrive();
  }

  /** Makes the member's vault; gives the recovery words, which are to be typed back. */
  async makeVault(options: { deviceName: string; language: "zh" | "en" }): Promise<readonly string[]> {
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
    });
    this.#words = made.words;
    await this.#keepKey(serverVault, made.deviceKey);
    await session.show(made.vault, made.snapshot);
    await addAccessKey(connection, { seed: await wordsToSeed(made.words.join(" ")), kind: "words" });
    return made.words;
  }

  /** The words that were shown, as long as they were not typed back. */
  words(): readonly string[] {
    return this.#words;
  }

  /** Whether the words in the asked places are right; from then on they are known to be kept, and here forgotten. */
  async checkWords(answers: readonly { place: number; word: string }[]): Promise<boolean> {
    const isRight = answers.every(({ place, word }) => this.#words[place] === word.trim().toLowerCase());
    if (!isRight || this.#words.length === 0) return false;
    this.#words = [];
    await this.#session.amend({ wordsCheckedMs: Date.now() });
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
    this.#forget();
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

  #forget(): void {
    [this.#words, this.#password] = [[], ""];
  }

  async #keep({ name, password, membership }: Login & { readonly membership: Membership }): Promise<void> {
    const session = this.#session;
    const primitives = await session.primitives();
    const { receiptKey, isDirect } = await describeServer(await session.connection());
    const secrets = secretsOf(membership);
    const { member, session: id, fullFromMs } = membership;
    const lock = await lockSecrets(primitives, password, secrets);
    const device = { name, member, session: id, fullFromMs, receiptKey, isDirect, lock };
    await writeDevice(device);
    session.enter(device, secrets);
    this.#password = password;
  }

  /** Keeps the key by which this browser opens the vault, under the password that was just given. */
  async #keepKey(
    serverVault: string,
    deviceKey: { seed: Uint8Array<ArrayBuffer>; authority: string },
  ): Promise<void> {
    const session = this.#session;
    const secrets = { ...session.secrets, deviceKey };
    const lock = await lockSecrets(await session.primitives(), this.#password, secrets);
    session.enter(session.device, secrets);
    await session.amend({ serverVault, lock });
  }

  async #becomeDevice(opened: Vault, about: { serverVault: string; deviceName: string }): Promise<void> {
    const { vault, deviceKey } = await addDevice(opened);
    await nameDevice(vault, vault.device!.writer, about.deviceName);
    await this.#keepKey(about.serverVault, deviceKey);
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
    const { name } = this.#session.device;
    const { vaults } = await (await this.#session.connection()).call("GET /v1/vaults");
    return { standing: vaults.some(({ receipts }) => receipts > 0) ? "closed" : "empty", name };
  }

  async #vaultOnServer(): Promise<string> {
    const known = this.#session.device.serverVault;
    if (known !== undefined) return known;
    const { vaults } = await (await this.#session.connection()).call("GET /v1/vaults");
    const found = vaults.filter(({ receipts }) => receipts > 0);
    if (found.length === 0) throw new KeepsakeError("member.unknown-vault");
    return found.toSorted((a, b) => b.usedBytes - a.usedBytes)[0]!.id;
  }
}
