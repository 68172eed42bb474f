import { KeepsakeError } from "@keepsake/core/base";
import { startGeneration } from "@keepsake/core/care";
import { changePassword, replaceAccessKey } from "@keepsake/core/client";
import { replaceWords, rescueVault, revokeDevice, wordsToSeed, type Vault } from "@keepsake/core/vault";
import { innerByPasskey, innerByPassword, withPassword } from "../device/lock.ts";
import { askOwnPasskey, type PageAuthenticator } from "../device/passkey.ts";
import type { Session } from "../session.ts";
import { isTypedBack, type Answer } from "../typed-back.ts";

/** A new recovery card that was not typed back yet: nothing of it is stored. */
interface NewCard {
  readonly words: readonly string[];
  /** The words that it takes the place of, where they are not lost. */
  readonly before: string | undefined;
  readonly store: () => void;
  readonly drop: () => void;
  readonly storing: Promise<unknown>;
}

/** What people do with their keys. */
export class KeyChanges {
  readonly #session: Session;
  #card: NewCard | undefined;

  constructor(session: Session) {
    this.#session = session;
  }

  /** Whether these words open the vault: that somebody still has the recovery card. Throws `vault.wrong-key`. */
  async checkCard(words: string): Promise<void> {
    const vault = await this.#session.openByWords(words);
    if (this.#session.device.isCardChanging === true) await this.#put(vault, words, undefined);
    else await this.#session.amend({ wordsCheckedMs: Date.now(), newCardMs: undefined });
  }

  /**
   * The words of a new recovery card: by those of the old one, or, where it is lost, by this browser and what unlocks
   * it: the password, or a passkey, where there is no password. The old one counts until the new ones were typed back. Throws `vault.wrong-key`, `keys.replaced`.
   */
  async newCard(
    given: { readonly words: string } | { readonly password: string | undefined },
    language: "zh" | "en",
    page: PageAuthenticator,
  ): Promise<readonly string[]> {
    this.dropCard();
    const typed = Promise.withResolvers<void>();
    const made = Promise.withResolvers<readonly string[]>();
    const handOver = (words: readonly string[]): Promise<void> => {
      made.resolve(words);
      return typed.promise;
    };
    const before = "words" in given ? given.words : undefined;
    const storing =
      "words" in given
        ? replaceWords(await this.#session.openByWords(given.words), language, handOver)
        : rescueVault(await this.#ownVault(given.password, page), language, handOver);
    storing.catch(made.reject);
    const words = await made.promise;
    const drop = (): void => typed.reject(new KeepsakeError("base.aborted"));
    this.#card = { words, before, storing, store: typed.resolve, drop };
    return words;
  }

  /**
   * Whether the words in the asked places are right; then the new card counts, and the old one opens nothing that is
   * written from now on. Cut off, it is asked again. Throws `web.card-unchanged`.
   */
  async typeBackCard(answers: readonly Answer[]): Promise<boolean> {
    const card = this.#card;
    if (card === undefined || !isTypedBack(card.words, answers)) return false;
    await this.#session.amend({ isCardChanging: true });
    card.store();
    // Whatever became of it: whether the words open the vault is what counts.
    await card.storing.catch(() => undefined);
    const words = card.words.join(" ");
    const vault = await this.#session.openByWords(words).catch(async (error: unknown) => {
      if (!KeepsakeError.is(error, "vault.wrong-key")) throw error;
      this.#card = undefined;
      await this.#session.amend({ isCardChanging: false });
      throw new KeepsakeError("web.card-unchanged", { cause: error });
    });
    await this.#put(vault, words, card.before);
    this.#card = undefined;
    return true;
  }

  /** Gives a new card up that was not typed back. */
  dropCard(): void {
    this.#card?.drop();
    this.#card = undefined;
  }

  /**
   * Takes a device out of the vault, with all keys new, and logs it out where it is known which login is its.
   * Throws `vault.wrong-key`.
   */
  async revoke({ writer, words, login }: Revoking): Promise<void> {
    const session = this.#session;
    const vault = await session.openByWords(words);
    if (login !== undefined) {
      const connection = await session.connection();
      await connection.call("DELETE /v1/devices/{id}", { params: { id: login } }).catch((error: unknown) => {
        if (!KeepsakeError.is(error, "request.not-found")) throw error;
      });
    }
    const device = vault.document.devices.find((each) => each.writer === writer);
    const isOut = device?.revokedFrom !== undefined;
    await startGeneration(isOut ? vault : await revokeDevice(vault, writer));
    await session.openOwn();
  }

  /**
   * Changes the password of the login, by the one that unlocks this browser; where they are the same, it stays so. All
   * other devices are logged out: gives how many. Throws `vault.wrong-key`, `keys.weak-password`.
   */
  async changeLoginPassword({
    current,
    next,
  }: {
    readonly current: string;
    readonly next: string;
  }): Promise<number> {
    const session = this.#session;
    const primitives = await session.primitives();
    const { lock, hasOwnPassword } = session.device;
    await innerByPassword(primitives, lock, current);
    const ended = await changePassword(await session.connection(), next);
    if (hasOwnPassword !== true)
      await session.amendLock((kept, inner) => withPassword(primitives, kept, { inner, password: next }));
    return ended;
  }

  /** The vault as this browser has it open, for somebody who has what unlocks it. */
  async #ownVault(password: string | undefined, page: PageAuthenticator): Promise<Vault> {
    const session = this.#session;
    const primitives = await session.primitives();
    const { lock } = session.device;
    if (password === undefined)
      await innerByPasskey(primitives, lock, await askOwnPasskey(primitives, lock, page));
    else await innerByPassword(primitives, lock, password);
    await session.refresh();
    return session.open.vault;
  }

  /** What makes the words of a card the only ones: a new generation of keys, and no other words at the server. */
  async #put(vault: Vault, words: string, before: string | undefined): Promise<void> {
    const session = this.#session;
    await startGeneration(vault);
    await replaceAccessKey(await session.connection(), {
      seed: await wordsToSeed(words),
      before: before === undefined ? undefined : await wordsToSeed(before),
    });
    const { authority } = vault.document;
    const { deviceKey } = session.secrets;
    if (deviceKey !== undefined) await session.amendSecrets({ deviceKey: { ...deviceKey, authority } });
    await session.openOwn();
    await session.amend({ wordsCheckedMs: Date.now(), isCardChanging: false, newCardMs: undefined });
  }
}

interface Revoking {
  /** The number of the device in the vault. */
  readonly writer: number;
  readonly words: string;
  /** Its login, where it is known. */
  readonly login?: string | undefined;
}
