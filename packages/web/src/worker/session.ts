import { KeepsakeError, systemClock, type Bytes, type Primitives } from "@keepsake/core/base";
import { browserPrimitives, type CachedStore } from "@keepsake/core/browser";
import { checkReceipt, Connection, followReceipt, passkeyOpens, serverStore } from "@keepsake/core/client";
import { chatCollections, HistoryView, loadHistory, RowReader, type History } from "@keepsake/core/history";
import { chatTitle } from "@keepsake/core/model";
import {
  hasNewerKeys,
  newestSnapshot,
  openVault,
  type Secret,
  type Snapshot,
  type Vault,
} from "@keepsake/core/vault";
import type { Store } from "@keepsake/core/store";
import { forgetCache, newCacheKey, withCache } from "./device/cache.ts";
import { lockSecrets, writeDevice, type KeptDevice, type Secrets } from "./device/device.ts";
import { readKept, writeKept } from "./device/kept.ts";
import { locked, unlocked, type Locked, type PasskeySecret } from "./device/lock.ts";
import { givesWeeks } from "./plan/kept.ts";
import { Reach } from "./reach.ts";

/** A history that is open for looking at. */
export interface Open {
  readonly vault: Vault;
  readonly snapshot: Snapshot;
  /** What is looked at: the newest version, unless somebody went back. */
  readonly history: History;
  readonly newest: History;
  readonly reader: RowReader;
  readonly view: HistoryView;
  /** Of no member: nothing that is done to it is kept. */
  readonly isSample: boolean;
}

/** Who is in: what is kept of them, what lies under the lock, and the key that it lies under. */
export interface Inside {
  readonly device: KeptDevice;
  readonly secrets: Secrets;
  readonly inner: Bytes;
  /** The passkey that somebody came in by. */
  readonly passkey?: PasskeySecret;
}

/** Who looks at a chat wants a segment, and soon; what is kept here is read in blocks anyway. */
const READ_AHEAD_BYTES = 0;

/** Who is here, and what is open. One a worker. */
export class Session {
  readonly #url: string;
  readonly reach: Reach = new Reach();
  #server: Store | undefined;
  #cache: CachedStore | undefined;
  #primitives: Promise<Primitives> | undefined;
  #language: "en" | "zh-CN" = "zh-CN";
  #inside: Inside | undefined;
  #open: Open | undefined;
  #locking = new AbortController();
  #written: Promise<void> = Promise.resolve();

  constructor(url: string) {
    this.#url = url;
  }

