import { KeepsakeError } from "@keepsake/core/base";
import { startGeneration } from "@keepsake/core/care";
import { describeServer, forgetGuards, setGuardedPassword } from "@keepsake/core/client";
import { setPassword, type Vault } from "@keepsake/core/vault";
import { innerByPassword } from "../device/lock.ts";
import type { Session } from "../session.ts";

/** What is known of the vault's own password. */
export interface VaultPasswordState {
  readonly isSet: boolean;
  /** Who counts the guesses: this server by itself, or others too, which no browser reaches; nobody where it is `off`. */
  readonly guards: "here" | "elsewhere" | "off";
}

/** The password that opens the vault wherever somebody logs in, of which guards limit the guesses. */
export class VaultPassword {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  async state(): Promise<VaultPasswordState> {
    const { vault } = this.#session.open;
    const { guards } = await describeServer(await this.#session.connection());
    return {
      isSet: vault.document.slots.some(({ kind }) => kind === "guarded"),
      guards: guards.length === 0 ? "off" : guards.every((url) => url === "") ? "here" : "elsewhere",
    };
  }

  /**
   * Sets the password, or removes it where none is given, by the recovery words; all keys are new from then on. `same`
   * where it is what unlocks this browser: then nothing was done. Throws `vault.wrong-key`, `keys.weak-password`,
   * `guard.off`.
   */
  async change({
    words,
    password,
  }: {
    readonly words: string;
    readonly password?: string | undefined;
  }): Promise<"forgotten" | "remembered" | "same"> {
    if (password !== undefined && (await this.#unlocks(password))) return "same";
    const vault = await this.#session.openByWords(words);
    const connection = await this.#session.connection();
    const { vault: changed, isForgotten } =
      password === undefined
        ? await this.#without(vault)
        : await setGuardedPassword(vault, connection, password);
    // Only a new generation makes the old password useless for what comes.
    await startGeneration(changed);
    await this.#session.openOwn();
    return isForgotten ? "forgotten" : "remembered";
  }

  async #without(vault: Vault): Promise<{ readonly vault: Vault; readonly isForgotten: boolean }> {
    const removed = await setPassword(vault, undefined);
    const connection = await this.#session.connection();
    const forgetting = vault.document.slots.map((slot) => forgetGuards(connection, slot));
    const isForgotten = (await Promise.allSettled(forgetting)).every(({ status }) => status === "fulfilled");
    return { vault: removed, isForgotten };
  }

  async #unlocks(password: string): Promise<boolean> {
    const { lock } = this.#session.device;
    try {
      await innerByPassword(await this.#session.primitives(), lock, password);
      return true;
    } catch (error) {
      if (KeepsakeError.is(error, "vault.wrong-key")) return false;
      throw error;
    }
  }
}
