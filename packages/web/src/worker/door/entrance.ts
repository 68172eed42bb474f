import { KeepsakeError, systemClock } from "@keepsake/core/base";
import { addAccessKey, logIn, openGuarded, proveAccess, signUp } from "@keepsake/core/client";
import { emptyContentRoot, emptyRoot } from "@keepsake/core/history";
import { addDevice, createVault, nameDevice, openVault, wordsToSeed, type Vault } from "@keepsake/core/vault";
import { begin } from "./begin.ts";
import type { Session } from "../session.ts";
import { isTypedBack, type Answer } from "../typed-back.ts";
import type { Arrival, Door } from "./door.ts";
import { vaultsOnServer } from "./vaults.ts";

interface Login {
  readonly name: string;
  readonly password: string;
  /** Of an authenticator app, where one is needed. */
  readonly totp?: string;
}

/** Coming in for the first time: as a member, to this browser, to a vault. Loaded when somebody does. */
export class Entrance {
  readonly #session: Session;
  readonly #door: Door;

  constructor(session: Session, door: Door) {
    [this.#session, this.#door] = [session, door];
  }

  /** Becomes a member. Gives the name, which the server makes up where none is given. */
  async signUp(given: { name?: string; password: string; invitation?: string }): Promise<string> {
    const connection = await this.#session.connection();
    const { name, ...membership } = await signUp(connection, { ...given, platform: "web" });
    await begin(this.#session, membership, { name, by: { password: given.password } });
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
    await begin(this.#session, membership, { name, by: { password } });
    return this.#door.arrive();
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

  /** Whether the words in the asked places are right; from then on they are known to be kept, and here forgotten. */
  async checkWords(answers: readonly Answer[]): Promise<boolean> {
    const words = this.#door.words();
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

  async #vaultOnServer(): Promise<string> {
    const known = this.#session.device.serverVault;
    if (known !== undefined) return known;
    const [largest] = await vaultsOnServer(this.#session);
    if (largest === undefined) throw new KeepsakeError("member.unknown-vault");
    return largest;
  }
}