  primitives(): Promise<Primitives> {
    return (this.#primitives ??= browserPrimitives());
  }

  speak(language: "en" | "zh-CN"): void {
    this.#language = language;
  }

  /** A way to the server, with the credentials of who is logged in, if anybody is. */
  async connection(): Promise<Connection> {
    const secrets = this.#inside?.secrets;
    return new Connection({
      url: this.#url,
      primitives: await this.primitives(),
      language: this.#language,
      ...(secrets !== undefined && { credentials: secrets }),
    });
  }

  /** Throws `member.no-session` where nobody is logged in. */
  get device(): KeptDevice {
    return this.#in.device;
  }

  get secrets(): Secrets {
    return this.#in.secrets;
  }

  get #in(): Inside {
    if (this.#inside === undefined) throw new KeepsakeError("member.no-session");
    return this.#inside;
  }

  get isIn(): boolean {
    return this.#inside !== undefined;
  }

  /** Throws `web.locked` where none is open. */
  get open(): Open {
    if (this.#open === undefined) throw new KeepsakeError("web.locked");
    return this.#open;
  }

  get isOpen(): boolean {
    return this.#open !== undefined;
  }

  enter(inside: Inside): void {
    this.#inside = inside;
  }

  /** Changes what unlocks this browser. */
  async amendLock(change: (lock: Locked, inner: Bytes) => Locked | Promise<Locked>): Promise<void> {
    await this.amend({ lock: await change(this.device.lock, this.#in.inner) });
  }

  /** Keeps something more of this browser. */
  async amend(change: Partial<KeptDevice>): Promise<void> {
    const device = { ...this.device, ...change };
    this.#inside = { ...this.#in, device };
    // One after the other: what was changed last lies there last.
    this.#written = this.#written.catch(() => undefined).then(() => writeDevice(device));
    await this.#written;
  }

  /** Keeps other secrets under the lock, and with them something more of this browser. */
  async amendSecrets(change: Partial<Secrets>, more: Partial<KeptDevice> = {}): Promise<void> {
    const secrets = { ...this.secrets, ...change };
    this.#inside = { ...this.#in, secrets };
    const lock = await lockSecrets(this.device.lock, this.#in.inner, secrets);
    await this.amend({ ...more, lock });
  }

  /** Keeps something of a name that only who unlocks this browser can read. */
  async keepSealed(name: string, plain: Bytes): Promise<void> {
    const { sealed } = await locked(this.device.lock, this.#in.inner, plain);
    await writeKept(name, sealed);
  }

  /** What is kept of a name under the lock; undefined where there is nothing, or only what another member kept. */
  async readSealed(name: string): Promise<Bytes | undefined> {
    const sealed = await readKept<Bytes>(name);
    if (sealed === undefined) return undefined;
    return unlocked({ ...this.device.lock, sealed }, this.#in.inner).catch(() => undefined);
  }

  /** Aborts when what is open is locked. */
  get untilLocked(): AbortSignal {
    return this.#locking.signal;
  }

  /** Forgets what opens anything; what is kept stays. */
  lock(): void {
    this.#locking.abort();
    this.#locking = new AbortController();
    [this.#inside, this.#open] = [undefined, undefined];
    [this.#server, this.#cache] = [undefined, undefined];
  }

  /** The vault on the server as a store, with what this browser keeps of it. */
  async store(serverVault: string): Promise<Store> {
    const server = await this.#serverStore(serverVault);
    const key = this.device.cacheKey ?? (await newCacheKey());
    if (this.device.cacheKey === undefined) await this.amend({ cacheKey: key });
    [this.#server, this.#cache] = [server, await withCache(server, { vault: serverVault, key })];
    return this.#cache ?? server;
  }

  /** The vault that is open, past all that this browser keeps of it: for checks and copies. */
  get direct(): Vault {
    const { vault } = this.open;
    return { ...vault, store: this.#server ?? vault.store };
  }

  async #serverStore(serverVault: string): Promise<Store> {
    const [connection, primitives] = [await this.connection(), await this.primitives()];
    const store = serverStore({
      connection,
      vault: serverVault,
      isDirect: this.device.isDirect,
      givesWeeks: () => givesWeeks(this),
      onReceipt: async (receipt) => {
        const { receiptKey } = this.device;
        const checked = await checkReceipt(primitives, { receipt, receiptKey, vault: serverVault });
        await this.amend({ receipt: followReceipt(checked, this.device.receipt) });
      },
    });
    return this.reach.over(store);
  }

  /** Opens the vault by this browser's own key, or for reading by the passkey at hand. Throws what `openVault` throws. */
  openOwn(): Promise<Open> {
    return this.#unlessOut(() => this.#openOwn());
  }

  /** Who was taken out of the vault, or logged out elsewhere, keeps nothing of what was read: it may be a thief. */
  async #unlessOut<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      const isOut = KeepsakeError.is(error, "keys.replaced") || KeepsakeError.is(error, "member.no-session");
      if (isOut && this.isIn) {
        this.#cache = undefined;
        // Without its key nothing of it is readable, whatever is left of the files.
        await this.amend({ cacheKey: undefined });
        await forgetCache();
      }
      throw error;
    }
  }

  async #openOwn(): Promise<Open> {
    const { serverVault, anchor } = this.device;
    const primitives = await this.primitives();
    const secret = this.#ownSecret(primitives);
    if (serverVault === undefined || secret === undefined) throw new KeepsakeError("member.unknown-vault");
    const store = await this.store(serverVault);
    const { vault, snapshot } = await openVault({ primitives, store, clock: systemClock, secret, anchor });
    // Another device made a new card without the old one; the card that was checked here opens nothing any more.
    const { deviceKey } = this.secrets;
    if (vault.isNewAuthority && deviceKey !== undefined)
      await this.amendSecrets(
        { deviceKey: { ...deviceKey, authority: vault.document.authority } },
        { newCardMs: Date.now(), wordsCheckedMs: undefined },
      );
    return this.show(vault, snapshot);
  }

  /** Whether anything is at hand that could open the vault. */
  get canOpen(): boolean {
    return this.secrets.deviceKey !== undefined || this.#in.passkey !== undefined;
  }

  #ownSecret(primitives: Primitives): Secret | undefined {
    const { deviceKey } = this.secrets;
    const { passkey } = this.#in;
    if (deviceKey !== undefined) return { kind: "device", ...deviceKey };
    return passkey && passkeyOpens(primitives, passkey);
  }

  /** The open vault, opened by the recovery words. Throws `vault.wrong-key`, `keys.replaced`. */
  async openByWords(words: string): Promise<Vault> {
    const { vault: own } = this.open;
    const { primitives, store } = own;
    const { anchor } = this.device;
    const secret = { kind: "words", words } as const;
    const { vault } = await openVault({ primitives, store, clock: systemClock, secret, anchor });
    // This browser may write, the words may change keys: together both.
    return { ...vault, device: own.device };
  }

  /** Looks at a version of a vault from now on. */
  async show(vault: Vault, snapshot: Snapshot, isSample = false): Promise<Open> {
    const history = await loadHistory(vault, snapshot);
    const reader = new RowReader(history, undefined, READ_AHEAD_BYTES);
    const view = new HistoryView(reader);
    this.#open = { vault, snapshot, history, newest: history, reader, view, isSample };
    if (isSample) return this.#open;
    // What is kept must not be older than what this browser says that it saw: without a network that looks like a
    // server that went back.
    await this.#cache?.settle();
    const { number, hash } = snapshot.head;
    await this.amend({ anchor: { number, hash } });
    return this.#open;
  }

  /** Looks at a version, which is not made anything else by it. */
  look(history: History): Promise<void> {
    const reader = new RowReader(history, undefined, READ_AHEAD_BYTES);
    this.#open = { ...this.open, history, reader, view: new HistoryView(reader) };
    return Promise.resolve();
  }

  /** What chats are called, by their ids. */
  async titles(view: HistoryView): Promise<ReadonlyMap<string, string>> {
    const titles = new Map<string, string>();
    for (const collection of chatCollections(this.open.history)) {
      const described = await view.chat(collection);
      if (described === undefined) continue;
      const { chat, accounts } = described;
      titles.set(
        chat.id,
        chatTitle(chat, (id) => accounts.get(id)),
      );
    }
    return titles;
  }

  /**
   * The newest version, where there is a newer one than that which is open: whether there was. Throws `keys.replaced`
   * where this browser was taken out.
   */
  async refresh(): Promise<boolean> {
    return !this.open.isSample && this.#unlessOut(() => this.#refresh());
  }

  async #refresh(): Promise<boolean> {
    const { vault, snapshot } = this.open;
    if (await hasNewerKeys(vault)) {
      await this.openOwn();
      return true;
    }
    const { number, hash } = snapshot.head;
    const newest = await newestSnapshot(vault, { number, hash });
    if (newest.head.hash === hash) return false;
    await this.show(vault, newest);
    return true;
  }
}
