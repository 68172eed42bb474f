import { KeepsakeError } from "@keepsake/core/base";
import { startGeneration } from "@keepsake/core/care";
import {
  addPasskey,
  askPasskey,
  isSlotOf,
  logInByPasskey,
  passkeySalt,
  putPasskey,
  type Membership,
} from "@keepsake/core/client";
import { checkNewPassword, dropSlots } from "@keepsake/core/vault";
import { readDevice, unlockSecrets } from "../device/device.ts";
import { innerByPasskey, withoutPasskey, withPasskey } from "../device/lock.ts";
import { asked, askOwnPasskey, type PageAuthenticator } from "../device/passkey.ts";
import { begin } from "../door/begin.ts";
import type { Session } from "../session.ts";
import type { Arrival, Door } from "../door/door.ts";

/** A passkey as the page lists it. */
export interface PasskeyLine {
  readonly id: string;
  readonly addedMs: number;
  readonly usedMs: number;
  /** Whether it unlocks this browser. */
  readonly unlocks: boolean;
  /** Whether it opens the vault, for reading. */
  readonly opens: boolean;
}

/** What a new passkey is good for. */
export interface PasskeyAdded {
  readonly unlocks: boolean;
  readonly opens: boolean;
}

/** Passkeys: they log in, and those that can derive something unlock this browser and open the vault for reading. */
export class Passkeys {
  readonly #session: Session;
  readonly #door: Door;
  /** A login by a passkey that unlocks nothing, until there is a password for this browser. */
  #waiting: Membership | undefined;

  constructor(session: Session, door: Door) {
    this.#session = session;
    this.#door = door;
  }

  async list(): Promise<readonly PasskeyLine[]> {
    const session = this.#session;
    const { passkeys } = await (await session.connection()).call("GET /v1/passkeys");
    const { slots } = session.open.vault.document;
    const { byPasskeys } = session.device.lock;
    return passkeys.map((passkey) => ({
      ...passkey,
      unlocks: byPasskeys.some(({ id }) => id === passkey.id),
      opens: slots.some((slot) => isSlotOf(slot, passkey.id)),
    }));
  }

  /** Makes a passkey; with the recovery words, one that may open the vault for reading. Throws `vault.wrong-key`. */
  async add(page: PageAuthenticator, words: string): Promise<PasskeyAdded> {
    const session = this.#session;
    const primitives = await session.primitives();
    const vault = words.trim() === "" ? undefined : await session.openByWords(words);
    const authenticator = asked(page);
    const salt = passkeySalt(primitives);
    const { id, secret: atOnce } = await addPasskey(await session.connection(), { authenticator, salt });
    // Most derive nothing while they are made.
    const secret = atOnce ?? (await askPasskey(primitives, { authenticator, ids: [id] })).secret;
    if (secret === undefined) return { unlocks: false, opens: false };
    const passkey = { id, secret };
    await session.amendLock((lock, inner) => withPasskey(primitives, lock, { inner, passkey }));
    if (vault === undefined) return { unlocks: true, opens: false };
    await putPasskey(vault, passkey);
    await session.openOwn();
    return { unlocks: true, opens: true };
  }

  /**
   * Takes a passkey away: it logs in no more, and unlocks no more. One that opens the vault takes the recovery words, and
   * new keys. Throws `keys.no-authority`, `vault.wrong-key`.
   */
  async remove(id: string, words: string): Promise<void> {
    const session = this.#session;
    const opens = session.open.vault.document.slots.some((slot) => isSlotOf(slot, id));
    if (opens) {
      const vault = await session.openByWords(words);
      await startGeneration(await dropSlots(vault, (slot) => isSlotOf(slot, id)));
      await session.openOwn();
    }
    await session.amendLock((lock) => withoutPasskey(lock, id));
    const connection = await session.connection();
    await connection.call("POST /v1/passkeys/remove", { body: { id } });
  }

  /** Unlocks this browser by a passkey. Throws `vault.wrong-key`, `web.no-passkey`. */
  async unlock(page: PageAuthenticator): Promise<Arrival> {
    const device = await readDevice();
    if (device === undefined) throw new KeepsakeError("member.no-session");
    const primitives = await this.#session.primitives();
    const passkey = await askOwnPasskey(primitives, device.lock, page);
    const inner = await innerByPasskey(primitives, device.lock, passkey);
    return this.#door.comeIn({ device, inner, passkey, secrets: await unlockSecrets(device.lock, inner) });
  }

  /**
   * Logs in by a passkey, and opens the vault by it where it can. Undefined where it derives nothing: then this browser
   * needs a password of its own. Throws `member.bad-passkey`, `web.no-passkey`.
   */
  async logIn(page: PageAuthenticator): Promise<Arrival | undefined> {
    const session = this.#session;
    const primitives = await session.primitives();
    const { membership, passkey } = await logInByPasskey(await session.connection(), {
      authenticator: asked(page),
      platform: "web",
      salt: passkeySalt(primitives),
    });
    const { id, secret } = passkey;
    if (secret === undefined) {
      this.#waiting = membership;
      return undefined;
    }
    await begin(session, membership, { name: "", by: { passkey: { id, secret } } });
    return this.#door.goOn();
  }

  /** Keeps the login that waits for it under a password of this browser. Throws `keys.weak-password`. */
  async keepBy(password: string): Promise<Arrival> {
    if (this.#waiting === undefined) throw new KeepsakeError("member.no-session");
    checkNewPassword(password);
    const more = { hasOwnPassword: true };
    await begin(this.#session, this.#waiting, { name: "", by: { password }, more });
    this.#waiting = undefined;
    return this.#door.goOn();
  }
}
